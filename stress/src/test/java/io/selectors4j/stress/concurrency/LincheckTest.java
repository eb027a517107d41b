package io.selectors4j.stress.concurrency;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever several threads do to a selector at once gives what it would give one after the other, in some order:
/// register, modify, unregister, lookups, looks, wake-ups and close. So the key table, with the lock that guards it and
/// the reads that do without, is one thing to all of them.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class LincheckTest {

    private static final RunCounts COUNTS = new RunCounts("lincheck");

    /// How many times each scenario is run.
    private static final int RUNS = 50;

    /// How many scenarios fit into some percent of the time.
    private static final int SCENARIOS = Math.max(8, (int) (Budget.duration(1).toMillis() / (10 * RUNS)));

    /// What is done to one object in every pair, where it is registered and where it is not.
    private static final List<Actor> PAIRED = List.of(
            actor("register", 1, 3),
            actor("modify", 1, SelectorOperations.PAUSE),
            actor("unregister", 1),
            actor("getKey", 1),
            actor("lookUp", 1),
            actor("selectNow"),
            actor("close"));

    private static final List<Actor> AFTERWARDS = List.of(actor("getKey", 1), actor("selectNow"));

    private static Actor actor(String name, Object... arguments) {
        Method method = Arrays.stream(SelectorOperations.class.getMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return new Actor(method, List.of(arguments));
    }

    private static boolean isOneThreads(Actor actor) {
        return !actor.getMethod()
                .getAnnotation(Operation.class)
                .nonParallelGroup()
                .isEmpty();
    }

    private static void checkPairs(Class<? extends SelectorOperations> operations) {
        ModelCheckingOptions options = modelChecking().iterations(0);
        int scenarios = 0;
        for (int i = 0; i < PAIRED.size(); i++) {
            for (int j = isOneThreads(PAIRED.get(i)) ? i + 1 : i; j < PAIRED.size(); j++) {
                List<List<Actor>> pair = List.of(List.of(PAIRED.get(i)), List.of(PAIRED.get(j)));
                for (List<Actor> before : List.of(List.of(actor("register", 1, 2)), List.<Actor>of())) {
                    options.addCustomScenario(new ExecutionScenario(before, pair, AFTERWARDS, null));
                    scenarios++;
                }
            }
        }
        check(options, scenarios, operations);
    }

    private static <O extends Options<O, ?>> void check(
            O options, int scenarios, Class<? extends SelectorOperations> operations) {
        options.sequentialSpecification(SelectorSpecification.class)
                .threads(2)
                .actorsPerThread(3)
                .invocationsPerIteration(RUNS)
                .check(operations);
        COUNTS.add("scenarios", scenarios);
        COUNTS.add("runs of them", (long) scenarios * RUNS);
    }

    private static ModelCheckingOptions modelChecking() {
        // loops are longer than it expects: a table has 64 places
        return new ModelCheckingOptions().loopIterationsBeforeThreadSwitch(100).loopBound(1000);
    }

    @Test
    void allOrdersOfStepsGiveWhatOneAfterTheOtherGives() {
        check(modelChecking().iterations(SCENARIOS), SCENARIOS, SelectorOperations.Copying.class);
    }

    @Test
    void allOrdersOfStepsGiveItWithALiveKernelToo() {
        check(modelChecking().iterations(SCENARIOS), SCENARIOS, SelectorOperations.Live.class);
    }

    @Test
    void anyTwoCallsGiveIt() {
        checkPairs(SelectorOperations.Copying.class);
    }

    @Test
    void anyTwoCallsGiveItWithALiveKernelToo() {
        checkPairs(SelectorOperations.Live.class);
    }

    @Test
    void threadsThatRunFreelyGiveIt() {
        check(new StressOptions().iterations(SCENARIOS), SCENARIOS, SelectorOperations.Live.class);
    }
}
