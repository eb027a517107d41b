package io.selectors4j.stress.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.stress.Watchdog;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.OpenFiles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Platform and virtual threads register, modify, unregister, close and wake, all at once, while one thread selects: no
/// event is lost, none comes after it was unregistered, nobody waits for ever, and closing the selector ends the select
/// and gives everything back.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class ThreadsTest {

    private static final RunCounts COUNTS = new RunCounts("threads");

    /// Of the whole time, for all backends together.
    private static final int PERCENT = 8;

    private static final int LIVES = 30;

    /// Two rounds one after the other have a selecting thread of each kind.
    private static final int KINDS = 2;

    private final Watchdog watchdog = new Watchdog(Limits.WAIT);

    static List<BackendUnderTest> subjects() {
        return Backends.underTest().stream()
                .filter(subject -> !subject.isLibkqueue())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void nothingIsLostWhateverTheThreadsDo(BackendUnderTest subject) throws Exception {
        long seed = Budget.seed();
        COUNTS.seed(seed);
        Round.Counts counts = new Round.Counts();
        for (int i = 0; i < KINDS; i++) {
            new Round(subject, seed + i, watchdog, counts).play(LIVES); // what stays open for good is open now
        }
        Map<Integer, String> before = OpenFiles.list();
        long rounds = KINDS;
        long end = System.nanoTime()
                + Budget.duration(PERCENT).dividedBy(subjects().size()).toNanos();
        do {
            try {
                new Round(subject, seed + rounds, watchdog, counts).play(LIVES);
                assertThat(OpenFiles.since(before)).as("descriptors left open").isEmpty();
                assertThat(subject.failure()).isNull();
            } catch (Throwable t) {
                throw new AssertionError(
                        subject + ", -Dstress.seed=" + (seed + rounds - KINDS) + ": " + t.getMessage(), t);
            }
            rounds++;
        } while (System.nanoTime() - end < 0);
        COUNTS.add("objects registered", counts.lives().get());
        COUNTS.add("tokens", counts.tokens().get());
        COUNTS.add("events", counts.events().get());
        COUNTS.add("wake-ups", counts.wakeups().get());
        COUNTS.add("selectors closed", counts.closes().get());
    }
}
