package io.selectors4j.benchmarks.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.tty.PtyFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A pseudoterminal stands for the serial port: what is written at its master, the sensor has sent.
final class SensorServerTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @Test
    void reading_isInTheResponse() throws Exception {
        try (PtyFd.Pair port = PtyFd.open();
                SensorServer server = new SensorServer(port.terminal())) {
            assertThat(get(server.listener.localAddress()))
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("\r\n\r\n");
            for (String reading : new String[] {"21.5 C\n", "21.7 C\n"}) {
                port.master().write(US_ASCII.encode(reading));
                long start = System.nanoTime();
                String response = get(server.listener.localAddress());
                while (!response.endsWith("\r\n\r\n" + reading)
                        && System.nanoTime() - start < TIMEOUT.toNanos()) { // the bytes may take a moment
                    response = get(server.listener.localAddress());
                }
                assertThat(response).endsWith("\r\n\r\n" + reading);
            }
        }
    }

    private static String get(SocketAddress address) throws IOException {
        InetSocketAddress server = (InetSocketAddress) address;
        try (Socket client = new Socket(server.getAddress(), server.getPort())) {
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: sensor\r\n\r\n".getBytes(US_ASCII));
            client.shutdownOutput();
            return new String(client.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
