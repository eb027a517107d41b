package io.selectors4j.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.fd.EventFd;
import io.selectors4j.nio.FdChannel;
import io.selectors4j.nio.SelectorsProvider;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every system call of the channels and selectors of `selectors4j-nio` fails in every way. Afterwards no descriptor is
/// leaked, no byte is lost, and the repeated operation succeeds.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class NioFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");
    private static final int BYTES = 100;

    /// The first uses load classes that make calls of their own.
    @BeforeAll
    static void warmUp() throws Exception {
        for (Backend backend : new Backend[] {Backend.EPOLL, Backend.POLL, Backend.SELECT}) {
            SelectorsProvider provider = new SelectorsProvider(backend);
            try (Selector selector = provider.openSelector();
                    SocketChannel channel = provider.openSocketChannel();
                    DatagramChannel _ = provider.openDatagramChannel()) { // the JDK then keeps a descriptor
                channel.supportedOptions();
                selector.selectNow();
            }
        }
    }

    private static void everyCallFails(FaultRun.Scenario scenario) throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(Fault.ALL, scenario));
    }

    /// Makes a call, and repeats it if it fails.
    private static <T, X extends Exception> T make(FaultRun run, ThrowingSupplier<T, X> step) throws X {
        return run.orRetry(run.call(step), step);
    }

    /// An operation that may have closed its channel when it failed.
    private interface Operation<C extends Channel> {
        void run(C channel) throws IOException;
    }

    /// Opens a channel and makes an operation. If it fails, the channel is closed and another one is opened.
    private static <C extends Channel> C open(
            FaultRun run, ThrowingSupplier<C, IOException> opening, Operation<C> operation) throws Exception {
        C channel = make(run, opening);
        run.call(() -> {
            operation.run(channel);
            return true;
        });
        if (!run.hasFailed()) {
            return channel;
        }
        channel.close();
        C other = opening.run();
        operation.run(other);
        return other;
    }

    private static void close(FaultRun run, Channel channel) throws Exception {
        run.call(() -> {
            channel.close();
            return true;
        });
        assertThat(channel.isOpen()).isFalse();
        channel.close();
    }

    /// Selects until a key is selected.
    private static void select(FaultRun run, Selector selector, SelectionKey expected) throws Exception {
        long end = System.nanoTime() + Limits.WAIT.toNanos();
        while (!selector.selectedKeys().contains(expected) && System.nanoTime() - end < 0) {
            run.call(() -> selector.select(1_000));
        }
        assertThat(selector.selectedKeys()).containsExactly(expected);
        selector.selectedKeys().clear();
    }

    @EnumSource(names = {"EPOLL", "POLL", "SELECT"})
    @ParameterizedTest
    void stream_everyCallFails(Backend backend) throws Exception {
        SelectorsProvider provider = new SelectorsProvider(backend);
        everyCallFails(run -> {
            Selector selector = make(run, provider::openSelector);
            ServerSocketChannel server = open(
                    run,
                    provider::openServerSocketChannel,
                    channel -> channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
            server.configureBlocking(false);
            SocketAddress address = server.getLocalAddress();
            SelectionKey listening = server.register(selector, SelectionKey.OP_ACCEPT);
            SocketChannel client = open(run, provider::openSocketChannel, channel -> channel.connect(address));
            SocketChannel accepted = null;
            while (accepted == null || !accepted.getRemoteAddress().equals(client.getLocalAddress())) {
                if (accepted != null) {
                    accepted.close(); // of a client whose connect failed
                }
                select(run, selector, listening);
                accepted = run.call(server::accept);
            }
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            select(run, selector, key);
            key.interestOps(SelectionKey.OP_READ);
            ByteBuffer sent = ByteBuffer.allocate(BYTES);
            while (sent.hasRemaining()) {
                SocketChannel writer = accepted;
                run.call(() -> writer.write(sent));
            }
            ByteBuffer received = ByteBuffer.allocate(BYTES);
            while (received.hasRemaining()) {
                select(run, selector, key);
                run.call(() -> client.read(received));
                assertThat(client.isOpen()).isTrue();
            }
            close(run, client);
            close(run, accepted);
            close(run, server);
            run.call(selector::selectNow);
            run.call(() -> {
                selector.close();
                return true;
            });
        });
    }

    @EnumSource(names = {"EPOLL", "POLL", "SELECT"})
    @ParameterizedTest
    void pipeAndFdChannel_everyCallFails(Backend backend) throws Exception {
        SelectorsProvider provider = new SelectorsProvider(backend);
        everyCallFails(run -> {
            Selector selector = make(run, provider::openSelector);
            Pipe pipe = make(run, provider::openPipe);
            EventFd event = make(run, () -> EventFd.open(1));
            FdChannel channel = make(run, () -> FdChannel.open(event));
            channel.configureBlocking(false);
            SelectionKey key = register(run, channel, selector);
            select(run, selector, key);
            pipe.source().configureBlocking(false);
            SelectionKey source = pipe.source().register(selector, SelectionKey.OP_READ);
            close(run, channel);
            ByteBuffer sent = ByteBuffer.allocate(BYTES);
            while (sent.hasRemaining()) {
                run.call(() -> pipe.sink().write(sent));
            }
            select(run, selector, source);
            assertThat(selector.keys()).containsExactly(source); // also if the close of the other channel failed
            close(run, pipe.source());
            close(run, pipe.sink());
            selector.close();
        });
    }

    /// Registers a channel; a failure is an IllegalArgumentException.
    private static SelectionKey register(FaultRun run, FdChannel channel, Selector selector) throws Exception {
        SelectionKey key = run.call(() -> {
            try {
                return channel.register(selector, SelectionKey.OP_READ);
            } catch (IllegalArgumentException e) {
                throw (IOException) e.getCause();
            }
        });
        return key != null ? key : channel.register(selector, SelectionKey.OP_READ);
    }

    @EnumSource(names = {"EPOLL", "POLL", "SELECT"})
    @ParameterizedTest
    void datagram_everyCallFails(Backend backend) throws Exception {
        SelectorsProvider provider = new SelectorsProvider(backend);
        everyCallFails(run -> {
            Selector selector = make(run, provider::openSelector);
            Operation<DatagramChannel> bind =
                    channel -> channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            DatagramChannel receiver = open(run, provider::openDatagramChannel, bind);
            DatagramChannel sender = open(run, provider::openDatagramChannel, bind);
            SocketAddress address = receiver.getLocalAddress();
            receiver.configureBlocking(false);
            SelectionKey key = receiver.register(selector, SelectionKey.OP_READ);
            ByteBuffer message = ByteBuffer.allocate(BYTES);
            while (message.hasRemaining()) {
                run.call(() -> sender.send(message, address));
            }
            select(run, selector, key);
            ByteBuffer received = ByteBuffer.allocate(2 * BYTES);
            while (received.position() == 0) {
                run.call(() -> receiver.receive(received));
            }
            assertThat(received.position()).isEqualTo(BYTES);
            close(run, sender);
            close(run, receiver);
            selector.close();
        });
    }
}
