package io.selectors4j.stress.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The JUnit extension of all fuzz test classes. `mvn verify` runs them with some random inputs. With `JAZZER_FUZZ=1`,
/// the fuzzer generates inputs for a share of the time budget, in a process for each class. Each input that has failed
/// once is a test of its own.
final class Fuzzing implements BeforeAllCallback, AfterAllCallback {

    private static final int API_SHARES = Api.PACKAGES.size();

    /// Each class has one share of the time, except that [ApiFuzzTest] has one for each group of packages.
    private static final int ALL_SHARES = 6 + API_SHARES;

    /// The share of all fuzz tests in the time budget, in percent.
    private static final int PERCENT = 16;

    private static final int MAX_LENGTH = 1024;

    /// The number of random inputs in each share.
    private static final int RANDOM_INPUTS = 200;

    private static final Duration MIN_DURATION = Duration.ofSeconds(2);

    private static final boolean ON = System.getenv("JAZZER_FUZZ") != null;

    private static final RunCounts COUNTS = new RunCounts("fuzz");
    private static final AtomicLong EXECUTIONS = new AtomicLong();

    private static int shares = 1;

    /// The tested code.
    @FunctionalInterface
    interface Target {
        void run(Input input) throws Exception;
    }

    /// Runs the target with an input. If the call takes too long, libFuzzer ends the process, or this method fails.
    /// Without the fuzzer, JUnit passes the empty input, and random inputs follow.
    static void run(byte[] bytes, Target target) throws Exception {
        if (ON) {
            EXECUTIONS.incrementAndGet();
            target.run(new Input(bytes));
            return;
        }
        runWithLimit(bytes, target);
        long seed = Budget.seed();
        COUNTS.seed(seed);
        Random random = new Random(seed);
        for (int i = 0; i < shares * RANDOM_INPUTS; i++) {
            byte[] input = new byte[random.nextInt(MAX_LENGTH + 1)];
            random.nextBytes(input);
            try {
                runWithLimit(input, target);
            } catch (Throwable t) {
                throw new AssertionError("-Dstress.seed=" + seed + ", input " + i + ": " + t.getMessage(), t);
            }
        }
    }

    private static void runWithLimit(byte[] bytes, Target target) {
        EXECUTIONS.incrementAndGet();
        assertTimeoutPreemptively(Limits.WAIT, () -> target.run(new Input(bytes)));
    }

    /// Sets the fuzzer's parameters. Jazzer reads them as JUnit parameters, which JUnit also looks up in system
    /// properties.
    @Override
    public void beforeAll(ExtensionContext context) {
        shares = context.getRequiredTestClass() == ApiFuzzTest.class ? API_SHARES : 1;
        if (!ON) {
            return;
        }
        Duration elapsed =
                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        Duration remaining = Budget.duration(PERCENT)
                .multipliedBy(shares)
                .dividedBy(ALL_SHARES)
                .minus(elapsed);
        Duration duration = remaining.compareTo(MIN_DURATION) < 0 ? MIN_DURATION : remaining;
        System.setProperty("jazzer.max_duration", duration.toSeconds() + "s");
        long seed = Math.max(1, Budget.seed() & Integer.MAX_VALUE); // libFuzzer's seed has 32 bits, and 0 means none
        COUNTS.seed(seed);
        System.setProperty("jazzer.internal.arg.0", context.getDisplayName());
        System.setProperty("jazzer.internal.arg.1", "-seed=" + seed);
        System.setProperty("jazzer.internal.arg.2", "-timeout=" + Limits.WAIT.toSeconds());
        System.setProperty("jazzer.internal.arg.3", "-max_len=" + MAX_LENGTH);
        System.setProperty("jazzer.internal.arg.4", "-len_control=0");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        COUNTS.add(ON ? "inputs from the fuzzer" : "random inputs", EXECUTIONS.getAndSet(0));
    }
}
