package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs the echo servers of the tutorial and of the cookbook.
@Tag("ci")
class EchoRecipesIT {

    private static final int TIMEOUT_MILLIS = 50_000;

    @TempDir
    static Path classes;

    @BeforeAll
    static void compile() throws Exception {
        Recipe.compile(classes);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void assertEchoes(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EchoAccept", "NioEcho", "EchoPartialWrites", "EchoShutdown", "VirtualThreads"})
    void server_echoesToTwoClients(String program) throws Exception {
        try (Recipe server = Recipe.start(classes, program, "0")) {
            int port = server.port();
            try (Socket first = connect(port);
                    Socket second = connect(port)) {
                assertEchoes(first, randomBytes(100));
                assertEchoes(second, randomBytes(1000));
                assertEchoes(first, randomBytes(10));
                first.shutdownOutput();
                assertThat(first.getInputStream().read()).isEqualTo(-1);
                assertEchoes(second, randomBytes(10));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EchoPartialWrites", "EchoShutdown", "VirtualThreads"})
    void clientThatDoesNotRead_isNotReadFrom(String program) throws Exception {
        byte[] bytes = randomBytes(1 << 20);
        int count = 64; // twice the memory of the server
        try (Recipe server = Recipe.start(classes, program, "0");
                Socket client = connect(server.port())) {
            AtomicLong sent = new AtomicLong();
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        client.getOutputStream().write(bytes);
                        sent.incrementAndGet();
                    }
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            long before = -1;
            while (sent.get() != before) { // until the writer waits
                before = sent.get();
                Thread.sleep(300);
            }
            assertThat(sent.get()).isLessThan(count);
            for (int i = 0; i < count; i++) {
                assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            }
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            writer.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EchoPartialWrites", "EchoShutdown", "VirtualThreads"})
    void clientThatResets_doesNotEndTheServer(String program) throws Exception {
        try (Recipe server = Recipe.start(classes, program, "0")) {
            int port = server.port();
            Socket client = connect(port);
            assertEchoes(client, randomBytes(10));
            client.setSoLinger(true, 0);
            client.close();
            try (Socket other = connect(port)) {
                assertEchoes(other, randomBytes(10));
            }
        }
    }

    @Test
    void idleClient_isClosed() throws Exception {
        try (Recipe server = Recipe.start(classes, "EchoShutdown", "0", "2")) {
            int port = server.port();
            long start = System.nanoTime();
            try (Socket idle = connect(port)) {
                assertThat(idle.getInputStream().read()).isEqualTo(-1);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
            }
        }
    }

    @Test
    void sigterm_finishesTheConnections() throws Exception {
        byte[] bytes = randomBytes(30_000);
        try (Recipe server = Recipe.start(classes, "EchoShutdown", "0")) {
            int port = server.port();
            try (Socket client = connect(port)) {
                assertEchoes(client, bytes);
                server.process().toHandle().destroy();
                assertThat(server.line()).isEqualTo("received SIGTERM");
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThatThrownBy(() -> connect(port)).isInstanceOf(ConnectException.class);
            }
            assertThat(server.end()).containsExactly("ended");
        }
    }

    @Test
    void stopCommand_endsTheServer() throws Exception {
        try (Recipe server = Recipe.start(classes, "EchoShutdown", "0")) {
            server.port();
            server.type("what\nstop\n");
            assertThat(server.end()).containsExactly("ended");
        }
    }

    @Test
    void thousandClients_areServed() throws Exception {
        try (Recipe server = Recipe.start(classes, "EchoShutdown", "0");
                Recipe clients = Recipe.start(classes, "ThousandClients", Integer.toString(server.port()))) {
            assertThat(clients.end()).containsExactly("1000 clients have received their lines");
        }
    }

    @Test
    void tlsServer_echoes(@TempDir Path directory) throws Exception {
        Path store = directory.resolve("keys.p12");
        String password = "password";
        Child keytool = Child.run(
                Map.of(),
                List.of(
                        Child.tool("keytool"),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        password));
        assertThat(keytool.exitCode()).as(keytool.err() + keytool.out()).isZero();
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(store.toFile(), password.toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        byte[] bytes = randomBytes(1 << 20);

        try (Recipe server = Recipe.start(classes, "TlsEcho", store.toString(), password, "0")) {
            int port = server.port();
            try (Socket noTls = connect(port)) {
                noTls.getOutputStream().write(new byte[100]);
                assertThat(server.line()).startsWith("closing: ");
            }
            try (Socket client = context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
                client.setSoTimeout(TIMEOUT_MILLIS);
                Thread writer = Thread.ofVirtual().start(() -> {
                    try {
                        client.getOutputStream().write(bytes);
                        client.shutdownOutput();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                writer.join();
            }
        }
    }
}
