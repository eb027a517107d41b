package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.nio.BlockedCall.Outcome;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Blocking operations end when another thread closes the channel or interrupts the thread.
class AsyncCloseTest extends ProviderTest {

    private static final int HOUR = 3_600_000;

    AsyncCloseTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    /// A blocking operation of a channel or of its socket.
    enum Operation {
        READ,
        SCATTERING_READ,
        WRITE,
        GATHERING_WRITE,
        ACCEPT,
        CONNECT,
        SOCKET_READ,
        SOCKET_READ_WITH_TIMEOUT,
        SOCKET_WRITE,
        SOCKET_ACCEPT,
        SOCKET_ACCEPT_WITH_TIMEOUT,
        SOCKET_CONNECT,
        SOCKET_CONNECT_WITH_TIMEOUT,
        PIPE_READ,
        PIPE_WRITE;

        boolean isWrite() {
            return this == WRITE || this == GATHERING_WRITE || this == SOCKET_WRITE || this == PIPE_WRITE;
        }

        boolean isConnect() {
            return this == CONNECT || this == SOCKET_CONNECT || this == SOCKET_CONNECT_WITH_TIMEOUT;
        }
    }

    /// A channel and an operation on it that blocks.
    record Prepared(SelectableChannel channel, Callable<?> call) {

        /// Returns an operation that blocks: a writer repeats it, since the kernel may make room for some bytes.
        Callable<?> blocking(Operation operation) {
            if (!operation.isWrite()) {
                return call;
            }
            return () -> {
                while (true) {
                    call.call();
                }
            };
        }
    }

    static List<Arguments> everyOperation() {
        return Arrays.stream(Operation.values())
                .flatMap(operation ->
                        Arrays.stream(BlockedCall.Kind.values()).map(kind -> Arguments.of(operation, kind)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("everyOperation")
    void closeByAnotherThread_endsOperation(Operation operation, BlockedCall.Kind kind) throws Exception {
        Outcome<?> outcome;
        do {
            Prepared prepared = prepare(operation);
            BlockedCall<?> blocked =
                    own(BlockedCall.start(kind, prepared.blocking(operation))).awaitBlocked();
            prepared.channel().close();
            outcome = blocked.end();
            assertThat(prepared.channel().isOpen()).isFalse();
            // The kernel may make room for a byte of a blocked writer, which then is between two writes.
        } while (operation.isWrite() && foundChannelClosed(outcome.failure()));
        assertThat(outcome.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        assertThat(outcome.interrupted()).isFalse();
    }

    private static boolean foundChannelClosed(@Nullable Throwable failure) {
        return failure instanceof ClosedChannelException && !(failure instanceof AsynchronousCloseException);
    }

    @ParameterizedTest
    @MethodSource("everyOperation")
    void interrupt_closesChannel(Operation operation, BlockedCall.Kind kind) throws Exception {
        Prepared prepared = prepare(operation);
        BlockedCall<?> blocked =
                own(BlockedCall.start(kind, prepared.blocking(operation))).awaitBlocked();
        blocked.thread().interrupt();
        expectInterrupted(prepared.channel(), blocked.end());
    }

    @ParameterizedTest
    @MethodSource("everyOperation")
    void interruptBeforeCall_closesChannel(Operation operation, BlockedCall.Kind kind) throws Exception {
        expectInterruptedFirst(kind, prepare(operation));
    }

    @ParameterizedTest
    @MethodSource("everyOperation")
    void interruptBeforeCallThatWouldNotBlock_closesChannel(Operation operation, BlockedCall.Kind kind)
            throws Exception {
        expectInterruptedFirst(kind, prepareReady(operation));
    }

    private void expectInterruptedFirst(BlockedCall.Kind kind, Prepared prepared) throws Exception {
        BlockedCall<?> call = own(BlockedCall.start(kind, () -> {
            Thread.currentThread().interrupt();
            return prepared.call().call();
        }));
        expectInterrupted(prepared.channel(), call.end());
    }

    /// One more virtual thread than carriers is blocked. If a blocked one kept its carrier, no other thread would run.
    @ParameterizedTest
    @EnumSource(Operation.class)
    void blockedVirtualThreads_leaveTheirCarriers(Operation operation) throws Exception {
        for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
            own(BlockedCall.start(BlockedCall.Kind.VIRTUAL, prepare(operation).blocking(operation)))
                    .awaitBlocked();
        }
        BlockedCall<String> other = BlockedCall.start(BlockedCall.Kind.VIRTUAL, () -> "ran");
        assertThat(other.result()).isEqualTo("ran");
    }

    private static void expectInterrupted(Channel channel, Outcome<?> outcome) {
        assertThat(outcome.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
        assertThat(outcome.interrupted()).as("interrupt status").isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void nonBlockingCalls_ignoreInterrupt(BlockedCall.Kind kind) throws Exception {
        Pair pair = openPair();
        ServerSocketChannel server = openServer();
        pair.client().configureBlocking(false);
        server.configureBlocking(false);
        BlockedCall<String> call = own(BlockedCall.start(kind, () -> {
            Thread.currentThread().interrupt();
            int read = pair.client().read(ByteBuffer.allocate(1));
            int written = pair.client().write(ByteBuffer.allocate(1));
            return read + " " + written + " " + server.accept();
        }));
        assertThat(call.end()).isEqualTo(new Outcome<>("0 1 null", null, true));
        assertThat(pair.client().isOpen()).isTrue();
        assertThat(server.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void close_endsReaderAndWriter(BlockedCall.Kind kind) throws Exception {
        SocketChannel channel = openPair().client();
        TestIo.fill(channel);
        var reader = own(BlockedCall.start(kind, () -> channel.read(ByteBuffer.allocate(1))));
        var writer = own(BlockedCall.start(kind, () -> writeBytes(channel)));
        reader.awaitBlocked();
        writer.awaitBlocked();
        channel.close();
        assertThat(reader.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        assertThat(writer.failure()).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void interruptOfReader_endsWriter(BlockedCall.Kind kind) throws Exception {
        SocketChannel channel = openPair().client();
        TestIo.fill(channel);
        var reader = own(BlockedCall.start(kind, () -> channel.read(ByteBuffer.allocate(1))));
        var writer = own(BlockedCall.start(kind, () -> writeBytes(channel)));
        reader.awaitBlocked();
        writer.awaitBlocked();
        reader.thread().interrupt();
        assertThat(reader.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
        assertThat(writer.failure()).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void interruptAfterAPartOfAWrite_closesChannel(BlockedCall.Kind kind) throws Exception {
        SocketChannel channel = openPair().client();
        BlockedCall<?> writer = own(BlockedCall.start(kind, () -> {
                    while (true) {
                        channel.write(ByteBuffer.allocate(1 << 20));
                    }
                }))
                .awaitBlocked();
        writer.thread().interrupt();
        expectInterrupted(channel, writer.end());
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void closeAfterAPartOfAStreamWrite_endsIt(BlockedCall.Kind kind) throws Exception {
        SocketChannel channel = openPair().client();
        OutputStream out = channel.socket().getOutputStream();
        BlockedCall<?> writer = own(BlockedCall.start(kind, () -> {
                    out.write(new byte[8 << 20]);
                    return null;
                }))
                .awaitBlocked();
        channel.close();
        assertThat(writer.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void close_endsReadersThatWaitForTheirTurn(BlockedCall.Kind kind) throws Exception {
        SocketChannel channel = openPair().client();
        var first = own(BlockedCall.start(kind, () -> channel.read(ByteBuffer.allocate(1))))
                .awaitBlocked();
        var second = own(BlockedCall.start(kind, () -> channel.read(ByteBuffer.allocate(1))))
                .awaitBlocked();
        channel.close();
        assertThat(first.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        assertThat(second.failure()).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void close_isSeenByPeer(BlockedCall.Kind kind) throws Exception {
        Pair pair = openPair();
        var reader = own(BlockedCall.start(kind, () -> pair.client().read(ByteBuffer.allocate(1))))
                .awaitBlocked();
        pair.client().close();
        assertThat(pair.accepted().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        reader.end();
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void secondCloseAndLaterCalls_findItClosed(BlockedCall.Kind kind) throws Exception {
        SocketChannel channel = openPair().client();
        var reader = own(BlockedCall.start(kind, () -> channel.read(ByteBuffer.allocate(1))))
                .awaitBlocked();
        channel.close();
        channel.close();
        reader.end();
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                .satisfies(e -> assertThat(e).isExactlyInstanceOf(ClosedChannelException.class));
    }

    private Prepared prepare(Operation operation) throws Exception {
        if (operation.isConnect()) {
            return prepareConnect(operation, openFullServer());
        }
        return switch (operation) {
            case PIPE_READ -> {
                Pipe pipe = openPipe();
                yield new Prepared(pipe.source(), () -> pipe.source().read(ByteBuffer.allocate(1)));
            }
            case PIPE_WRITE -> {
                Pipe.SinkChannel sink = openPipe().sink();
                TestIo.fill(sink);
                yield new Prepared(sink, () -> sink.write(ByteBuffer.allocate(1)));
            }
            case ACCEPT, SOCKET_ACCEPT, SOCKET_ACCEPT_WITH_TIMEOUT -> prepareAccept(operation, openServer());
            default -> {
                SocketChannel channel = openPair().client();
                TestIo.fill(channel);
                yield prepareTransfer(operation, channel);
            }
        };
    }

    /// Prepares an operation that does not block.
    private Prepared prepareReady(Operation operation) throws Exception {
        if (operation.isConnect()) {
            return prepareConnect(operation, openServer().getLocalAddress());
        }
        return switch (operation) {
            case PIPE_READ -> {
                Pipe pipe = openPipe();
                TestIo.write(pipe.sink(), 1);
                yield new Prepared(pipe.source(), () -> pipe.source().read(ByteBuffer.allocate(1)));
            }
            case PIPE_WRITE -> {
                Pipe.SinkChannel sink = openPipe().sink();
                yield new Prepared(sink, () -> sink.write(ByteBuffer.allocate(1)));
            }
            case ACCEPT, SOCKET_ACCEPT, SOCKET_ACCEPT_WITH_TIMEOUT -> {
                ServerSocketChannel server = openServer();
                own(provider.openSocketChannel()).connect(server.getLocalAddress());
                yield prepareAccept(operation, server);
            }
            default -> {
                Pair pair = openPair();
                TestIo.write(pair.accepted(), 1);
                yield prepareTransfer(operation, pair.client());
            }
        };
    }

    private static Prepared prepareAccept(Operation operation, ServerSocketChannel server) throws Exception {
        ServerSocket socket = server.socket();
        socket.setSoTimeout(operation == Operation.SOCKET_ACCEPT_WITH_TIMEOUT ? HOUR : 0);
        return new Prepared(server, operation == Operation.ACCEPT ? server::accept : socket::accept);
    }

    private static Prepared prepareTransfer(Operation operation, SocketChannel channel) throws Exception {
        channel.socket().setSoTimeout(operation == Operation.SOCKET_READ_WITH_TIMEOUT ? HOUR : 0);
        InputStream in = channel.socket().getInputStream();
        ByteBuffer[] buffers = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
        Callable<?> call = switch (operation) {
            case READ -> () -> channel.read(ByteBuffer.allocate(1));
            case SCATTERING_READ -> () -> channel.read(buffers);
            case SOCKET_READ, SOCKET_READ_WITH_TIMEOUT -> in::read;
            case WRITE -> () -> channel.write(ByteBuffer.allocate(1));
            case GATHERING_WRITE -> () -> channel.write(new ByteBuffer[] {ByteBuffer.allocate(1)}, 0, 1);
            case SOCKET_WRITE -> {
                OutputStream out = channel.socket().getOutputStream();
                yield () -> {
                    out.write(0);
                    return null;
                };
            }
            default -> throw new AssertionError(operation);
        };
        return new Prepared(channel, call);
    }

    /// Writes single bytes, so that no write is interrupted after a part of its bytes.
    private static int writeBytes(SocketChannel channel) throws Exception {
        while (true) {
            channel.write(ByteBuffer.allocate(1));
        }
    }

    private Prepared prepareConnect(Operation operation, SocketAddress address) throws Exception {
        SocketChannel channel = own(provider.openSocketChannel());
        return new Prepared(
                channel,
                switch (operation) {
                    case CONNECT -> () -> channel.connect(address);
                    case SOCKET_CONNECT ->
                        () -> {
                            channel.socket().connect(address);
                            return null;
                        };
                    default ->
                        () -> {
                            channel.socket().connect(address, HOUR);
                            return null;
                        };
                });
    }
}
