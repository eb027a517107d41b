package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.Socket;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/// [java.net.ServerSocket#accept] of a non-blocking channel.
class NonBlockingAcceptTest extends ProviderTest {

    NonBlockingAcceptTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    private ServerSocketChannel openNonBlockingServer() throws Exception {
        ServerSocketChannel server = openServer();
        server.configureBlocking(false);
        return server;
    }

    private SocketChannel connect(ServerSocketChannel server) throws Exception {
        SocketChannel client = own(provider.openSocketChannel());
        client.connect(server.getLocalAddress());
        TestIo.await(server, SelectionKey.OP_ACCEPT);
        return client;
    }

    @Test
    void noConnection_isIllegalBlockingMode() throws Exception {
        ServerSocketChannel server = openNonBlockingServer();
        assertThatExceptionOfType(IllegalBlockingModeException.class)
                .isThrownBy(() -> server.socket().accept());
        assertThat(server.isOpen()).isTrue();
    }

    @Test
    void pendingConnection_isAccepted() throws Exception {
        ServerSocketChannel server = openNonBlockingServer();
        SocketChannel client = connect(server);
        Socket accepted = own(server.socket().accept());
        assertThat(accepted.getChannel().isBlocking()).isTrue();
        client.write(bytes("x"));
        assertThat(accepted.getInputStream().read()).isEqualTo('x');
        assertThatExceptionOfType(IllegalBlockingModeException.class)
                .isThrownBy(() -> server.socket().accept());
    }

    @Test
    void timeout_isIllegalBlockingMode() throws Exception {
        ServerSocketChannel server = openNonBlockingServer();
        connect(server);
        server.socket().setSoTimeout(60_000);
        assertThatExceptionOfType(IllegalBlockingModeException.class)
                .isThrownBy(() -> server.socket().accept());
        server.socket().setSoTimeout(0);
        own(server.socket().accept());
    }
}
