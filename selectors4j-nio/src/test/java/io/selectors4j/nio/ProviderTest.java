package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Expect;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
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
    void listOpenFiles() throws IOException {
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

    /// Starts the threads and descriptors that a provider keeps for good.
    private void warmUp() throws IOException {
        try (Selector selector = provider.openSelector()) {
            selector.selectNow();
        }
    }

    final <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    final Selector openSelector() throws IOException {
        return own(provider.openSelector());
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
}
