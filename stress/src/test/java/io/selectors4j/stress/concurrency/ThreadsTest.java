package io.selectors4j.stress.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.stress.TestedBackends;
import io.selectors4j.stress.Watchdog;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.OpenFiles;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Platform and virtual threads register, modify, unregister, close and wake while one thread selects. No event is lost
/// or dispatched after unregister, no thread blocks forever, and closing the selector ends the select and releases all
/// descriptors.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class ThreadsTest {

    private static final RunCounts COUNTS = new RunCounts("threads");

    /// The share of all backends in the time budget, in percent.
    private static final int PERCENT = 8;

    private static final int LIFECYCLES = 30;

    /// Two consecutive runs have a selecting thread of each kind.
    private static final int THREAD_KINDS = 2;

    private final Watchdog watchdog = new Watchdog(Limits.WAIT);

    @ParameterizedTest
    @MethodSource("io.selectors4j.stress.TestedBackends#unlimited")
    void concurrentChanges_loseNoEvent(BackendUnderTest backend) throws Exception {
        long seed = Budget.seed();
        COUNTS.seed(seed);
        ConcurrentRun.Counts counts = new ConcurrentRun.Counts();
        for (int i = 0; i < THREAD_KINDS; i++) {
            new ConcurrentRun(backend, seed + i, watchdog, counts)
                    .run(LIFECYCLES); // permanent descriptors are open now
        }
        Map<Integer, String> before = OpenFiles.list();
        long rounds = THREAD_KINDS;
        long end = System.nanoTime()
                + Budget.duration(PERCENT)
                        .dividedBy(TestedBackends.unlimited().size())
                        .toNanos();
        do {
            try {
                new ConcurrentRun(backend, seed + rounds, watchdog, counts).run(LIFECYCLES);
                assertThat(OpenFiles.since(before)).as("descriptors left open").isEmpty();
                assertThat(backend.failure()).isNull();
            } catch (Throwable t) {
                throw new AssertionError(
                        backend + ", -Dstress.seed=" + (seed + rounds - THREAD_KINDS) + ": " + t.getMessage(), t);
            }
            rounds++;
        } while (System.nanoTime() - end < 0);
        COUNTS.add("objects registered", counts.lifecycles().get());
        COUNTS.add("tokens", counts.tokens().get());
        COUNTS.add("events", counts.events().get());
        COUNTS.add("wakeups", counts.wakeups().get());
        COUNTS.add("selectors closed", counts.closes().get());
    }
}
