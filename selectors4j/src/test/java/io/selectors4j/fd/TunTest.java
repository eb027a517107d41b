package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.Await;
import io.selectors4j.NativeIOException;
import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// TUN and TAP devices, in a network namespace of their own.
@Timeout(Expect.TEST_SECONDS)
class TunTest {

    private static final String TEXT = "through the tunnel";
    private static final int VERSION_4 = 4;
    private static final int UDP = 17;
    private static final int HEADERS = 28;
    private static final int ETHERNET = 14;

    /// Sends datagrams to an address behind the interface and answers them.
    static final class Program {

        private Program() {}

        public static void main(String[] args) throws Exception {
            try (FileFd tun = FileFd.tun("tun9");
                    SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
                run("ip", "addr", "add", "10.9.0.1/24", "dev", "tun9");
                run("ip", "link", "set", "tun9", "up");
                InetSocketAddress behind = new InetSocketAddress(InetAddress.ofLiteral("10.9.0.2"), 9_000);
                udp.sendTo(StandardCharsets.US_ASCII.encode(TEXT), behind, 0);
                ByteBuffer packet = ByteBuffer.allocate(2_000);
                receive(tun, packet, 0);
                System.out.println("received " + text(packet));
                tun.write(answer(packet));
                ByteBuffer reply = ByteBuffer.allocate(100);
                System.out.println("answered by " + udp.receiveFrom(reply, 0) + ": "
                        + StandardCharsets.US_ASCII.decode(reply.flip()));
                try (FileFd second = FileFd.tun("tun9")) {
                    System.out.println("opened twice as " + second);
                } catch (NativeIOException e) {
                    System.out.println("second: " + e.errnoName());
                }
            }
            System.out.println("removed: " + (NetworkInterface.getByName("tun9") == null));
            try (FileFd tap = FileFd.tap("tap9");
                    SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
                run("ip", "addr", "add", "10.10.0.1/24", "dev", "tap9");
                run("ip", "neigh", "add", "10.10.0.2", "lladdr", "02:00:00:00:00:01", "dev", "tap9");
                run("ip", "link", "set", "tap9", "up");
                run("ip", "neigh", "replace", "10.10.0.2", "lladdr", "02:00:00:00:00:01", "dev", "tap9");
                udp.sendTo(
                        StandardCharsets.US_ASCII.encode(TEXT),
                        new InetSocketAddress(InetAddress.ofLiteral("10.10.0.2"), 9_000),
                        0);
                ByteBuffer frame = ByteBuffer.allocate(2_000);
                receive(tap, frame, ETHERNET);
                System.out.println("framed " + text(frame.position(ETHERNET).slice()));
            }
        }

        private static void run(String... command) throws IOException, InterruptedException {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new IOException(String.join(" ", command) + ": " + code);
            }
        }

        /// Reads packets until one is an IPv4 datagram; the system also sends those of IPv6.
        private static void receive(FileFd device, ByteBuffer packet, int offset)
                throws IOException, InterruptedException {
            do {
                packet.clear();
                if (!Await.readable(device, Expect.PATIENCE)) {
                    throw new IOException("no packet");
                }
                device.read(packet);
                packet.flip();
            } while (packet.remaining() < offset + HEADERS
                    || packet.get(offset) >> 4 != VERSION_4
                    || packet.get(offset + 9) != UDP);
        }

        private static String text(ByteBuffer packet) {
            return StandardCharsets.US_ASCII
                    .decode(packet.duplicate().position(HEADERS))
                    .toString();
        }

        /// Exchanges the addresses and the ports, which keeps the sum of the header; a checksum of 0 means none.
        private static ByteBuffer answer(ByteBuffer packet) {
            int source = packet.getInt(12);
            packet.putInt(12, packet.getInt(16)).putInt(16, source);
            short port = packet.getShort(20);
            packet.putShort(20, packet.getShort(22)).putShort(22, port).putShort(26, (short) 0);
            return packet.rewind();
        }
    }

    @Test
    void packets_goThroughTheProgram() throws Exception {
        List<String> command = new ArrayList<>(
                "root".equals(System.getProperty("user.name"))
                        ? List.of("unshare", "--net")
                        : List.of("unshare", "--user", "--map-root-user", "--net"));
        command.addAll(ChildJvm.command(Program.class));
        Process process = ChildJvm.builder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.lines())
                .containsExactly(
                        "received " + TEXT,
                        "answered by /10.9.0.2:9000: " + TEXT,
                        "second: EBUSY",
                        "removed: true",
                        "framed " + TEXT);
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void wrongName_isRefused() {
        for (String name : List.of("", "sixteen-letters-", "tun%d", "a/b", "a b", "n\0", "\u00e9")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FileFd.tun(name))
                    .withMessageStartingWith("the name of a network interface has 1 to 15 visible ASCII characters");
            assertThatIllegalArgumentException().isThrownBy(() -> FileFd.tap(name));
        }
    }
}
