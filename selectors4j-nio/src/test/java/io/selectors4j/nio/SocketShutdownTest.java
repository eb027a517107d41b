package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The ends of connected [SocketChannel]s: shutdown of a direction, reset, and close with unsent data.
class SocketShutdownTest extends ProviderTest {

    SocketShutdownTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @Test
    void shutdownOutput_leavesTheOtherDirection() throws Exception {
        Pair pair = openPair();
        pair.client().write(bytes("request"));
        assertThat(pair.client().shutdownOutput()).isSameAs(pair.client());
        pair.client().shutdownOutput();
        assertThat(read(pair.accepted(), 7)).isEqualTo("request");
        assertThat(pair.accepted().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        pair.accepted().write(bytes("response"));
        assertThat(read(pair.client(), 8)).isEqualTo("response");
        for (boolean blocking : new boolean[] {true, false}) {
            pair.client().configureBlocking(blocking);
            assertThatThrownBy(() -> pair.client().write(bytes("x")))
                    .isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(() -> pair.client().write(new ByteBuffer[] {bytes("x")}))
                    .isExactlyInstanceOf(AsynchronousCloseException.class);
        }
        assertThat(pair.client().isOpen()).isTrue();
        assertThat(pair.client().isConnected()).isTrue();
    }

    @Test
    void shutdownInput_endsReads() throws Exception {
        Pair pair = openPair();
        pair.accepted().write(bytes("unread"));
        SocketTransferTest.awaitReadable(pair.client());
        assertThat(pair.client().shutdownInput()).isSameAs(pair.client());
        pair.client().shutdownInput();
        for (boolean blocking : new boolean[] {true, false}) {
            pair.client().configureBlocking(blocking);
            assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(1)}))
                    .isEqualTo(-1);
        }
        pair.client().write(bytes("still"));
        assertThat(read(pair.accepted(), 5)).isEqualTo("still");
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void shutdownInput_endsBlockedRead(BlockedCall.Kind kind) throws Exception {
        SocketChannel channel = openPair().client();
        BlockedCall<Integer> reader = own(BlockedCall.start(kind, () -> channel.read(ByteBuffer.allocate(1))))
                .awaitBlocked();
        channel.shutdownInput();
        assertThat(reader.result()).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void shutdownOutput_endsBlockedWrite(BlockedCall.Kind kind) throws Exception {
        SocketChannel channel = openPair().client();
        TestIo.fill(channel);
        BlockedCall<Void> writer = own(BlockedCall.<Void>start(kind, () -> {
                    while (true) {
                        channel.write(ByteBuffer.allocate(1));
                    }
                }))
                .awaitBlocked();
        channel.shutdownOutput();
        assertThat(writer.failure()).isInstanceOf(ClosedChannelException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void shutdown_afterReset_doesNothing() throws Exception {
        Pair pair = openPair();
        SocketTransferTest.reset(pair.accepted());
        assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(1))).hasMessage("Connection reset");
        pair.client().shutdownInput();
        pair.client().shutdownOutput();
        assertThat(pair.client().socket().isOutputShutdown()).isTrue();
    }

    @Test
    void streamWrite_afterShutdownOutput_fails() throws Exception {
        SocketChannel channel = openPair().client();
        OutputStream out = channel.socket().getOutputStream();
        channel.shutdownOutput();
        assertThatThrownBy(() -> out.write(1)).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void shutdownInput_afterReset_endsReads() throws Exception {
        Pair pair = openPair();
        SocketTransferTest.reset(pair.accepted());
        assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(1))).hasMessage("Connection reset");
        pair.client().shutdownInput();
        assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(1)}))
                .isEqualTo(-1);
        assertThat(pair.client().socket().isInputShutdown()).isTrue();
    }

    /// The thread of a selector must not wait for the peer.
    @Test
    void closeOfRegisteredChannel_doesNotLinger() throws Exception {
        Selector selector = openSelector();
        SocketChannel channel = openPair().client();
        TestIo.fill(channel);
        channel.setOption(StandardSocketOptions.SO_LINGER, 3600);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        BlockedCall<String> closing = own(BlockedCall.start(BlockedCall.Kind.PLATFORM, () -> {
            channel.close();
            selector.selectNow();
            return "closed";
        }));
        assertThat(closing.result()).isEqualTo("closed");
    }
}
