package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.IoUringBuffers;
import io.selectors4j.os.IoUringCompletions;
import io.selectors4j.stress.ring.BatchedSession;
import io.selectors4j.stress.ring.BatchedStream;
import io.selectors4j.stress.ring.SimulatedIoUring;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/// Random bytes in the memory that the kernel writes for io_uring: completions, indices and flags.
@Tag("ci")
@Tag("linux")
@ExtendWith(Fuzzing.class)
class RingFuzzTest {

    private static final int SQ_ENTRIES = 8;
    private static final int CQ_ENTRIES = 32;

    // Of batched sockets: the upper half of the user data is the kind, the lower half the number of the stream.
    private static final int RECEIVE = 1;
    private static final int SEND = 2;
    private static final int CANCEL = 3;

    private static final int STEPS = 12;
    private static final int BYTES = 9_000;

    @FuzzTest
    void randomBytes_areHarmless(byte[] bytes) throws Exception {
        Fuzzing.run(bytes, input -> {
            switch (input.below(3)) {
                case 0 -> unknownCompletions(input);
                case 1 -> anyCompletions(input);
                default -> anyCompletionsOfRequests(input);
            }
        });
    }

    private static List<BatchedStream> add(BatchedSession session) throws IOException {
        return List.of(
                session.add(ConnectedPair.Kind.SOCKET_PAIR, BYTES, BYTES),
                session.add(ConnectedPair.Kind.SOCKET_PAIR, BYTES / 3, 700));
    }

    /// Completions that belong to no request of batched sockets change nothing.
    private static void unknownCompletions(Input input) throws IOException {
        try (SimulatedIoUring kernel = new SimulatedIoUring(SQ_ENTRIES, CQ_ENTRIES);
                BatchedSession session = new BatchedSession()) {
            add(session);
            kernel.tamper(() -> {
                for (int i = input.below(4); i > 0 && input.hasMore(); i--) {
                    int kind = input.flag() ? input.choose(RECEIVE, SEND) : input.number() | CANCEL;
                    int number = input.flag() ? input.below(3) : input.number();
                    long data = (long) kind << Integer.SIZE | Integer.toUnsignedLong(number);
                    if (kind != 0 && !kernel.requests().contains(data)) {
                        kernel.ring().post(data, result(input), flags(input));
                    }
                }
            });
            session.transferAll();
        }
    }

    /// Any completions and indices, for batched sockets: their bytes may be wrong, and nothing else happens.
    private static void anyCompletions(Input input) throws IOException {
        try (SimulatedIoUring kernel = new SimulatedIoUring(SQ_ENTRIES, CQ_ENTRIES)) {
            List<BatchedStream> streams = new ArrayList<>();
            try (BatchedSession session = new BatchedSession()) {
                streams.addAll(add(session));
                kernel.tamper(() -> tamper(kernel, input, true));
                for (int i = 0; i < STEPS; i++) {
                    session.selectNow();
                    for (BatchedStream stream : streams) {
                        transfer(stream, input);
                    }
                }
                kernel.repair();
            }
        }
    }

    private static void transfer(BatchedStream stream, Input input) throws IOException {
        SocketFd socket = stream.socket();
        try {
            socket.read(ByteBuffer.allocate(input.below(BYTES)));
            assertThat(socket.available()).isNotNegative();
            socket.write(ByteBuffer.allocate(input.below(BYTES)));
            stream.peer().read(ByteBuffer.allocate(BYTES));
            stream.peer().write(ByteBuffer.allocate(input.below(BYTES)));
        } catch (NativeIOException e) {
            assertThat(e.getMessage()).matches("\\w+\\(.*\\): (E\\w+|errno) \\(-?\\d+\\) .+");
        }
    }

    private static void tamper(SimulatedIoUring kernel, Input input, boolean batched) {
        for (int i = input.below(4); i > 0 && input.hasMore(); i--) {
            switch (input.below(batched ? 6 : 5)) {
                case 0, 1 -> {
                    List<Long> requests = kernel.requests();
                    long data = requests.isEmpty() ? input.longNumber() : requests.get(input.below(requests.size()));
                    kernel.ring().post(data, result(input), flags(input));
                }
                case 2 -> kernel.ring().writeSubmissionFlags(input.number());
                case 3 -> kernel.ring().writeCompletion(input.number(), input.longNumber());
                case 4 -> kernel.ring().writeCompletionTail(input.flag() ? input.number() : input.below(100));
                default -> kernel.ring().writeSubmissionHead(input.flag() ? input.number() : input.below(20));
            }
        }
    }

    private static int result(Input input) {
        return input.choose(input.small(), -input.small(), input.number(), Integer.MAX_VALUE, Integer.MIN_VALUE);
    }

    private static int flags(Input input) {
        return input.choose(0, 1, 2, 3, input.small() << 16 | 3, input.number());
    }

    /// Any completions and indices, for the requests of an [IoUring].
    private static void anyCompletionsOfRequests(Input input) throws IOException {
        try (SimulatedIoUring kernel = new SimulatedIoUring(SQ_ENTRIES, CQ_ENTRIES);
                ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
                IoUring ring = IoUring.create(SQ_ENTRIES)) {
            IoUringCompletions completions = new IoUringCompletions(1 + input.below(20));
            IoUringBuffers buffers = ring.provideBuffers(4, 8);
            kernel.tamper(() -> tamper(kernel, input, false));
            for (int i = 0; i < STEPS; i++) {
                switch (input.below(4)) {
                    case 0 -> ring.nop(0, i);
                    case 1 -> ring.recvMultishot(pair.reader(), buffers, 0, 0, i);
                    case 2 -> ring.send(pair.writer(), ByteBuffer.allocateDirect(1 + input.below(20)), 0, 0, i);
                    default -> ring.cancel(input.flag() ? input.longNumber() : 1L << Integer.SIZE, 0, i);
                }
                ring.submitAndWait(Duration.ZERO, completions);
                for (int j = 0; j < completions.size(); j++) {
                    assertThat(completions.data(j)).isBetween(0L, (long) i);
                    use(buffers, completions, j);
                }
            }
            kernel.repair();
        }
    }

    private static void use(IoUringBuffers buffers, IoUringCompletions completions, int index) {
        try {
            int id = completions.bufferId(index);
            int length = completions.result(index);
            assertThat(buffers.get(id, length).remaining()).isEqualTo(length);
            buffers.release(id);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            assertThat(e.getMessage()).isNotEmpty(); // no such buffer, or it is the kernel's
        }
    }
}
