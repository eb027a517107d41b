package io.selectors4j.testing.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedSelectorException;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// The server of the recipe on sockets of the system.
class RealSocketsTest {

    @SuppressWarnings("try") // closing the selector ends the server
    @Test
    void echo_returnsWhatWasSent() throws Exception {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                SocketFd listener = SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Selector<EchoServer.Task> selector = Selector.open()) {
            listener.setBlocking(false);
            EchoServer server = new EchoServer(selector, listener, listener::accept, System::nanoTime);
            Future<?> running = threads.submit(() -> serve(server));
            InetSocketAddress address = (InetSocketAddress) listener.localAddress();
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                Future<?> sent = threads.submit(() -> send(client, bytes));
                assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
                sent.get();
            }
            selector.close();
            running.get();
        }
    }

    private static void serve(EchoServer server) {
        try {
            while (true) {
                server.turn();
            }
        } catch (ClosedSelectorException e) {
            // the end of the test
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(Socket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
            client.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
