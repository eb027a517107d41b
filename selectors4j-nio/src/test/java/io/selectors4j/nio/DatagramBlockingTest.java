package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.nio.BlockedCall.Kind;
import io.selectors4j.nio.BlockedCall.Outcome;
import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Datagram channels that wait, on both kinds of threads.
class DatagramBlockingTest extends DatagramTest {

    private static final int HOUR = 3_600_000;

    DatagramBlockingTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    /// A way to wait for a datagram.
    enum Receive {
        RECEIVE {
            @Override
            Object call(DatagramChannel channel) throws IOException {
                return channel.receive(ByteBuffer.allocate(10));
            }
        },
        READ {
            @Override
            Object call(DatagramChannel channel) throws IOException {
                return channel.read(ByteBuffer.allocate(10));
            }
        },
        SCATTERING_READ {
            @Override
            Object call(DatagramChannel channel) throws IOException {
                return channel.read(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(9)});
            }
        },
        SOCKET_RECEIVE {
            @Override
            Object call(DatagramChannel channel) throws IOException {
                DatagramPacket packet = new DatagramPacket(new byte[10], 10);
                channel.socket().receive(packet);
                return packet.getLength();
            }
        },
        SOCKET_RECEIVE_WITH_TIMEOUT {
            @Override
            Object call(DatagramChannel channel) throws IOException {
                channel.socket().setSoTimeout(HOUR);
                return SOCKET_RECEIVE.call(channel);
            }
        };

        abstract Object call(DatagramChannel channel) throws IOException;

        boolean isOfSocket() {
            return this == SOCKET_RECEIVE || this == SOCKET_RECEIVE_WITH_TIMEOUT;
        }
    }

    static List<Arguments> receives() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(Receive.values()).map(receive -> Arguments.of(kind, receive)))
                .toList();
    }

    private BlockedCall<Object> startBlocked(Kind kind, Receive receive, DatagramChannel channel)
            throws InterruptedException {
        return BlockedCall.<Object>start(kind, () -> receive.call(channel)).awaitBlocked();
    }

    @ParameterizedTest
    @MethodSource("receives")
    void datagram_endsReceive(Kind kind, Receive receive) throws Exception {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        BlockedCall<Object> call = startBlocked(kind, receive, channel);
        send(peer, "hello", channel.getLocalAddress());
        assertThat(call.result())
                .isEqualTo(
                        switch (receive) {
                            case RECEIVE -> peer.getLocalAddress();
                            case SCATTERING_READ -> 5L;
                            case READ, SOCKET_RECEIVE, SOCKET_RECEIVE_WITH_TIMEOUT -> 5;
                        });
    }

    @ParameterizedTest
    @MethodSource("receives")
    void emptyDatagram_endsReceive(Kind kind, Receive receive) throws Exception {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        BlockedCall<Object> call = startBlocked(kind, receive, channel);
        peer.send(ByteBuffer.allocate(0), channel.getLocalAddress());
        assertThat(call.result())
                .isEqualTo(
                        switch (receive) {
                            case RECEIVE -> peer.getLocalAddress();
                            case READ -> -1;
                            case SCATTERING_READ -> -1L;
                            case SOCKET_RECEIVE, SOCKET_RECEIVE_WITH_TIMEOUT -> 0;
                        });
    }

    @ParameterizedTest
    @MethodSource("receives")
    void close_endsReceive(Kind kind, Receive receive) throws Exception {
        DatagramChannel channel = openConnected(openBound());
        BlockedCall<Object> call = startBlocked(kind, receive, channel);
        channel.close();
        Outcome<Object> outcome = call.end();
        assertThat(outcome.interrupted()).isFalse();
        if (receive.isOfSocket()) {
            assertThat(outcome.failure())
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket closed")
                    .hasCauseExactlyInstanceOf(AsynchronousCloseException.class);
        } else {
            assertThat(outcome.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("receives")
    void interrupt_endsReceiveAndClosesChannel(Kind kind, Receive receive) throws Exception {
        DatagramChannel channel = openConnected(openBound());
        BlockedCall<Object> call = startBlocked(kind, receive, channel);
        call.thread().interrupt();
        Outcome<Object> outcome = call.end();
        assertThat(outcome.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
        assertThat(outcome.interrupted()).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("receives")
    void interruptBefore_closesChannel(Kind kind, Receive receive) throws Exception {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        send(peer, "hello", channel.getLocalAddress());
        Outcome<Object> outcome = BlockedCall.<Object>start(kind, () -> {
                    Thread.currentThread().interrupt();
                    return receive.call(channel);
                })
                .end();
        assertThat(outcome.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
        assertThat(outcome.interrupted()).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void interruptBefore_closesSendingChannel(Kind kind) throws Exception {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openBound();
        Outcome<Object> outcome = BlockedCall.<Object>start(kind, () -> {
                    Thread.currentThread().interrupt();
                    return channel.send(bytes("hello"), peer.getLocalAddress());
                })
                .end();
        assertThat(outcome.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
        assertThat(outcome.interrupted()).isTrue();
        assertThat(channel.isOpen()).isFalse();
        expectNothing(peer);
    }

    @ParameterizedTest
    @EnumSource
    void interrupt_doesNotCloseNonBlockingChannel(Kind kind) throws Exception {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openBound();
        channel.configureBlocking(false);
        Outcome<Object> outcome = BlockedCall.<Object>start(kind, () -> {
                    Thread.currentThread().interrupt();
                    channel.receive(ByteBuffer.allocate(10));
                    return channel.send(bytes("hello"), peer.getLocalAddress());
                })
                .end();
        assertThat(outcome.value()).isEqualTo(5);
        assertThat(outcome.interrupted()).isTrue();
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void refusal_endsRead(Kind kind) throws Exception {
        DatagramChannel channel = openBound().connect(closedPort());
        BlockedCall<Object> call = startBlocked(kind, Receive.READ, channel);
        channel.write(bytes("hello")); // while the other thread waits
        assertThat(call.failure()).isExactlyInstanceOf(PortUnreachableException.class);
    }

    @ParameterizedTest
    @EnumSource
    void receivesOfTwoThreads_getOneDatagramEach(Kind kind) throws Exception {
        DatagramChannel channel = openBound();
        BlockedCall<String> first = BlockedCall.start(kind, () -> receive(channel));
        first.awaitBlocked();
        BlockedCall<String> second = BlockedCall.start(kind, () -> receive(channel));
        DatagramChannel sender = openBound();
        send(sender, "1", channel.getLocalAddress());
        send(sender, "2", channel.getLocalAddress());
        assertThat(List.of("" + first.result(), "" + second.result())).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void close_ofRegisteredChannel_invalidatesKey() throws Exception {
        DatagramChannel channel = openBound();
        channel.configureBlocking(false);
        Selector selector = openSelector();
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        send(channel, "hello", channel.getLocalAddress());
        channel.close();
        assertThat(key.isValid()).isFalse();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void close_duringSelect_removesKey() throws Exception {
        DatagramChannel channel = openBound();
        channel.configureBlocking(false);
        Selector selector = openSelector();
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        BlockedCall<Integer> call = BlockedCall.start(Kind.PLATFORM, selector::select);
        call.awaitBlocked();
        channel.close();
        DatagramChannel successor = openBound(); // may get the number of the descriptor
        send(successor, "hello", successor.getLocalAddress());
        selector.wakeup();
        assertThat(call.result()).isZero();
        assertThat(key.isValid()).isFalse();
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();
        assertThat(receive(successor)).isEqualTo("hello");
    }

    @Test
    void select_reportsEachDatagram() throws Exception {
        DatagramChannel channel = openBound();
        channel.configureBlocking(false);
        DatagramChannel sender = openBound();
        Selector selector = openSelector();
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        for (int i = 0; i < 3; i++) {
            send(sender, "hello", channel.getLocalAddress());
            assertThat(selector.select(Expect.PATIENCE.toMillis())).isOne();
            assertThat(key.isReadable()).isTrue();
            assertThat(receive(channel)).isEqualTo("hello");
            selector.selectedKeys().clear();
            assertThat(selector.selectNow()).isZero();
        }
        key.interestOps(SelectionKey.OP_WRITE);
        assertThat(selector.select(Expect.PATIENCE.toMillis())).isOne();
        assertThat(key.isWritable()).isTrue();
    }
}
