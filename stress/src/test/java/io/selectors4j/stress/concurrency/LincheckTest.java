package io.selectors4j.stress.concurrency;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Tally;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever several threads do to a selector at once gives what it would give one after the other, in some order: register, modify,
/// unregister, lookups, looks, wake-ups and close. So the key table, with the lock that guards it and the reads that do without, is one
/// thing to all of them.
@Timeout(7200)
class LincheckTest {

    private static final Tally TALLY = new Tally("lincheck");

    /// How many times each scenario is run.
    private static final int RUNS = 50;

    /// How many scenarios fit into some percent of the time.
    private static final int SCENARIOS = Math.max(8, (int) (Budget.duration(3).toMillis() / (10 * RUNS)));

    private static <O extends Options<O, ?>> void check(O options, Class<? extends SelectorOperations> operations) {
        options.sequentialSpecification(SelectorSpecification.class)
                .threads(2)
                .actorsPerThread(3)
                .iterations(SCENARIOS)
                .invocationsPerIteration(RUNS)
                .check(operations);
        TALLY.add("scenarios", SCENARIOS);
        TALLY.add("runs of them", (long) SCENARIOS * RUNS);
    }

    private static ModelCheckingOptions modelChecking() {
        // loops are longer than it expects: a table has 64 places
        return new ModelCheckingOptions().loopIterationsBeforeThreadSwitch(100).loopBound(1000);
    }

    @Test
    void allOrdersOfStepsGiveWhatOneAfterTheOtherGives() {
        check(modelChecking(), SelectorOperations.Copying.class);
    }

    @Test
    void allOrdersOfStepsGiveItWithALiveKernelToo() {
        check(modelChecking(), SelectorOperations.Live.class);
    }

    @Test
    void threadsThatRunFreelyGiveIt() {
        check(new StressOptions(), SelectorOperations.Live.class);
    }
}
