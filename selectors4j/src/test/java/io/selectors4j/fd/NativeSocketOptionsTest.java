package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.testing.Background;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NativeSocketOptionsTest {

    private static final List<Boolean> FLAGS = List.of(true, false, true);

    private final List<SocketFd> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (SocketFd socket : opened) {
            socket.close();
        }
    }

    private SocketFd open(ProtocolFamily family, SocketFd.Type type) throws IOException {
        SocketFd socket = SocketFd.open(family, type);
        opened.add(socket);
        return socket;
    }

    /// Returns sockets of IPv4 and IPv6.
    private List<SocketFd> both(SocketFd.Type type) throws IOException {
        return List.of(open(StandardProtocolFamily.INET, type), open(StandardProtocolFamily.INET6, type));
    }

    private static <T> void assertRoundTrip(SocketFd socket, SocketOption<T> option, List<T> values)
            throws IOException {
        for (T value : values) {
            socket.setOption(option, value);
            assertThat(socket.getOption(option)).as("%s", option).isEqualTo(value);
        }
    }

    private static <T> void assertRefused(SocketFd socket, SocketOption<T> option, T value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> socket.setOption(option, value))
                .withMessage(message);
    }

    @Test
    void tcpOptions_setAndGet() throws Exception {
        for (SocketFd tcp : both(SocketFd.Type.STREAM)) {
            assertRoundTrip(tcp, NativeSocketOptions.TCP_CORK, FLAGS);
            assertRoundTrip(tcp, NativeSocketOptions.TCP_FASTOPEN_CONNECT, FLAGS);
            assertRoundTrip(tcp, NativeSocketOptions.TCP_SYNCNT, List.of(1, 127));
            assertRoundTrip(tcp, NativeSocketOptions.TCP_LINGER2, List.of(5, -1));
            assertRoundTrip(tcp, NativeSocketOptions.TCP_DEFER_ACCEPT, List.of(1, 0));
            assertRoundTrip(tcp, NativeSocketOptions.TCP_NOTSENT_LOWAT, List.of(16_384, 0));
            assertRoundTrip(tcp, NativeSocketOptions.TCP_CONGESTION, List.of("reno"));
            assertRoundTrip(
                    tcp, NativeSocketOptions.TCP_USER_TIMEOUT, List.of(Duration.ofMillis(1_500), Duration.ZERO));
            tcp.setOption(NativeSocketOptions.TCP_MAXSEG, 1_000);
            assertThat(tcp.getOption(NativeSocketOptions.TCP_MAXSEG)).isPositive();
            assertThat(tcp.getOption(NativeSocketOptions.SO_PROTOCOL)).isEqualTo(6);
            assertThat(tcp.getOption(NativeSocketOptions.SO_ACCEPTCONN)).isFalse();
            tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            tcp.listen();
            assertRoundTrip(tcp, NativeSocketOptions.TCP_FASTOPEN, List.of(5, 0));
            assertThat(tcp.getOption(NativeSocketOptions.SO_ACCEPTCONN)).isTrue();
        }
    }

    @Test
    void ipOptions_setAndGet() throws Exception {
        for (SocketFd udp : both(SocketFd.Type.DATAGRAM)) {
            assertRoundTrip(udp, NativeSocketOptions.IP_TTL, List.of(1, 255, 64));
            assertRoundTrip(udp, NativeSocketOptions.IP_RECVTTL, FLAGS);
            assertRoundTrip(udp, NativeSocketOptions.IP_RECVTOS, FLAGS);
            assertRoundTrip(udp, NativeSocketOptions.IP_PKTINFO, FLAGS);
            assertRoundTrip(udp, NativeSocketOptions.IP_RECVERR, FLAGS);
            assertRoundTrip(udp, NativeSocketOptions.IP_FREEBIND, FLAGS);
            assertRoundTrip(udp, NativeSocketOptions.IP_BIND_ADDRESS_NO_PORT, FLAGS);
            assertRoundTrip(udp, NativeSocketOptions.IP_MULTICAST_ALL, List.of(false, true));
            assertRoundTrip(udp, NativeSocketOptions.UDP_SEGMENT, List.of(1_400, 0));
            assertRoundTrip(udp, NativeSocketOptions.UDP_GRO, FLAGS);
            assertRoundTrip(udp, NativeSocketOptions.SO_TIMESTAMPNS, FLAGS);
            assertRoundTrip(udp, NativeSocketOptions.SO_PRIORITY, List.of(6, 0));
        }
    }

    /// An IPv6 socket sends to IPv4 addresses, too.
    @Test
    void ttlOfIpv6Socket_isThatOfIpv4Too() throws Exception {
        SocketFd udp = open(StandardProtocolFamily.INET6, SocketFd.Type.DATAGRAM);
        udp.setOption(NativeSocketOptions.IP_TTL, 7);
        assertThat(udp.getOption(0, 2)).as("IPPROTO_IP, IP_TTL").isEqualTo(7);
    }

    @Test
    void transparentSocket_needsCapability() throws Exception {
        for (SocketFd tcp : both(SocketFd.Type.STREAM)) {
            if ("root".equals(System.getProperty("user.name"))) {
                assertRoundTrip(tcp, NativeSocketOptions.IP_TRANSPARENT, FLAGS);
                assertRoundTrip(tcp, NativeSocketOptions.SO_MARK, List.of(9, -1, 0));
            } else {
                SocketFdTest.assertErrno("EPERM", () -> tcp.setOption(NativeSocketOptions.IP_TRANSPARENT, true));
                SocketFdTest.assertErrno("EPERM", () -> tcp.setOption(NativeSocketOptions.SO_MARK, 9));
            }
        }
    }

    @Test
    void socketOptions_setAndGet() throws Exception {
        NetworkInterface loopback = SocketOptionsTest.loopback();
        for (SocketFd tcp : both(SocketFd.Type.STREAM)) {
            assertRoundTrip(tcp, NativeSocketOptions.SO_RCVLOWAT, List.of(1, 100));
            assertRoundTrip(tcp, NativeSocketOptions.SO_BINDTODEVICE, List.of(loopback.getName(), ""));
            assertRoundTrip(tcp, NativeSocketOptions.SO_BUSY_POLL, List.of(0));
            assertRoundTrip(tcp, NativeSocketOptions.SO_INCOMING_CPU, List.of(0));
            assertRoundTrip(tcp, NativeSocketOptions.SO_RCVTIMEO, List.of(Duration.ofSeconds(3), Duration.ZERO));
            assertRoundTrip(tcp, NativeSocketOptions.SO_SNDTIMEO, List.of(Duration.ofSeconds(100, 200_000_000)));
        }
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
            assertRoundTrip(pair.first(), NativeSocketOptions.SO_PASSCRED, FLAGS);
        }
    }

    @Test
    void timeout_isRoundedUpAndNeverNone() throws Exception {
        SocketFd tcp = open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
        for (SocketOption<Duration> option : List.of(
                NativeSocketOptions.SO_RCVTIMEO,
                NativeSocketOptions.SO_SNDTIMEO,
                NativeSocketOptions.TCP_USER_TIMEOUT)) {
            tcp.setOption(option, Duration.ofNanos(1));
            assertThat(tcp.getOption(option)).isBetween(Duration.ofNanos(1), Duration.ofMillis(20));
            tcp.setOption(option, Duration.ofSeconds(1, 999_999_999));
            assertThat(tcp.getOption(option)).isEqualTo(Duration.ofSeconds(2));
        }
        tcp.setOption(NativeSocketOptions.SO_RCVTIMEO, Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
        assertThat(tcp.getOption(NativeSocketOptions.SO_RCVTIMEO))
                .as("the kernel's longest")
                .isZero();
    }

    @Test
    void receiveTimeout_endsBlockingRead() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            pair.first().setOption(NativeSocketOptions.SO_RCVTIMEO, Duration.ofMillis(20));
            long start = System.nanoTime();
            assertThat(pair.first().read(ByteBuffer.allocate(1))).isZero();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
        }
    }

    @Test
    void receiveLowWaterMark_keepsReadBlocked() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            pair.first().setOption(NativeSocketOptions.SO_RCVLOWAT, 3);
            try (Background<Integer> reading =
                    Background.start(() -> pair.first().read(ByteBuffer.allocate(9)))) {
                pair.second().write(ByteBuffer.allocate(2));
                reading.awaitAsleep();
                pair.second().write(ByteBuffer.allocate(1));
                assertThat(reading.result()).isEqualTo(3);
            }
        }
    }

    @Test
    void valueOutOfRange_isRefusedByName() throws Exception {
        SocketFd tcp = open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
        assertRefused(tcp, NativeSocketOptions.IP_TTL, 0, "IP_TTL is 1 to 255, not 0");
        assertRefused(tcp, NativeSocketOptions.IP_TTL, 256, "IP_TTL is 1 to 255, not 256");
        assertRefused(tcp, NativeSocketOptions.TCP_SYNCNT, 128, "TCP_SYNCNT is 1 to 127, not 128");
        assertRefused(tcp, NativeSocketOptions.TCP_MAXSEG, 32_768, "TCP_MAXSEG is 1 to 32767, not 32768");
        assertRefused(tcp, NativeSocketOptions.UDP_SEGMENT, 65_536, "UDP_SEGMENT is 0 to 65535, not 65536");
        assertRefused(tcp, NativeSocketOptions.SO_PROTOCOL, 6, "SO_PROTOCOL is read-only; it cannot be set to 6");
        assertRefused(
                tcp, NativeSocketOptions.SO_ACCEPTCONN, false, "SO_ACCEPTCONN is read-only; it cannot be set to false");
        assertRefused(
                tcp,
                NativeSocketOptions.SO_RCVTIMEO,
                Duration.ofNanos(-1),
                "SO_RCVTIMEO is not negative, unlike PT-0.000000001S");
        assertRefused(
                tcp,
                NativeSocketOptions.TCP_USER_TIMEOUT,
                Duration.ofMillis(1L << 31),
                "TCP_USER_TIMEOUT is at most PT596H31M23.647S, not PT596H31M23.648S");
        assertRefused(
                tcp,
                NativeSocketOptions.SO_BINDTODEVICE,
                "sixteen-letters-",
                "SO_BINDTODEVICE has 0 to 15 bytes and no zero character, unlike sixteen-letters-");
        assertRefused(
                tcp,
                NativeSocketOptions.TCP_CONGESTION,
                "a\0b",
                "TCP_CONGESTION has 0 to 15 bytes and no zero character, unlike a?b");
        assertThat(tcp.getOption(NativeSocketOptions.SO_RCVTIMEO)).isZero();
    }

    @Test
    void refusalOfTheSystem_namesOptionAndValue() throws Exception {
        SocketFd tcp = open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> tcp.setOption(NativeSocketOptions.TCP_CONGESTION, "nonesuch"))
                .withMessageStartingWith("setsockopt(fd=" + tcp.fileno() + ", TCP_CONGESTION, nonesuch): ENOENT");
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> tcp.setOption(NativeSocketOptions.SO_BINDTODEVICE, "nonesuch"))
                .withMessageContaining("ENODEV");
    }

    @Test
    void constants_haveTheirNamesAndAreFound() throws Exception {
        List<String> names = new ArrayList<>();
        for (Field field : NativeSocketOptions.class.getFields()) {
            assertThat(Modifier.isStatic(field.getModifiers())).isTrue();
            SocketOption<?> option = (SocketOption<?>) field.get(null);
            assertThat(option.name()).isEqualTo(field.getName());
            assertThat(SocketOptionTable.find(option)).isEqualTo(option);
            names.add(option.name());
        }
        assertThat(names).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    }
}
