package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Multicast on the interface that the kernel chooses by its routes, and link-local addresses without a scope. A child
/// process runs in a network namespace that has the loopback interface alone, with routes for multicast and a
/// link-local address.
class RoutesTest {

    private static final String ROUTES = """
            ip link set lo up multicast on &&
            ip route add 224.0.0.0/4 dev lo &&
            ip -6 route add multicast ff00::/8 dev lo table local metric 256 &&
            ip -6 addr add fe80::7/64 dev lo nodad &&
            exec "$@"
            """;

    /// Joins groups and prints the datagrams that it receives, then connects to a link-local address. The argument is
    /// `ours` or `jdk`.
    static final class Program {

        private Program() {}

        public static void main(String[] args) throws IOException {
            SelectorProvider provider =
                    args[0].equals("ours") ? new SelectorsProvider() : sun.nio.ch.DefaultSelectorProvider.get();
            NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
            try (DatagramChannel receiver = provider.openDatagramChannel().bind(null);
                    DatagramChannel sender = provider.openDatagramChannel(StandardProtocolFamily.INET)) {
                sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
                DatagramSocket socket = receiver.socket();
                socket.setSoTimeout((int) Expect.PATIENCE.toMillis());
                InetSocketAddress group =
                        new InetSocketAddress(InetAddress.ofLiteral("239.255.7.4"), socket.getLocalPort());
                socket.joinGroup(group, null);
                send("member", sender, group);
                print(socket);
                socket.leaveGroup(group, null);
                send("left", sender, group);
                socket.joinGroup(group, loopback);
                send("member on the loopback interface", sender, group);
                print(socket);
                InetSocketAddress linkLocalGroup = new InetSocketAddress(InetAddress.ofLiteral("ff02::fb"), 0);
                socket.joinGroup(linkLocalGroup, null);
                socket.leaveGroup(linkLocalGroup, null);
                System.out.println("joined " + linkLocalGroup.getAddress().getHostAddress());
            }
            connect(provider, InetAddress.ofLiteral("fe80::7"));
        }

        /// Binds and connects to an address of this machine.
        private static void connect(SelectorProvider provider, InetAddress address) throws IOException {
            try (ServerSocketChannel server = provider.openServerSocketChannel();
                    SocketChannel bound = provider.openSocketChannel();
                    SocketChannel client = provider.openSocketChannel()) {
                server.bind(new InetSocketAddress(address, 0));
                bound.bind(new InetSocketAddress(address, 0));
                int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
                client.connect(new InetSocketAddress(address, port));
                System.out.println("connected to " + address.getHostAddress());
            }
        }

        private static void send(String text, DatagramChannel sender, InetSocketAddress target) throws IOException {
            sender.send(StandardCharsets.US_ASCII.encode(text), target);
        }

        private static void print(DatagramSocket socket) throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            System.out.println(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "ours"})
    void routesAndScopes_areChosenBySystem(String provider) throws Exception {
        List<String> command = new ArrayList<>(
                "root".equals(System.getProperty("user.name"))
                        ? List.of("unshare", "--net")
                        : List.of("unshare", "--user", "--map-root-user", "--net"));
        command.addAll(List.of("sh", "-c", ROUTES, "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED"));
        command.add("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName(), provider));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.lines())
                .containsExactly(
                        "member",
                        "member on the loopback interface",
                        "joined ff02:0:0:0:0:0:0:fb",
                        "connected to fe80:0:0:0:0:0:0:7");
        assertThat(process.waitFor()).isZero();
    }
}
