package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Socket options with a name. [RawSocketTest] tests options by number.
class SocketOptionsTest {

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

    @Test
    void unknownOption_isRefused() throws Exception {
        SocketOption<Integer> unknown = new SocketOption<>() {
            @Override
            public String name() {
                return "SO_MAGIC";
            }

            @Override
            public Class<Integer> type() {
                return Integer.class;
            }

            @Override
            public String toString() {
                return name();
            }
        };
        try (SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tcp.setOption(unknown, 1))
                    .withMessageContaining("SO_MAGIC");
            assertThatIllegalArgumentException().isThrownBy(() -> tcp.getOption(unknown));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tcp.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
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
