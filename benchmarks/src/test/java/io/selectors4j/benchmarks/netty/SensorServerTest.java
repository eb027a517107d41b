package io.selectors4j.benchmarks.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.load.Namespace;
import io.selectors4j.tty.PtyFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Runs the server in a process of its own. A pseudoterminal stands for the serial port: the test writes the bytes of
/// the sensor to its master.
final class SensorServerTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String END_OF_HEADERS = "\r\n\r\n";

    @Test
    void reading_isInTheResponse() throws Exception {
        List<String> command =
                Contender.java(List.of("--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED"), SensorServerTest.class);
        Process process = new ProcessBuilder(Namespace.find().create(command))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().lines()).containsExactly("", "21.5 C", "21.7 C");
        assertThat(process.waitFor()).isZero();
    }

    /// Prints the body of a response before the first reading, and after each.
    public static void main(String[] args) throws Exception {
        try (PtyFd.Pair port = PtyFd.open();
                SensorServer server = new SensorServer(port.terminal())) {
            System.out.println(get(server.listener.localAddress()));
            for (String reading : List.of("21.5 C\n", "21.7 C\n")) {
                port.master().write(US_ASCII.encode(reading));
                long start = System.nanoTime();
                String body = get(server.listener.localAddress());
                while (!body.equals(reading) && System.nanoTime() - start < TIMEOUT.toNanos()) {
                    body = get(server.listener.localAddress()); // the bytes may take a moment to arrive
                }
                System.out.print(body);
            }
        }
    }

    private static String get(SocketAddress address) throws IOException {
        InetSocketAddress server = (InetSocketAddress) address;
        try (Socket client = new Socket(server.getAddress(), server.getPort())) {
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: sensor\r\n\r\n".getBytes(US_ASCII));
            client.shutdownOutput();
            String response = new String(client.getInputStream().readAllBytes(), US_ASCII);
            assertThat(response).startsWith("HTTP/1.1 200 OK");
            return response.substring(response.indexOf(END_OF_HEADERS) + END_OF_HEADERS.length());
        }
    }
}
