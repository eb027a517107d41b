package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.Constants;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Socket options with a name. [RawSocketTest] tests options by number.
class SocketOptionsTest {

    static NetworkInterface loopback() throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(candidate -> candidate.inetAddresses().anyMatch(InetAddress::isLoopbackAddress))
                .findFirst()
                .orElseThrow();
    }

    private static <T> void assertRoundTrip(SocketFd socket, SocketOption<T> option, List<T> values)
            throws IOException {
        for (T value : values) {
            socket.setOption(option, value);
            assertThat(socket.getOption(option)).as("%s", option).isEqualTo(value);
        }
    }

    @Test
    void options_setAndGet() throws Exception {
        try (SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
                SocketFd tcp6 = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM);
                SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            List<Boolean> flags = List.of(true, false, true);
            for (SocketFd socket : List.of(tcp, tcp6)) {
                assertRoundTrip(socket, StandardSocketOptions.SO_REUSEADDR, flags);
                assertRoundTrip(socket, StandardSocketOptions.SO_REUSEPORT, flags);
                assertRoundTrip(socket, StandardSocketOptions.SO_KEEPALIVE, flags);
                assertRoundTrip(socket, StandardSocketOptions.TCP_NODELAY, flags);
                assertRoundTrip(socket, SocketFd.SO_OOBINLINE, flags);
                assertRoundTrip(socket, StandardSocketOptions.SO_LINGER, List.of(-1, 0, 1, 30, -1));
                assertRoundTrip(socket, StandardSocketOptions.IP_TOS, List.of(0, 0x10, 0x20));
            }
            assertRoundTrip(udp, StandardSocketOptions.SO_BROADCAST, flags);
            assertRoundTrip(tcp6, SocketFd.IPV6_V6ONLY, flags);
        }
    }

    @Test
    void linger_isOffByDefaultAndBelowZero() throws Exception {
        try (SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            assertThat(tcp.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
            tcp.setOption(StandardSocketOptions.SO_LINGER, 7);
            tcp.setOption(StandardSocketOptions.SO_LINGER, -100);
            assertThat(tcp.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
        }
    }

    @Test
    void bufferSizes_areDoubledByLinux() throws Exception {
        try (SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            tcp.setOption(StandardSocketOptions.SO_SNDBUF, 50_000);
            tcp.setOption(StandardSocketOptions.SO_RCVBUF, 60_000);
            assertThat(tcp.getOption(StandardSocketOptions.SO_SNDBUF)).isEqualTo(100_000);
            assertThat(tcp.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(120_000);
        }
    }

    /// An option of another module, as those of `jdk.net` are for the library.
    private record OtherOption<T>(String name, Class<T> type) implements SocketOption<T> {
        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void unknownOption_isRefused() throws Exception {
        try (SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            for (SocketOption<Integer> unknown : List.of(
                    new OtherOption<>("SO_MAGIC", Integer.class), new OtherOption<>("TCP_NODELAY", Integer.class))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> tcp.setOption(unknown, 1))
                        .withMessageContaining(unknown.name());
                assertThatIllegalArgumentException().isThrownBy(() -> tcp.getOption(unknown));
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tcp.getOption(new OtherOption<>("SO_PEERCRED", Object.class)))
                    .withMessageContaining("peerCredentials");
        }
    }

    @Test
    void extendedOptions_areFoundByNameAndType() throws Exception {
        try (SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
                SocketFd tcp6 = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM);
                SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd udp6 = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.DATAGRAM)) {
            for (SocketFd socket : List.of(tcp, tcp6)) {
                assertRoundTrip(socket, SocketFd.TCP_KEEPIDLE, List.of(1, 7200, 32_767));
                assertRoundTrip(socket, SocketFd.TCP_KEEPINTERVAL, List.of(1, 75));
                assertRoundTrip(socket, SocketFd.TCP_KEEPCOUNT, List.of(1, 9, 127));
                assertRoundTrip(socket, SocketFd.TCP_QUICKACK, List.of(false, true));
                assertThat(socket.getOption(SocketFd.SO_INCOMING_NAPI_ID)).isZero();
                assertRoundTrip(socket, new OtherOption<>("TCP_KEEPIDLE", Integer.class), List.of(8));
                assertThat(socket.getOption(SocketFd.TCP_KEEPIDLE)).isEqualTo(8);
            }
            for (SocketFd socket : List.of(udp, udp6)) {
                assertRoundTrip(socket, SocketFd.IP_DONTFRAGMENT, List.of(true, false, true));
            }
        }
    }

    @Test
    void valueOutOfRange_isRefused() throws Exception {
        try (SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            assertOutOfRange(udp, StandardSocketOptions.SO_SNDBUF, List.of(-1, Integer.MIN_VALUE));
            assertOutOfRange(udp, StandardSocketOptions.SO_RCVBUF, List.of(-1));
            assertOutOfRange(udp, StandardSocketOptions.IP_TOS, List.of(-1, 256));
            assertOutOfRange(udp, StandardSocketOptions.IP_MULTICAST_TTL, List.of(-1, 256));
            assertOutOfRange(udp, SocketFd.TCP_KEEPIDLE, List.of(0, -1));
            assertOutOfRange(udp, SocketFd.TCP_KEEPINTERVAL, List.of(0, -1));
            assertOutOfRange(udp, SocketFd.TCP_KEEPCOUNT, List.of(0, -1));
            assertOutOfRange(udp, SocketFd.SO_INCOMING_NAPI_ID, List.of(0, 1));
        }
    }

    private static void assertOutOfRange(SocketFd socket, SocketOption<Integer> option, List<Integer> values) {
        for (Integer value : values) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> socket.setOption(option, value))
                    .withMessageContaining(option.name())
                    .withMessageContaining(value.toString());
        }
    }

    @Test
    void multicastOptions_setAndGet() throws Exception {
        try (SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd udp6 = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.DATAGRAM)) {
            NetworkInterface loopback = loopback();
            for (SocketFd socket : List.of(udp, udp6)) {
                assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP))
                        .isTrue();
                assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
                        .isEqualTo(1);
                assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_IF))
                        .isNull();
                assertRoundTrip(socket, StandardSocketOptions.IP_MULTICAST_LOOP, List.of(false, true));
                assertRoundTrip(socket, StandardSocketOptions.IP_MULTICAST_TTL, List.of(0, 1, 255));
                assertRoundTrip(socket, StandardSocketOptions.IP_MULTICAST_IF, List.of(loopback));
            }
        }
    }

    /// The options of IPv4 apply to an IPv6 socket that sends to IPv4 addresses.
    @Test
    void ipv6Socket_setsIpv4OptionsToo() throws Exception {
        try (SocketFd udp6 = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.DATAGRAM);
                SocketFd tcp6 = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM)) {
            int ip = Constants.IPPROTO_IP;
            udp6.setOption(StandardSocketOptions.IP_TOS, 0x20);
            assertThat(udp6.getOption(ip, Constants.IP_TOS)).isEqualTo(0x20);
            udp6.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 9);
            assertThat(udp6.getOption(ip, Constants.IP_MULTICAST_TTL)).isEqualTo(9);
            udp6.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
            assertThat(udp6.getOption(ip, Constants.IP_MULTICAST_LOOP)).isZero();
            udp6.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
            assertThat(udp6.getOption(ip, Constants.IP_MULTICAST_IF)).isNotZero();
            udp6.setOption(SocketFd.IP_DONTFRAGMENT, true);
            assertThat(udp6.getOption(ip, LinuxConstants.IP_MTU_DISCOVER)).isEqualTo(LinuxConstants.IP_PMTUDISC_DO);
            tcp6.setOption(StandardSocketOptions.IP_TOS, 0x20);
            assertThat(tcp6.getOption(ip, Constants.IP_TOS)).isEqualTo(0x20);
        }
    }

    @Test
    void peerCredentials_areOfTheOtherProcess() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
                SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            PeerCredentials peer = pair.first().peerCredentials();
            assertThat(peer.pid()).isEqualTo((int) ProcessHandle.current().pid());
            int uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            int gid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
            assertThat(peer).isEqualTo(new PeerCredentials(peer.pid(), uid, gid));
            assertThat(tcp.peerCredentials()).isEqualTo(new PeerCredentials(0, -1, -1));
        }
    }

    @Test
    void optionOfOtherFamily_failsInKernel() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> pair.first().setOption(StandardSocketOptions.TCP_NODELAY, true))
                    .withMessageContaining("TCP_NODELAY")
                    .withMessageContaining("EOPNOTSUPP");
        }
    }

    @Test
    void nullValue_isRefused() throws Exception {
        try (SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            SocketOption<@Nullable Boolean> option = nullable(StandardSocketOptions.SO_REUSEADDR);
            assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> setNull(tcp, option));
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // as a caller without a null checker does
    private static SocketOption<@Nullable Boolean> nullable(SocketOption<Boolean> option) {
        return (SocketOption<@Nullable Boolean>) (SocketOption<?>) option;
    }

    @SuppressWarnings("NullAway")
    private static void setNull(SocketFd socket, SocketOption<@Nullable Boolean> option) throws IOException {
        socket.setOption(option, null);
    }
}
