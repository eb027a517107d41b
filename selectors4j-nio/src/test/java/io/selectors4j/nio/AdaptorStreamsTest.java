package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The streams of a channel's socket. [AsyncCloseTest] tests their closing and interrupting during a call.
class AdaptorStreamsTest extends ProviderTest {

    private static final int HOUR = 3_600_000;

    AdaptorStreamsTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @Test
    void bytes_areTransferred() throws Exception {
        Pair pair = openPair();
        InputStream in = pair.client().socket().getInputStream();
        OutputStream out = pair.accepted().socket().getOutputStream();
        out.write(0xFF);
        out.write(1);
        out.write("_hello_".getBytes(StandardCharsets.UTF_8), 1, 5);
        out.flush();
        assertThat(in.read()).isEqualTo(255);
        assertThat(in.read()).isEqualTo(1);
        byte[] target = "_______".getBytes(StandardCharsets.UTF_8);
        assertThat(in.readNBytes(target, 1, 5)).isEqualTo(5);
        assertThat(new String(target, StandardCharsets.UTF_8)).isEqualTo("_hello_");
        out.close();
        assertThat(pair.accepted().isOpen()).isFalse();
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.read(target)).isEqualTo(-1);
        in.close();
        assertThat(pair.client().isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, HOUR})
    void read_returnsWhatIsAvailable(int timeout) throws Exception {
        Pair pair = openPair();
        pair.client().socket().setSoTimeout(timeout);
        InputStream in = pair.client().socket().getInputStream();
        assertThat(in.available()).isZero();
        pair.accepted().write(bytes("abc"));
        Expect.spinUntil("three bytes", () -> in.available() == 3);
        assertThat(in.read(new byte[10])).isEqualTo(3);
        assertThat(in.available()).isZero();
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void read_waitsForBytes(BlockedCall.Kind kind) throws Exception {
        Pair pair = openPair();
        for (int timeout : new int[] {0, HOUR}) {
            pair.client().socket().setSoTimeout(timeout);
            InputStream in = pair.client().socket().getInputStream();
            BlockedCall<Integer> reader = own(BlockedCall.start(kind, in::read)).awaitBlocked();
            pair.accepted().write(bytes("A"));
            assertThat(reader.result()).isEqualTo('A');
        }
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void readTimeout_leavesStreamUsable(BlockedCall.Kind kind) throws Exception {
        Pair pair = openPair();
        pair.client().socket().setSoTimeout(30);
        InputStream in = pair.client().socket().getInputStream();
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            assertThat(own(BlockedCall.start(kind, in::read)).failure())
                    .isExactlyInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Read timed out");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
        }
        pair.accepted().write(bytes("A"));
        pair.client().socket().setSoTimeout(HOUR);
        assertThat(in.read()).as("the stream uses the new timeout").isEqualTo('A');
        pair.client().socket().setSoTimeout(0);
        pair.accepted().write(bytes("B"));
        assertThat(read(pair.client(), 1)).isEqualTo("B");
    }

    @Test
    void timeout_doesNotApplyToChannel() throws Exception {
        Pair pair = openPair();
        pair.client().socket().setSoTimeout(1);
        BlockedCall<String> reader = own(BlockedCall.start(BlockedCall.Kind.PLATFORM, () -> read(pair.client(), 1)))
                .awaitBlocked();
        Thread.sleep(10);
        assertThat(reader.outcome().isDone()).isFalse();
        pair.accepted().write(bytes("x"));
        assertThat(reader.result()).isEqualTo("x");
    }

    @Test
    void nonBlockingChannel_refusesTransfers() throws Exception {
        Pair pair = openPair();
        InputStream in = pair.client().socket().getInputStream();
        OutputStream out = pair.client().socket().getOutputStream();
        pair.accepted().write(bytes("x"));
        pair.client().configureBlocking(false);
        for (int timeout : new int[] {0, HOUR}) {
            pair.client().socket().setSoTimeout(timeout);
            assertThatExceptionOfType(IllegalBlockingModeException.class).isThrownBy(in::read);
            assertThatExceptionOfType(IllegalBlockingModeException.class).isThrownBy(() -> out.write(1));
        }
        assertThat(in.read(new byte[0])).isZero();
        out.write(new byte[0]);
        Expect.spinUntil("one byte", () -> in.available() == 1);
        pair.client().configureBlocking(true);
        assertThat(in.read()).isEqualTo('x');
    }

    @Test
    void wrongArguments_areRefused() throws Exception {
        Pair pair = openPair();
        InputStream in = pair.client().socket().getInputStream();
        OutputStream out = pair.client().socket().getOutputStream();
        assertThatNullPointerException().isThrownBy(() -> in.read(null));
        assertThatNullPointerException().isThrownBy(() -> in.read(null, 0, 1));
        assertThatNullPointerException().isThrownBy(() -> out.write(null));
        assertThatNullPointerException().isThrownBy(() -> out.write(null, 0, 1));
        for (int[] range : new int[][] {{-1, 1}, {0, -1}, {0, 3}, {2, 1}, {3, 0}, {1, Integer.MAX_VALUE}}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> in.read(new byte[2], range[0], range[1]));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> out.write(new byte[2], range[0], range[1]));
        }
    }

    @Test
    void closedChannel_refusesTransfers() throws Exception {
        Pair pair = openPair();
        InputStream in = pair.client().socket().getInputStream();
        OutputStream out = pair.client().socket().getOutputStream();
        pair.client().close();
        assertThatThrownBy(in::read).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> out.write(1)).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(in::available).isExactlyInstanceOf(ClosedChannelException.class);
        assertThat(in.read(new byte[0])).isZero();
        in.close();
        out.close();
    }

    @Test
    void shutdown_endsStreams() throws Exception {
        Pair pair = openPair();
        InputStream in = pair.client().socket().getInputStream();
        OutputStream out = pair.client().socket().getOutputStream();
        pair.accepted().write(bytes("unread"));
        Expect.spinUntil("six bytes", () -> in.available() == 6);
        pair.client().socket().shutdownInput();
        assertThat(in.available()).isZero();
        assertThat(in.read()).isEqualTo(-1);
        pair.client().socket().shutdownOutput();
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(ClosedChannelException.class);
        assertThat(pair.accepted().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void shutdownInput_endsBlockedRead(BlockedCall.Kind kind) throws Exception {
        for (int timeout : new int[] {0, HOUR}) {
            SocketChannel channel = openPair().client();
            channel.socket().setSoTimeout(timeout);
            InputStream in = channel.socket().getInputStream();
            BlockedCall<Integer> reader = own(BlockedCall.start(kind, in::read)).awaitBlocked();
            channel.socket().shutdownInput();
            assertThat(reader.result()).isEqualTo(-1);
        }
    }

    @Test
    void resetConnection_failsReads() throws Exception {
        Pair pair = openPair();
        InputStream in = pair.client().socket().getInputStream();
        pair.accepted().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.accepted().close();
        for (int timeout : new int[] {0, HOUR}) {
            pair.client().socket().setSoTimeout(timeout);
            assertThatThrownBy(in::read)
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
        }
        assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(1)))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Connection reset");
    }

    @Test
    void closedPeer_breaksWrites() throws Exception {
        Pair pair = openPair();
        OutputStream out = pair.client().socket().getOutputStream();
        pair.accepted().close();
        assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThatThrownBy(() -> {
                    while (true) { // the first one makes the peer answer with a reset
                        out.write(1);
                    }
                })
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Broken pipe");
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void largeWrites_ofSeveralThreads_stayWhole(BlockedCall.Kind kind) throws Exception {
        int length = 1_500_000;
        Pair pair = openPair();
        OutputStream out = pair.client().socket().getOutputStream();
        List<BlockedCall<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] data = new byte[length];
            Arrays.fill(data, (byte) i);
            writers.add(own(BlockedCall.start(kind, () -> {
                out.write(data);
                return null;
            })));
        }
        InputStream in = pair.accepted().socket().getInputStream();
        for (int i = 0; i < writers.size(); i++) {
            byte[] data = in.readNBytes(length);
            byte first = data[0];
            for (byte one : data) {
                if (one != first) {
                    throw new AssertionError("bytes of two writes are mixed");
                }
            }
        }
        for (BlockedCall<Void> writer : writers) {
            writer.result();
        }
    }

    @Test
    void transferTo_copiesStream() throws Exception {
        Pair in = openPair();
        Pair out = openPair();
        byte[] data = new byte[300_000];
        new Random(3).nextBytes(data);
        var writer = own(BlockedCall.start(BlockedCall.Kind.PLATFORM, () -> {
            in.client().socket().getOutputStream().write(data);
            in.client().shutdownOutput();
            return null;
        }));
        var reader = own(BlockedCall.start(
                BlockedCall.Kind.PLATFORM,
                () -> out.accepted().socket().getInputStream().readNBytes(data.length)));
        assertThat(in.accepted()
                        .socket()
                        .getInputStream()
                        .transferTo(out.client().socket().getOutputStream()))
                .isEqualTo(data.length);
        writer.result();
        assertThat(reader.result()).isEqualTo(data);
    }

    @Test
    void timeoutSetLater_appliesToTheStream() throws Exception {
        SocketChannel channel = openPair().client();
        InputStream in = channel.socket().getInputStream();
        channel.socket().setSoTimeout(10);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(in::read);
    }
}
