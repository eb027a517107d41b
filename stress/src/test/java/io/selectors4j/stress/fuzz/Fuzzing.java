package io.selectors4j.stress.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.Expect;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// How each class of a fuzz test is run: in `mvn verify` with some random inputs; with `JAZZER_FUZZ=1` with what the fuzzer makes up, for its share of
/// the time, in a process of its own. What was found once is a test of its own.
final class Fuzzing implements BeforeAllCallback, AfterAllCallback {

    /// How many classes there are, each with one fuzz test.
    private static final int TARGETS = 8;

    /// The share of them all.
    private static final int PERCENT = 16;

    /// The length of the longest input.
    private static final int LONGEST = 1024;

    private static final int RANDOM_INPUTS = 200;

    private static final Duration SHORTEST = Duration.ofSeconds(2);

    private static final boolean ON = System.getenv("JAZZER_FUZZ") != null;

    private static final RunCounts TALLY = new RunCounts("fuzz");
    private static final AtomicLong EXECUTIONS = new AtomicLong();

    /// What is done with an input.
    @FunctionalInterface
    interface Target {
        void run(Input input) throws Exception;
    }

    /// Does it. What takes too long is found by libFuzzer, which ends the process; or else here. Without the fuzzer, the input is the empty one, and
    /// random ones follow.
    static void run(byte[] bytes, Target target) throws Exception {
        if (ON) {
            EXECUTIONS.incrementAndGet();
            target.run(new Input(bytes));
            return;
        }
        runHere(bytes, target);
        long seed = Budget.seed();
        TALLY.seed(seed);
        Random random = new Random(seed);
        for (int i = 0; i < RANDOM_INPUTS; i++) {
            byte[] input = new byte[random.nextInt(LONGEST + 1)];
            random.nextBytes(input);
            try {
                runHere(input, target);
            } catch (Throwable t) {
                throw new AssertionError("-Dstress.seed=" + seed + ", input " + i + ": " + t.getMessage(), t);
            }
        }
    }

    private static void runHere(byte[] bytes, Target target) {
        EXECUTIONS.incrementAndGet();
        assertTimeoutPreemptively(Expect.PATIENCE, () -> target.run(new Input(bytes)));
    }

    /// Jazzer asks JUnit for these parameters, and JUnit takes system properties as well.
    @Override
    public void beforeAll(ExtensionContext context) {
        if (!ON) {
            return;
        }
        Duration started =
                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        Duration left = Budget.duration(PERCENT).dividedBy(TARGETS).minus(started);
        Duration time = left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
        System.setProperty("jazzer.max_duration", time.toSeconds() + "s");
        long seed = Math.max(1, Budget.seed() & Integer.MAX_VALUE); // libFuzzer's has 32 bits, and 0 is none
        TALLY.seed(seed);
        System.setProperty("jazzer.internal.arg.0", context.getDisplayName());
        System.setProperty("jazzer.internal.arg.1", "-seed=" + seed);
        System.setProperty("jazzer.internal.arg.2", "-timeout=" + Expect.PATIENCE.toSeconds());
        System.setProperty("jazzer.internal.arg.3", "-max_len=" + LONGEST);
        System.setProperty("jazzer.internal.arg.4", "-len_control=0");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        TALLY.add(ON ? "inputs that the fuzzer made" : "random inputs", EXECUTIONS.getAndSet(0));
    }
}
