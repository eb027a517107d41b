package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Expect;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Base class of the tests that run on the JDK's provider and on ours with each backend. Resources passed to [#own] are
/// closed after each test, and no descriptor may be left open then.
@ParameterizedClass
@MethodSource("providers")
@Timeout(Expect.TEST_SECONDS)
abstract class ProviderTest {

    final ProviderUnderTest underTest;
    final SelectorProvider provider;

    /// The providers whose lasting descriptors are open.
    private static final Set<String> WARM = ConcurrentHashMap.newKeySet();

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private Map<Integer, String> openBefore = Map.of();

    static List<ProviderUnderTest> providers() {
        return ProviderUnderTest.all();
    }

    ProviderTest(ProviderUnderTest underTest) {
        this.underTest = underTest;
        this.provider = underTest.open();
    }

    /// Connected sockets.
    ///
    /// @param client the side that connected
    /// @param accepted the side that was accepted
    record Pair(SocketChannel client, SocketChannel accepted) {}

    @BeforeEach
    void listOpenFiles() throws Exception {
        warmUp();
        openBefore = OpenFiles.list();
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
        assertThat(OpenFiles.since(openBefore)).isEmpty();
        if (underTest.backend() != null) {
            assertThat(underTest.backend().failure()).isNull();
        }
    }

    /// Opens the descriptors that the provider and the JDK keep for good: those of the thread that polls for virtual
    /// threads, of the library's poller, of a close during a call and of random numbers.
    private void warmUp() throws Exception {
        try (Selector selector = provider.openSelector()) {
            selector.selectNow();
        }
        if (!WARM.add(underTest.toString())) {
            return;
        }
        for (BlockedCall.Kind kind : BlockedCall.Kind.values()) {
            Pipe pipe = provider.openPipe();
            BlockedCall<Integer> reader =
                    BlockedCall.start(kind, () -> pipe.source().read(ByteBuffer.allocate(1)));
            reader.awaitBlocked();
            pipe.source().close();
            pipe.sink().close();
            reader.end();
        }
        Files.delete(Files.createTempFile("warm", "up"));
    }

    final <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    final Selector openSelector() throws IOException {
        return own(provider.openSelector());
    }

    /// Opens a pipe, blocking at both ends.
    final Pipe openPipe() throws IOException {
        Pipe pipe = provider.openPipe();
        own(pipe.source());
        own(pipe.sink());
        return pipe;
    }

    /// Opens a pipe whose reading end is non-blocking.
    final Pipe openNonBlockingPipe() throws IOException {
        Pipe pipe = openPipe();
        pipe.source().configureBlocking(false);
        return pipe;
    }

    /// Opens a server on a free port of the loopback interface, blocking.
    final ServerSocketChannel openServer() throws IOException {
        ServerSocketChannel server = own(provider.openServerSocketChannel());
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return server;
    }

    /// Opens two connected sockets, blocking.
    final Pair openPair() throws IOException {
        try (ServerSocketChannel server = provider.openServerSocketChannel()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel client = own(provider.openSocketChannel());
            client.connect(server.getLocalAddress());
            return new Pair(client, own(server.accept()));
        }
    }

    /// Opens a server whose queue of connections is full: a connect to it does not end.
    final SocketAddress openFullServer() throws IOException {
        ServerSocketChannel server = own(provider.openServerSocketChannel());
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        SocketAddress address = server.getLocalAddress();
        boolean pending;
        do {
            SocketChannel client = own(provider.openSocketChannel());
            client.configureBlocking(false);
            pending = !client.connect(address) && !becomesConnected(client);
        } while (!pending);
        return address;
    }

    /// Waits a moment for a connect in progress. On the loopback interface it takes microseconds, or forever.
    private boolean becomesConnected(SocketChannel client) throws IOException {
        try (Selector selector = provider.openSelector()) {
            client.register(selector, SelectionKey.OP_CONNECT);
            return selector.select(20) > 0 && client.finishConnect();
        }
    }
}
