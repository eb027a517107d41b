package io.selectors4j.stress.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.IoUringSelector;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.IoUringCompletions;
import io.selectors4j.stress.Limits;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.util.BitSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Completion queues that are too small: the kernel keeps what finds no room, and no completion is lost. A kernel that
/// drops completions is refused.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class OverflowTest {

    private static final int STREAMS = 40;

    private static void addStreams(BatchedSession session) throws IOException {
        for (int i = 0; i < STREAMS; i++) {
            session.add(ConnectedPair.Kind.SOCKET_PAIR, 10_000 + i, 4_000);
        }
    }

    /// What runs with small queues.
    @FunctionalInterface
    private interface Scenario {
        void run(BatchedSession session) throws Exception;
    }

    /// Runs a scenario on the kernel of the system, and on one that is simulated.
    private static void run(int entries, Scenario scenario) throws Exception {
        try (SmallQueues _ = new SmallQueues(entries, 0);
                BatchedSession session = new BatchedSession()) {
            addStreams(session);
            scenario.run(session);
        }
        try (SimulatedIoUring _ = new SimulatedIoUring(entries, entries);
                BatchedSession session = new BatchedSession()) {
            addStreams(session);
            scenario.run(session);
        }
    }

    @Nested
    class BatchedSockets {

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 8})
        void smallQueue_losesNoByte(int entries) throws Exception {
            run(entries, BatchedSession::transferAll);
        }

        /// What the kernel keeps has moved bytes, and is lost with the instance.
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 8})
        void closedSelector_losesNoByte(int entries) throws Exception {
            for (int selects = 1; selects < 8; selects++) {
                int count = selects;
                run(entries, session -> {
                    session.transfer();
                    for (int i = 0; i < count; i++) {
                        session.selectNow();
                        session.transfer();
                    }
                    session.selector.close();
                    session.transferAllWithoutSelect();
                });
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 8})
        void anotherThread_losesNoByte(int entries) throws Exception {
            for (int selects = 1; selects < 8; selects++) {
                int count = selects;
                run(entries, session -> {
                    session.transfer();
                    Background.run(() -> {
                        for (int i = 0; i < count; i++) {
                            session.selectNow();
                            session.transfer();
                        }
                        return true;
                    });
                    session.transferAll();
                });
            }
        }
    }

    /// All completions arrive, each once.
    @Test
    void requestsOfARing_allComplete() throws IOException {
        try (SmallQueues _ = new SmallQueues(2, 0);
                IoUring ring = IoUring.create(64)) {
            BitSet seen = new BitSet();
            IoUringCompletions completions = new IoUringCompletions(3);
            for (int i = 0; i < 100; i++) {
                ring.nop(0, i);
            }
            while (seen.cardinality() < 100) {
                assertThat(ring.submitAndWait(Limits.WAIT, completions)).isPositive();
                for (int i = 0; i < completions.size(); i++) {
                    assertThat(seen.get((int) completions.data(i))).isFalse();
                    seen.set((int) completions.data(i));
                }
            }
        }
    }

    /// The cause names what is missing.
    @ParameterizedTest
    @CsvSource({
        "1, IORING_FEAT_SINGLE_MMAP",
        "2, IORING_FEAT_NODROP",
        "4, IORING_FEAT_SUBMIT_STABLE",
        "256, IORING_FEAT_EXT_ARG"
    })
    void kernelWithoutAFeature_isRefusedByName(int feature, String name) throws IOException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
                IoUringSelector<String> selector = IoUringSelector.open();
                SmallQueues _ = new SmallQueues(0, feature)) {
            assertThat(IoUring.unavailabilityCause().orElseThrow()).contains(name, "5.11");
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> IoUring.create(8))
                    .withMessageContaining(name);
            pair.first().setBlocking(false);
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> selector.batch(pair.first()))
                    .withMessageContaining(name);
        }
    }
}
