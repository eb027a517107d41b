package io.selectors4j.stress.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each completion of batched sockets in turn fails, is short, canceled, late, or comes twice, on a [SimulatedIoUring]:
/// no byte gets lost, comes twice or out of order, and an error reaches the next call of its socket alone.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class CompletionFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");

    /// The number of provided buffers in a group.
    private static final int GROUP = 256;

    /// A ring that only its thread may enter has no completions that come after its calls.
    private static final List<CompletionFault> NOT_LATE = CompletionFault.TEMPORARY.stream()
            .filter(fault -> fault != CompletionFault.LATE)
            .toList();

    /// What runs with a fault.
    @FunctionalInterface
    private interface Scenario {
        void run(SimulatedIoUring kernel, BatchedSession session) throws Exception;
    }

    /// Runs a scenario once for each fault of each completion.
    private static void everyCompletion(List<CompletionFault> faults, Scenario scenario) throws Exception {
        int injected = 0;
        EnumSet<CompletionFault> seen = EnumSet.noneOf(CompletionFault.class);
        for (CompletionFault fault : faults) {
            for (int completion = 0; run(fault, completion, scenario); completion++) {
                injected++;
                seen.add(fault);
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(faults);
        COUNTS.add("faults of completions", injected);
    }

    /// Makes one run.
    ///
    /// @return whether a request has got the fault
    private static boolean run(CompletionFault fault, int completion, Scenario scenario) {
        try (SimulatedIoUring kernel = new SimulatedIoUring(16, 64)) {
            kernel.inject(fault, completion);
            Map<Integer, String> before = OpenFiles.list();
            try (BatchedSession session = new BatchedSession()) {
                scenario.run(kernel, session);
            }
            assertThat(OpenFiles.since(before)).as("open descriptors").isEmpty();
            return kernel.faulty() != null;
        } catch (Throwable t) {
            throw new AssertionError(fault + " of completion " + completion + ": " + t.getMessage(), t);
        }
    }

    private static void addTwo(BatchedSession session) throws IOException {
        session.add(ConnectedPair.Kind.SOCKET_PAIR, 60_000, 20_000);
        session.add(ConnectedPair.Kind.TCP, 5_000, 300);
    }

    @Test
    void temporaryFault_losesNoByte() throws Exception {
        everyCompletion(CompletionFault.TEMPORARY, (_, session) -> {
            addTwo(session);
            session.transferAll();
            assertThat(session.selector.selectNow()).isEmpty();
        });
    }

    @Test
    void error_reachesTheNextCallOfItsSocket() throws Exception {
        everyCompletion(CompletionFault.PERMANENT, (kernel, session) -> {
            addTwo(session);
            session.selectUntil(
                    () -> session.streams.stream()
                            .allMatch(stream -> stream.isComplete() || isFinished(kernel, stream)),
                    session::transfer);
            for (BatchedStream stream : session.streams) {
                stream.requireRightBytes();
                assertThat(stream.failure() != null).isEqualTo(isFaulty(kernel, stream));
                if (stream.failure() != null) {
                    requireFailed(kernel, stream);
                }
            }
        });
    }

    private static boolean isFaulty(SimulatedIoUring kernel, BatchedStream stream) {
        return kernel.faulty() != null && kernel.faulty().fd() == stream.socket.fileno();
    }

    /// Returns whether a stream with a failed request has done what it can: after a failed send it receives all.
    private static boolean isFinished(SimulatedIoUring kernel, BatchedStream stream) {
        return stream.failure() != null
                && isFaulty(kernel, stream)
                && (!SimulatedIoUring.isSend(Objects.requireNonNull(kernel.faulty())) || stream.hasReceivedAll());
    }

    private static void requireFailed(SimulatedIoUring kernel, BatchedStream stream) throws IOException {
        assertThat(stream.failure().errnoName())
                .isEqualTo(Errno.name(kernel.fault().errno()));
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> stream.socket.write(ByteBuffer.allocate(1)))
                .withMessageContaining("EPIPE");
        boolean sending = SimulatedIoUring.isSend(Objects.requireNonNull(kernel.faulty()));
        assertThat(stream.socket.read(ByteBuffer.allocate(1))).isEqualTo(sending ? 0 : -1);
    }

    @Test
    void errorOfAReadySocket_isAConditionOfItsKey() throws Exception {
        everyCompletion(CompletionFault.PERMANENT, (kernel, session) -> {
            BatchedStream stream = session.add(ConnectedPair.Kind.SOCKET_PAIR, 100, 100);
            stream.transfer();
            int[] available = {0};
            session.selectUntil(
                    () -> available[0] == 100 || kernel.faulty() != null,
                    () -> available[0] = stream.socket.available());
            boolean failed = kernel.faulty() != null;
            session.selector.select(Limits.WAIT, (_, readiness) -> {
                assertThat(readiness.isError()).isEqualTo(failed);
                assertThat(readiness.isReadable()).isTrue();
            });
        });
    }

    @Test
    void closedSocket_sendsAllBytes() throws Exception {
        everyCompletion(CompletionFault.TEMPORARY, (_, session) -> {
            BatchedStream stream = session.add(ConnectedPair.Kind.SOCKET_PAIR, 30_000, 7_000);
            int fd = stream.socket.fileno();
            session.selectUntil(stream::hasWrittenAll, stream::write);
            stream.socket.close();
            session.selectUntil(stream::hasSentAll, stream::readAtPeer);
            session.selectUntil(() -> !isOpen(fd), () -> {});
            stream.requireRightBytes();
            assertThat(stream.peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            // Its number is used again.
            session.streams.clear();
            session.add(ConnectedPair.Kind.TCP, 3_000, 3_000);
            session.add(ConnectedPair.Kind.TCP, 2_000, 2_000);
            session.transferAll();
            stream.close();
        });
    }

    private static boolean isOpen(int fd) {
        try {
            return OpenFiles.list().containsKey(fd);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Bytes that arrive after the close are dropped, and their buffers are provided again.
    @Test
    void completionAfterTheClose_givesItsBufferBack() throws Exception {
        everyCompletion(CompletionFault.TEMPORARY, (kernel, session) -> {
            BatchedStream stream = session.add(ConnectedPair.Kind.SOCKET_PAIR, 30_000, 1);
            for (int i = 0; i < 5; i++) {
                session.selectNow();
                stream.transferAtPeer();
                stream.transferAtPeer();
            }
            stream.write();
            stream.socket.close();
            session.selectUntil(() -> kernel.requests().size() == 1, () -> {}); // the poll of the epoll instance
            session.selectNow();
            assertThat(kernel.providedBuffers()).isEqualTo(GROUP);
        });
    }

    @Test
    void shutdownOutput_comesAfterAllBytes() throws Exception {
        everyCompletion(CompletionFault.TEMPORARY, (_, session) -> {
            BatchedStream stream = session.add(ConnectedPair.Kind.TCP, 30_000, 7_000);
            session.selectUntil(stream::hasWrittenAll, stream::write);
            stream.socket.shutdownOutput();
            session.selectUntil(stream::isComplete, () -> {
                stream.read();
                stream.transferAtPeer();
            });
            stream.requireRightBytes();
            ByteBuffer rest = ByteBuffer.allocate(1);
            int[] result = {0};
            session.selectUntil(() -> result[0] < 0, () -> result[0] = stream.peer.read(rest));
        });
    }

    /// The receive stops, and goes on when the bytes are read.
    @Test
    void unreadBytes_areKept() throws Exception {
        everyCompletion(CompletionFault.TEMPORARY, (_, session) -> {
            BatchedStream unread = session.add(ConnectedPair.Kind.SOCKET_PAIR, 150_000, 20_000);
            for (int i = 0; i < 60; i++) {
                session.selectNow();
                unread.transferAtPeer();
            }
            session.add(ConnectedPair.Kind.SOCKET_PAIR, 2_000, 2_000);
            session.transferAll();
        });
    }

    @Test
    void unbatchedSocket_keepsItsBytes() throws Exception {
        everyCompletion(CompletionFault.TEMPORARY, (_, session) -> {
            addTwo(session);
            for (int i = 0; i < 4; i++) {
                session.selectNow();
                session.transfer();
            }
            BatchedStream unbatched = session.streams.getFirst();
            unbatched.write();
            session.selector.unregister(unbatched.socket);
            session.selector.unbatch(unbatched.socket);
            session.transferAll();
        });
    }

    @Test
    void closedSelector_keepsTheBytes() throws Exception {
        everyCompletion(NOT_LATE, (_, session) -> {
            addTwo(session);
            for (int i = 0; i < 4; i++) {
                session.selectNow();
                session.transfer();
            }
            session.selector.close();
            session.transferAllWithoutSelect();
        });
    }

    @Test
    void anotherThread_losesNoByte() throws Exception {
        everyCompletion(NOT_LATE, (_, session) -> {
            addTwo(session);
            Background.run(() -> {
                for (int i = 0; i < 4; i++) {
                    session.selectNow();
                    session.transfer();
                }
                return true;
            });
            session.transferAll();
        });
    }
}
