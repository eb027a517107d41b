package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.selectors4j.testing.Background;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Reads into and writes from several buffers. [ScatterGatherMemoryTest] tests their memory.
class ScatterGatherTest {

    /// More than one call can take.
    private static final int MANY = 2_500;

    private static final List<FdTest.Kind> KINDS = List.of(FdTest.Kind.values());

    @TempDir
    private Path directory;

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /// Returns buffers of all kinds, one after the other, for the bytes of an array.
    private static ByteBuffer[] split(byte[] bytes, int part) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int start = 0; start < bytes.length; start += part) {
            int size = Math.min(part, bytes.length - start);
            FdTest.Kind kind = KINDS.get(buffers.size() % KINDS.size());
            ByteBuffer buffer = kind == FdTest.Kind.SEGMENT ? ByteBuffer.allocateDirect(size) : kind.of(new byte[size]);
            buffers.add(buffer.clear().put(bytes, start, size).flip());
        }
        return buffers.toArray(ByteBuffer[]::new);
    }

    private static byte[] join(ByteBuffer[] buffers, int length) {
        ByteBuffer all = ByteBuffer.allocate(length);
        for (ByteBuffer buffer : buffers) {
            all.put(buffer.flip());
        }
        return all.array();
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    @ParameterizedTest
    @EnumSource
    void bytes_passThroughMixedBuffers(VectorTransport transport) throws Exception {
        byte[] data = random(20_000);
        for (int part : new int[] {1_000, 7, 20_000}) {
            try (VectorTransport.Ends ends = transport.open(directory)) {
                ByteBuffer[] sources = split(data, part);
                ByteBuffer[] targets = split(new byte[data.length], part == 1_000 ? 7 : 1_000);
                assertThat(ends.write(sources)).isEqualTo(data.length);
                assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
                long read = 0;
                while (read < data.length) {
                    long count = ends.read(targets);
                    assertThat(count).isPositive();
                    read += count;
                }
                assertThat(join(targets, data.length)).isEqualTo(data);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesOutsideOfLimits_areUnchanged(VectorTransport transport) throws Exception {
        try (VectorTransport.Ends ends = transport.open(directory)) {
            for (FdTest.Kind kind : FdTest.Kind.values()) {
                ByteBuffer source = kind.of(new byte[] {1, 2, 3, 4}).position(1).limit(3);
                assertThat(ends.write(bytes(9), source)).isEqualTo(3);
                assertThat(source.position()).isEqualTo(3);
                assertThat(source.limit()).isEqualTo(3);
                ByteBuffer one = kind.of(new byte[4]).position(1).limit(2);
                ByteBuffer two = kind.of(new byte[4]).position(1).limit(4);
                long read = 0;
                while (read < 3) { // one call for each arena
                    read += ends.read(one, two);
                }
                assertThat(one.position()).isEqualTo(2);
                assertThat(two.position()).isEqualTo(3);
                assertThat(one.clear()).isEqualTo(bytes(0, 9, 0, 0));
                assertThat(two.clear()).isEqualTo(bytes(0, 2, 3, 0));
            }
        }
    }

    /// The first calls leave the addresses of heap bytes in the array for the kernel.
    @ParameterizedTest
    @EnumSource
    void emptyHeapBufferAfterDirectOne_staysEmpty(VectorTransport transport) throws Exception {
        try (VectorTransport.Ends ends = transport.open(directory)) {
            assertThat(ends.write(bytes(1), bytes(2, 3, 4))).isEqualTo(4);
            assertThat(ends.read(ByteBuffer.allocate(1), ByteBuffer.allocate(3)))
                    .isEqualTo(4);
            ByteBuffer source = ByteBuffer.allocateDirect(2).put(0, new byte[] {5, 6});
            assertThat(ends.write(source, ByteBuffer.allocate(0))).isEqualTo(2);
            ByteBuffer target = ByteBuffer.allocateDirect(1);
            assertThat(ends.read(target, ByteBuffer.allocate(0))).isEqualTo(1);
            assertThat(target.get(0)).isEqualTo((byte) 5);
        }
    }

    @Test
    void partOfArray_isUsed() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            ByteBuffer[] sources = {bytes(1), bytes(2), bytes(3), bytes(4)};
            assertThat(pipe.writer().write(sources, 1, 2)).isEqualTo(2);
            ByteBuffer[] targets = {ByteBuffer.allocate(9), ByteBuffer.allocate(1), ByteBuffer.allocate(9)};
            assertThat(pipe.reader().read(targets, 1, 2)).isEqualTo(2);
            assertThat(targets[0].position()).isZero();
            assertThat(targets[1].flip()).isEqualTo(bytes(2));
            assertThat(targets[2].flip()).isEqualTo(bytes(3));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PIPE", "FILE", "STREAM"})
    void moreBuffersThanIovMax_streamTakesAll(VectorTransport transport) throws Exception {
        byte[] data = random(3 * MANY);
        try (VectorTransport.Ends ends = transport.open(directory)) {
            ByteBuffer[] sources = split(data, 3);
            assertThat(ends.write(sources)).isEqualTo(data.length);
            ByteBuffer[] targets = split(new byte[data.length], 3);
            assertThat(ends.read(targets)).isEqualTo(3 * 1024);
            while (targets[MANY - 1].hasRemaining()) {
                assertThat(ends.read(targets)).isPositive();
            }
            assertThat(join(targets, data.length)).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    void moreBuffersThanIovMax_areOneMessage(VectorTransport transport) throws Exception {
        byte[] data = random(3 * MANY);
        try (VectorTransport.Ends ends = transport.open(directory)) {
            assertThat(ends.write(split(data, 3))).isEqualTo(data.length);
            assertThat(ends.write(bytes(1))).isEqualTo(1);
            ByteBuffer whole = ByteBuffer.allocate(data.length + 1);
            assertThat(ends.reader().read(whole)).isEqualTo(data.length);
            assertThat(whole.flip()).isEqualTo(ByteBuffer.wrap(data));
            assertThat(ends.reader().read(whole.clear())).isEqualTo(1);

            assertThat(ends.writer().write(ByteBuffer.wrap(data))).isEqualTo(data.length);
            ByteBuffer[] targets = split(new byte[data.length], 3);
            assertThat(ends.read(targets)).isEqualTo(data.length);
            assertThat(join(targets, data.length)).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PIPE", "STREAM"})
    void largeHeapBuffers_blockingStreamWritesAll(VectorTransport transport) throws Exception {
        byte[] data = random(3_000_000);
        try (VectorTransport.Ends ends = transport.open(directory);
                Background<Long> writing = Background.start(() -> ends.write(split(data, 400_000)))) {
            ByteBuffer[] targets = split(new byte[data.length], 300_000);
            while (targets[targets.length - 1].hasRemaining()) {
                assertThat(ends.read(targets)).isPositive();
            }
            assertThat(writing.result()).isEqualTo(data.length);
            assertThat(join(targets, data.length)).isEqualTo(data);
        }
    }

    @Test
    void largeHeapBuffers_areOneMessage() throws Exception {
        byte[] data = random(400_000);
        try (VectorTransport.Ends ends = VectorTransport.SEQPACKET.open(directory)) {
            // The default limit of a send buffer allows no message of more than 256 KiB; the room to receive may be
            // larger.
            int length = 90_000;
            ByteBuffer[] sources = {ByteBuffer.wrap(data, 0, 60_000), ByteBuffer.wrap(data, 60_000, length - 60_000)};
            assertThat(ends.write(sources)).isEqualTo(length);
            ByteBuffer[] targets = {ByteBuffer.allocate(100), ByteBuffer.allocate(data.length)};
            assertThat(ends.read(targets)).isEqualTo(length);
            assertThat(targets[0].flip()).isEqualTo(ByteBuffer.wrap(data, 0, 100));
            assertThat(targets[1].flip()).isEqualTo(ByteBuffer.wrap(data, 100, length - 100));
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyBuffers_areSkipped(VectorTransport transport) throws Exception {
        try (VectorTransport.Ends ends = transport.open(directory)) {
            assertThat(ends.write(bytes(), bytes(1), bytes(), bytes(2), bytes()))
                    .isEqualTo(2);
            ByteBuffer one = ByteBuffer.allocate(1);
            ByteBuffer two = ByteBuffer.allocateDirect(1);
            assertThat(ends.read(bytes(), one, bytes(), bytes(), two)).isEqualTo(2);
            assertThat(one.flip()).isEqualTo(bytes(1));
            assertThat(two.flip()).isEqualTo(bytes(2));
        }
    }

    /// An empty heap buffer has no memory of its own in the call.
    @ParameterizedTest
    @EnumSource
    void emptyHeapBuffer_leavesNoTraceOfEarlierCall(VectorTransport transport) throws Exception {
        try (VectorTransport.Ends ends = transport.open(directory)) {
            assertThat(ends.write(bytes(1, 2), bytes(3, 4))).isEqualTo(4);
            assertThat(ends.read(ByteBuffer.allocate(2), ByteBuffer.allocate(9)))
                    .isEqualTo(4);
            ByteBuffer direct = ByteBuffer.allocateDirect(2);
            assertThat(ends.write(direct, bytes())).isEqualTo(2);
            ByteBuffer target = ByteBuffer.allocateDirect(9);
            assertThat(ends.read(target, bytes())).isEqualTo(2);
            assertThat(target.flip()).isEqualTo(bytes(0, 0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void noBuffersAndNoRoom_transferNothing(VectorTransport transport) throws Exception {
        try (VectorTransport.Ends ends = transport.open(directory)) {
            assertThat(ends.write()).isZero();
            assertThat(ends.read()).isZero();
            assertThat(ends.write(bytes(1))).isEqualTo(1);
            if (transport != VectorTransport.DATAGRAM) {
                assertThat(ends.read(bytes(), bytes())).isZero();
            }
            assertThat(ends.read(ByteBuffer.allocate(2))).isEqualTo(1);
            if (!transport.preservesMessages()) {
                assertThat(ends.write(bytes(), bytes())).isZero();
            }
        }
    }

    @Test
    void emptyDatagram_isSentAndReceived() throws Exception {
        try (VectorTransport.Ends ends = VectorTransport.DATAGRAM.open(directory)) {
            assertThat(ends.write(bytes(), bytes())).isZero();
            assertThat(ends.write(bytes(1), bytes(2))).isEqualTo(2);
            assertThat(ends.write(bytes(3))).isEqualTo(1);
            assertThat(ends.read(ByteBuffer.allocate(5))).as("the empty one").isZero();
            assertThat(ends.read(bytes(), bytes())).as("is lost").isZero();
            ByteBuffer last = ByteBuffer.allocate(5);
            assertThat(ends.read(last)).isEqualTo(1);
            assertThat(last.flip()).isEqualTo(bytes(3));
        }
    }

    @Test
    void longDatagram_isTruncated() throws Exception {
        try (VectorTransport.Ends ends = VectorTransport.DATAGRAM.open(directory)) {
            assertThat(ends.write(bytes(1, 2), bytes(3, 4))).isEqualTo(4);
            ends.reader().setBlocking(false);
            ByteBuffer one = ByteBuffer.allocate(1);
            ByteBuffer two = ByteBuffer.allocate(2);
            assertThat(ends.read(one, two)).isEqualTo(3);
            assertThat(two.flip()).isEqualTo(bytes(2, 3));
            assertThat(ends.read(ByteBuffer.allocate(9))).as("the rest is lost").isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PIPE", "FILE", "STREAM", "SEQPACKET"})
    @SuppressWarnings("try") // closing early is the subject
    void endOfData_isMinusOne(VectorTransport transport) throws Exception {
        try (VectorTransport.Ends ends = transport.open(directory)) {
            ends.writer().close();
            assertThat(ends.read(ByteBuffer.allocate(1), ByteBuffer.allocateDirect(1)))
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PIPE", "STREAM"})
    void nonBlocking_writesWhatFits(VectorTransport transport) throws Exception {
        try (VectorTransport.Ends ends = transport.open(directory)) {
            ends.reader().setBlocking(false);
            ends.writer().setBlocking(false);
            assertThat(ends.read(ByteBuffer.allocate(1), ByteBuffer.allocate(1)))
                    .isZero();
            byte[] data = random(8_000_000);
            ByteBuffer[] sources = split(data, 1_000_000);
            long written = ends.write(sources);
            assertThat(written).isPositive().isLessThan(data.length);
            long position = 0;
            for (ByteBuffer source : sources) {
                position += source.position();
            }
            assertThat(position).isEqualTo(written);
            assertThat(ends.write(sources)).isZero();
            ByteBuffer target = ByteBuffer.allocate(data.length);
            while (ends.reader().read(target) > 0) {
                // takes everything
            }
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(data, 0, (int) written));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PIPE", "STREAM"})
    @SuppressWarnings("try") // closing early is the subject
    void writeWithoutReader_fails(VectorTransport transport) throws Exception {
        try (VectorTransport.Ends ends = transport.open(directory)) {
            ends.reader().close();
            SocketFdTest.assertErrno("EPIPE", () -> ends.write(bytes(1), bytes(2)));
        }
    }

    @Test
    void tooLongMessage_isRefused() throws Exception {
        try (VectorTransport.Ends ends = VectorTransport.DATAGRAM.open(directory)) {
            ByteBuffer[] sources = {ByteBuffer.allocate(8_000_000), ByteBuffer.allocateDirect(8_000_000)};
            SocketFdTest.assertErrno("EMSGSIZE", () -> ends.write(sources));
            assertThat(sources).allMatch(source -> source.position() == 0);
            ByteBuffer huge = ByteBuffer.allocate(1 << 20);
            ByteBuffer[] copied = new ByteBuffer[MANY];
            for (int i = 0; i < MANY; i++) {
                copied[i] = huge.duplicate();
            }
            SocketFdTest.assertErrno("EMSGSIZE", () -> ends.write(copied));
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrongArgument_isRefusedBeforeTheCall(VectorTransport transport) throws Exception {
        try (VectorTransport.Ends ends = transport.open(directory)) {
            assertThat(ends.write(bytes(1, 2))).isEqualTo(2);
            ByteBuffer room = ByteBuffer.allocate(1);
            ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
            ScatteringByteChannel reader = (ScatteringByteChannel) ends.reader();
            GatheringByteChannel writer = (GatheringByteChannel) ends.writer();
            assertThatIllegalArgumentException().isThrownBy(() -> ends.read(room, readOnly));
            assertThatNullPointerException().isThrownBy(() -> ends.read(withNull(room)));
            assertThatNullPointerException().isThrownBy(() -> ends.write(withNull(bytes(1))));
            for (int[] range : new int[][] {{-1, 1}, {0, -1}, {0, 2}, {1, 1}, {Integer.MAX_VALUE, 1}}) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class)
                        .isThrownBy(() -> reader.read(new ByteBuffer[] {room}, range[0], range[1]));
                assertThatExceptionOfType(IndexOutOfBoundsException.class)
                        .isThrownBy(() -> writer.write(new ByteBuffer[] {room}, range[0], range[1]));
            }
            assertThat(room.position()).isZero();
            assertThat(ends.read(ByteBuffer.allocate(1), ByteBuffer.allocate(1)))
                    .as("nothing is lost")
                    .isEqualTo(2);
        }
    }

    @SuppressWarnings("NullAway") // as a caller without a null checker does
    private static ByteBuffer[] withNull(ByteBuffer first) {
        return new ByteBuffer[] {first, null};
    }

    @ParameterizedTest
    @EnumSource
    void closedObject_isRefused(VectorTransport transport) throws Exception {
        VectorTransport.Ends ends = transport.open(directory);
        ends.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> ends.read(ByteBuffer.allocate(1)));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> ends.write(bytes(1), bytes(2)));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> ends.read());
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void closeDuringRead_endsIt() throws Exception {
        try (VectorTransport.Ends ends = VectorTransport.STREAM.open(directory);
                Background<Long> reading =
                        Background.start(() -> ends.read(ByteBuffer.allocate(1), ByteBuffer.allocate(1)))) {
            reading.awaitAsleep();
            ends.reader().close();
            assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(reading::result);
        }
    }

    @ParameterizedTest
    @EnumSource
    void virtualThread_readsAndWrites(VectorTransport transport) throws Exception {
        byte[] data = random(5_000);
        try (VectorTransport.Ends ends = transport.open(directory)) {
            FutureTask<byte[]> task = new FutureTask<>(() -> {
                assertThat(ends.write(split(data, 100))).isEqualTo(data.length);
                ByteBuffer[] targets = split(new byte[data.length], 60);
                assertThat(ends.read(targets)).isEqualTo(data.length);
                return join(targets, data.length);
            });
            Thread.ofVirtual().start(task);
            assertThat(task.get()).isEqualTo(data);
        }
    }

    /// The second buffer cannot be in the same call as the first, so the first is written and the error is reported
    /// later.
    @Test
    void failureAfterSomeBytes_isReportedByNextCall() throws Exception {
        try (VectorTransport.Ends ends = VectorTransport.PIPE.open(directory);
                Arena open = Arena.ofShared()) {
            Arena closed = Arena.ofShared();
            ByteBuffer bad = closed.allocate(1).asByteBuffer();
            closed.close();
            ByteBuffer[] sources = {open.allocate(3).asByteBuffer(), bad};
            assertThat(ends.write(sources)).isEqualTo(3);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> ends.write(sources));
            assertThat(ends.read(ByteBuffer.allocate(9))).isEqualTo(3);
        }
    }
}
