package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static io.selectors4j.nio.TestIo.writeFully;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads and writes of connected [SocketChannel]s, their ends and errors.
class SocketTransferTest extends ProviderTest {

    /// Above IOV_MAX, the most buffers that one system call transfers.
    private static final int MANY_BUFFERS = 1500;

    /// Above the buffers of a connection.
    private static final int LARGE = 12_000_000;

    SocketTransferTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    private static byte[] random(int length) {
        byte[] data = new byte[length];
        new Random(length).nextBytes(data);
        return data;
    }

    static void awaitReadable(SocketChannel channel) throws IOException {
        boolean blocking = channel.isBlocking();
        channel.configureBlocking(false);
        TestIo.await(channel, SelectionKey.OP_READ);
        channel.configureBlocking(blocking);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void read_waitsForBytes(BlockedCall.Kind kind) throws Exception {
        Pair pair = openPair();
        BlockedCall<String> reader =
                own(BlockedCall.start(kind, () -> read(pair.client(), 5))).awaitBlocked();
        pair.accepted().write(bytes("hello"));
        assertThat(reader.result()).isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void write_continuesDuringBlockedRead(BlockedCall.Kind kind) throws Exception {
        Pair pair = openPair();
        BlockedCall<String> reader =
                own(BlockedCall.start(kind, () -> read(pair.client(), 1))).awaitBlocked();
        assertThat(pair.client().write(bytes("out"))).isEqualTo(3);
        assertThat(read(pair.accepted(), 3)).isEqualTo("out");
        pair.accepted().write(bytes("i"));
        assertThat(reader.result()).isEqualTo("i");
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void largeWrite_arrivesWhole(BlockedCall.Kind kind) throws Exception {
        Pair pair = openPair();
        byte[] sent = random(LARGE);
        BlockedCall<Void> writer = own(BlockedCall.start(kind, () -> {
            writeFully(pair.client(), ByteBuffer.wrap(sent));
            pair.client().shutdownOutput();
            return null;
        }));
        ByteBuffer received = ByteBuffer.allocate(LARGE + 1);
        while (pair.accepted().read(received) >= 0) {}
        assertThat(received.position()).isEqualTo(LARGE);
        assertThat(Arrays.mismatch(received.array(), 0, LARGE, sent, 0, LARGE)).isEqualTo(-1);
        writer.result();
    }

    @Test
    void nonBlockingTransfers_returnZero() throws Exception {
        SocketChannel client = openPair().client();
        TestIo.fill(client);
        client.configureBlocking(false);
        assertThat(client.read(ByteBuffer.allocate(1))).isZero();
        assertThat(client.read(new ByteBuffer[] {ByteBuffer.allocate(1)})).isZero();
        assertRefuses(source -> client.write(source));
        assertRefuses(source -> client.write(new ByteBuffer[] {source}));
    }

    /// Writes single bytes until the connection takes no more. A late acknowledgement makes room once more.
    private static void assertRefuses(Write write) throws IOException {
        ByteBuffer source = ByteBuffer.allocate(1);
        while (write.of(source.clear()) == 1) {
            assertThat(source.hasRemaining()).isFalse();
        }
        assertThat(source.position()).isZero();
    }

    /// A write of a channel.
    private interface Write {
        long of(ByteBuffer source) throws IOException;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void emptyBuffers_transferNothing(boolean blocking) throws Exception {
        SocketChannel channel = openPair().client();
        channel.configureBlocking(blocking);
        ByteBuffer empty = ByteBuffer.allocate(0);
        assertThat(channel.read(empty)).isZero();
        assertThat(channel.read(new ByteBuffer[] {empty, empty})).isZero();
        assertThat(channel.read(new ByteBuffer[0])).isZero();
        assertThat(channel.write(empty)).isZero();
        assertThat(channel.write(new ByteBuffer[] {empty, empty})).isZero();
        assertThat(channel.write(new ByteBuffer[0])).isZero();
        assertThat(channel.write(new ByteBuffer[] {bytes("x")}, 0, 0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void buffers_moveByWhatWasTransferred(boolean direct) throws Exception {
        Pair pair = openPair();
        ByteBuffer source = (direct ? ByteBuffer.allocateDirect(10) : ByteBuffer.allocate(10)).put(bytes("0123456789"));
        source.position(2).limit(5);
        assertThat(pair.client().write(source.asReadOnlyBuffer())).isEqualTo(3);
        assertThat(source.position()).isEqualTo(2);
        assertThat(pair.client().write(source)).isEqualTo(3);
        assertThat(source.position()).isEqualTo(5);
        ByteBuffer target = direct ? ByteBuffer.allocateDirect(20) : ByteBuffer.allocate(20);
        target.position(3).limit(9);
        while (target.hasRemaining()) {
            assertThat(pair.accepted().read(target)).isPositive();
        }
        byte[] all = new byte[20];
        target.clear().get(all);
        assertThat(new String(all, 0, 10, java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("\0\0\0" + "234234" + "\0");
    }

    @Test
    void readOnlyTarget_isRefused() throws Exception {
        Pair pair = openPair();
        pair.accepted().write(bytes("abc"));
        ByteBuffer target = ByteBuffer.allocate(1).asReadOnlyBuffer();
        assertThatIllegalArgumentException().isThrownBy(() -> pair.client().read(target));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(1), target}));
        assertThat(read(pair.client(), 3)).isEqualTo("abc");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void scatterAndGather_takeManyBuffers(boolean blocking) throws Exception {
        Pair pair = openPair();
        pair.client().configureBlocking(blocking);
        byte[] sent = random(5 * MANY_BUFFERS);
        ByteBuffer[] sources = slices(sent);
        long written = 0;
        while (written < sent.length) {
            long count = pair.client().write(sources);
            assertThat(count).isPositive();
            written += count;
        }
        assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
        byte[] received = new byte[sent.length];
        ByteBuffer[] targets = slices(received);
        long read = 0;
        while (read < sent.length) {
            long count = pair.accepted().read(targets);
            assertThat(count).isPositive();
            read += count;
        }
        assertThat(targets).noneMatch(ByteBuffer::hasRemaining);
        int start = 0;
        for (ByteBuffer target : targets) {
            int length = target.isDirect() ? target.capacity() : target.limit() - start;
            if (target.isDirect()) {
                target.get(0, received, start, length);
            }
            start += length;
        }
        assertThat(received).isEqualTo(sent);
    }

    /// Returns buffers of 0 to 10 bytes, heap and direct ones, some at an offset.
    private static ByteBuffer[] slices(byte[] data) {
        ByteBuffer[] buffers = new ByteBuffer[MANY_BUFFERS];
        int start = 0;
        for (int i = 0; i < MANY_BUFFERS; i++) {
            int length = i % 2 == 0 ? i % 11 : 10 - (i - 1) % 11;
            length = i == MANY_BUFFERS - 1 ? data.length - start : Math.min(length, data.length - start);
            if (i % 3 == 0) {
                buffers[i] = ByteBuffer.allocateDirect(length)
                        .put(data, start, length)
                        .flip();
            } else {
                buffers[i] = ByteBuffer.wrap(data, start, length);
            }
            start += length;
        }
        return buffers;
    }

    @Test
    void scatterAndGather_useTheGivenRange() throws Exception {
        Pair pair = openPair();
        ByteBuffer[] sources = {bytes("aa"), bytes("bb"), bytes("cc"), bytes("dd")};
        assertThat(pair.client().write(sources, 1, 2)).isEqualTo(4);
        assertThat(sources[0].remaining()).isEqualTo(2);
        assertThat(sources[3].remaining()).isEqualTo(2);
        ByteBuffer[] targets = {ByteBuffer.allocate(9), ByteBuffer.allocate(3), ByteBuffer.allocate(9)};
        awaitReadable(pair.accepted());
        assertThat(pair.accepted().read(targets, 1, 2)).isEqualTo(4);
        assertThat(targets[0].position()).isZero();
        assertThat(targets[1].flip()).isEqualTo(bytes("bbc"));
        assertThat(targets[2].flip()).isEqualTo(bytes("c"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endOfPeer_isReadAgainAndAgain(boolean blocking) throws Exception {
        Pair pair = openPair();
        pair.accepted().write(bytes("bye"));
        pair.accepted().close();
        assertThat(read(pair.client(), 3)).isEqualTo("bye");
        awaitReadable(pair.client());
        pair.client().configureBlocking(blocking);
        for (int i = 0; i < 2; i++) {
            assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(1)}))
                    .isEqualTo(-1);
        }
        assertThat(pair.client().isConnected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resetConnection_failsEachRead(boolean blocking) throws Exception {
        Pair pair = openPair();
        reset(pair.accepted());
        awaitReadable(pair.client());
        pair.client().configureBlocking(blocking);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(1)))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
            assertThatThrownBy(() -> pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(1)}))
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
        }
        assertThat(pair.client().isOpen()).isTrue();
    }

    static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resetConnection_failsWrite(boolean gathering) throws Exception {
        Pair pair = openPair();
        reset(pair.accepted());
        awaitReadable(pair.client());
        assertThatThrownBy(() -> write(pair.client(), gathering))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Connection reset by peer");
        assertThatThrownBy(() -> write(pair.client(), gathering))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Broken pipe");
        assertThat(pair.client().isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closedPeer_breaksWrite(boolean gathering) throws Exception {
        Pair pair = openPair();
        pair.accepted().close();
        assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThatThrownBy(() -> {
                    while (true) { // the first one makes the peer answer with a reset
                        write(pair.client(), gathering);
                    }
                })
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Broken pipe");
    }

    private static void write(SocketChannel channel, boolean gathering) throws IOException {
        if (gathering) {
            channel.write(new ByteBuffer[] {bytes("x"), bytes("y")});
        } else {
            channel.write(bytes("x"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void files_areTransferred(boolean fromFile, @TempDir Path directory) throws Exception {
        Pair pair = openPair();
        byte[] data = random(1_000_000);
        Path path = directory.resolve("data");
        if (fromFile) {
            Files.write(path, data);
        }
        BlockedCall<Void> other = own(BlockedCall.start(BlockedCall.Kind.PLATFORM, () -> {
            if (fromFile) {
                ByteBuffer received = ByteBuffer.allocate(data.length);
                while (received.hasRemaining() && pair.accepted().read(received) >= 0) {}
                assertThat(Arrays.equals(received.array(), data)).isTrue();
            } else {
                writeFully(pair.accepted(), ByteBuffer.wrap(data));
            }
            return null;
        }));
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            long done = 0;
            while (done < data.length) {
                done += fromFile
                        ? file.transferTo(done, data.length - done, pair.client())
                        : file.transferFrom(pair.client(), done, data.length - done);
            }
        }
        other.result();
        assertThat(Files.readAllBytes(path)).isEqualTo(data);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void scatteringRead_ofARangeThatIsNotTheFirst_waits(BlockedCall.Kind kind) throws Exception {
        Pair pair = openPair();
        ByteBuffer[] targets = {ByteBuffer.allocate(0), ByteBuffer.allocate(0), ByteBuffer.allocate(1)};
        BlockedCall<Long> reader = own(BlockedCall.start(
                        kind, () -> pair.client().read(targets, 2, 1)))
                .awaitBlocked();
        TestIo.write(pair.accepted(), 1);
        assertThat(reader.result()).isOne();
    }

    @Test
    void largeGatheringWrite_ofARange_arrivesWhole() throws Exception {
        Pair pair = openPair();
        ByteBuffer[] sources = {ByteBuffer.allocate(1), ByteBuffer.allocate(1), ByteBuffer.allocate(LARGE)};
        BlockedCall<Void> writer = own(BlockedCall.start(BlockedCall.Kind.PLATFORM, () -> {
            while (sources[2].hasRemaining()) {
                assertThat(pair.client().write(sources, 2, 1)).isPositive();
            }
            return null;
        }));
        ByteBuffer target = ByteBuffer.allocate(1 << 16);
        int read = 0;
        while (read < LARGE) {
            read += pair.accepted().read(target.clear());
        }
        writer.result();
    }
}
