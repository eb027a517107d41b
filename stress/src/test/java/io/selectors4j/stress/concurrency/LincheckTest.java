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

/// The outcomes of concurrent operations equal the outcomes of a sequential order: register, modify, unregister,
/// lookups, polls, wakeups and close. So the key table with its lock and its lock-free reads is linearizable.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class LincheckTest {

    private static final RunCounts COUNTS = new RunCounts("lincheck");

    /// The number of runs of each scenario.
    private static final int RUNS = 50;

    /// The number of scenarios that fit into some percent of the time budget.
    private static final int SCENARIOS = Math.max(8, (int) (Budget.duration(1).toMillis() / (10 * RUNS)));

    /// Calls that are paired with each other on one object, registered and unregistered.
    private static final List<Actor> CALLS = List.of(
            actor("register", 1, 3),
            actor("modify", 1, SelectorOperations.PAUSE),
            actor("unregister", 1),
            actor("getKey", 1),
            actor("lookUp", 1),
            actor("selectNow"),
            actor("close"));

    private static final List<Actor> AFTER = List.of(actor("getKey", 1), actor("selectNow"));

    private static Actor actor(String name, Object... arguments) {
        Method method = Arrays.stream(SelectorOperations.class.getMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return new Actor(method, List.of(arguments));
    }

    private static boolean isSingleThreaded(Actor actor) {
        return !actor.getMethod()
                .getAnnotation(Operation.class)
                .nonParallelGroup()
                .isEmpty();
    }

    private static void checkPairs(Class<? extends SelectorOperations> operations) {
        ModelCheckingOptions options = modelChecking().iterations(0);
        int scenarios = 0;
        for (int i = 0; i < CALLS.size(); i++) {
            for (int j = isSingleThreaded(CALLS.get(i)) ? i + 1 : i; j < CALLS.size(); j++) {
                List<List<Actor>> pair = List.of(List.of(CALLS.get(i)), List.of(CALLS.get(j)));
                for (List<Actor> before : List.of(List.of(actor("register", 1, 2)), List.<Actor>of())) {
                    options.addCustomScenario(new ExecutionScenario(before, pair, AFTER, null));
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
        // loops are longer than Lincheck expects: a table has 64 entries
        return new ModelCheckingOptions().loopIterationsBeforeThreadSwitch(100).loopBound(1000);
    }

    @Test
    void modelChecking_isLinearizable() {
        check(modelChecking().iterations(SCENARIOS), SCENARIOS, SelectorOperations.Copying.class);
    }

    @Test
    void modelCheckingOnLiveKernel_isLinearizable() {
        check(modelChecking().iterations(SCENARIOS), SCENARIOS, SelectorOperations.Live.class);
    }

    @Test
    void anyTwoCalls_areLinearizable() {
        checkPairs(SelectorOperations.Copying.class);
    }

    @Test
    void anyTwoCallsOnLiveKernel_areLinearizable() {
        checkPairs(SelectorOperations.Live.class);
    }

    @Test
    void freelyRunningThreads_areLinearizable() {
        check(new StressOptions().iterations(SCENARIOS), SCENARIOS, SelectorOperations.Live.class);
    }
}
