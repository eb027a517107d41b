package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

/// The socket options of datagram channels.
class DatagramOptionsTest extends DatagramTest {

    DatagramOptionsTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    /// Returns a channel of each family, not bound, bound, and bound to an IPv4 address.
    private List<DatagramChannel> channels() throws IOException {
        List<DatagramChannel> channels = new ArrayList<>();
        for (StandardProtocolFamily family : List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6)) {
            channels.add(own(provider.openDatagramChannel(family)));
            channels.add(own(provider.openDatagramChannel(family)).bind(null));
            channels.add(own(provider.openDatagramChannel(family)).bind(new InetSocketAddress(LOOPBACK, 0)));
        }
        channels.add(openUnbound());
        return channels;
    }

    private static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByInetAddress(LOOPBACK);
    }

    @Test
    void supportedOptions_areThoseOfTheJdk() throws IOException {
        SelectorProvider jdk = sun.nio.ch.DefaultSelectorProvider.get();
        DatagramChannel ours = openUnbound();
        try (DatagramChannel theirs = jdk.openDatagramChannel()) {
            assertThat(ours.supportedOptions()).isEqualTo(theirs.supportedOptions());
        }
        assertThatThrownBy(() -> ours.supportedOptions().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void newChannel_hasDefaultsOfTheJdk() throws IOException {
        SelectorProvider jdk = sun.nio.ch.DefaultSelectorProvider.get();
        for (StandardProtocolFamily family : List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6)) {
            DatagramChannel ours = own(provider.openDatagramChannel(family));
            DatagramChannel theirs = own(jdk.openDatagramChannel(family));
            for (SocketOption<?> option : theirs.supportedOptions()) {
                assertThat((Object) ours.getOption(option))
                        .as("%s %s", family, option)
                        .isEqualTo(theirs.getOption(option));
            }
        }
    }

    @Test
    void booleanOptions_canBeSwitched() throws IOException {
        for (DatagramChannel channel : channels()) {
            for (SocketOption<Boolean> option : List.of(
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    StandardSocketOptions.SO_BROADCAST,
                    StandardSocketOptions.IP_MULTICAST_LOOP,
                    ExtendedSocketOptions.IP_DONTFRAGMENT)) {
                for (boolean value : new boolean[] {true, false, true}) {
                    assertThat(channel.setOption(option, value)).isSameAs(channel);
                    assertThat(channel.getOption(option))
                            .as("%s %s", channel, option)
                            .isEqualTo(value);
                }
            }
        }
    }

    @Test
    void numbers_canBeSet() throws IOException {
        for (DatagramChannel channel : channels()) {
            for (SocketOption<Integer> option :
                    List.of(StandardSocketOptions.IP_TOS, StandardSocketOptions.IP_MULTICAST_TTL)) {
                for (int value : new int[] {0, 8, 255, 16}) {
                    assertSetAndGet(channel, option, value);
                }
            }
        }
    }

    @Test
    void bufferSizes_areTheOnesThatWereSet() throws IOException {
        for (DatagramChannel channel : channels()) {
            assertSetAndGet(channel, StandardSocketOptions.SO_SNDBUF, 20_000);
            assertSetAndGet(channel, StandardSocketOptions.SO_RCVBUF, 20_000);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 0);
            assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(1024);
        }
    }

    private static <T> void assertSetAndGet(DatagramChannel channel, SocketOption<T> option, T value)
            throws IOException {
        channel.setOption(option, value);
        assertThat(channel.getOption(option)).as("%s %s", channel, option).isEqualTo(value);
    }

    @Test
    void multicastInterface_canBeSet() throws IOException {
        for (DatagramChannel channel : channels()) {
            assertThat(channel.getOption(StandardSocketOptions.IP_MULTICAST_IF)).isNull();
            assertSetAndGet(channel, StandardSocketOptions.IP_MULTICAST_IF, loopback());
        }
    }

    @Test
    void napiId_cannotBeSet() throws IOException {
        DatagramChannel channel = openUnbound();
        assertThat(channel.getOption(ExtendedSocketOptions.SO_INCOMING_NAPI_ID)).isZero();
        assertThatThrownBy(() -> channel.setOption(ExtendedSocketOptions.SO_INCOMING_NAPI_ID, 1))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Attempt to set read only option SO_INCOMING_NAPI_ID");
    }

    @Test
    void otherOptions_areNotSupported() throws IOException {
        DatagramChannel channel = openUnbound();
        for (SocketOption<?> option : List.of(
                StandardSocketOptions.TCP_NODELAY,
                StandardSocketOptions.SO_LINGER,
                StandardSocketOptions.SO_KEEPALIVE,
                ExtendedSocketOptions.TCP_KEEPIDLE,
                ExtendedSocketOptions.SO_PEERCRED)) {
            assertThatThrownBy(() -> channel.getOption(option))
                    .isExactlyInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("'" + option + "' not supported");
        }
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true))
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("'TCP_NODELAY' not supported");
        assertThatThrownBy(() -> channel.getOption(null)).isExactlyInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.setOption(null, 1)).isExactlyInstanceOf(NullPointerException.class);
    }

    @Test
    void values_outOfRange_areRejected() throws IOException {
        DatagramChannel channel = openUnbound();
        assertInvalid(channel, StandardSocketOptions.SO_SNDBUF, -1, "Invalid send/receive buffer size");
        assertInvalid(channel, StandardSocketOptions.SO_RCVBUF, -1, "Invalid send/receive buffer size");
        for (int value : new int[] {-1, 256}) {
            assertInvalid(channel, StandardSocketOptions.IP_TOS, value, "Invalid IP_TOS value");
            assertInvalid(channel, StandardSocketOptions.IP_MULTICAST_TTL, value, "Invalid TTL/hop value");
        }
        assertInvalid(channel, StandardSocketOptions.SO_BROADCAST, null, "Invalid value 'null'");
    }

    @Test
    @SuppressWarnings("unchecked")
    void value_ofOtherType_isRejected() throws IOException {
        SocketOption<Object> option = (SocketOption<Object>) (SocketOption<?>) StandardSocketOptions.SO_BROADCAST;
        assertInvalid(openUnbound(), option, "on", "Invalid value 'on'");
    }

    private static <T> void assertInvalid(DatagramChannel channel, SocketOption<T> option, T value, String message) {
        assertThatThrownBy(() -> channel.setOption(option, value))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void reuseAddress_letsTwoChannelsBind() throws IOException {
        DatagramChannel first = openUnbound().setOption(StandardSocketOptions.SO_REUSEADDR, true);
        DatagramChannel second = openUnbound().setOption(StandardSocketOptions.SO_REUSEADDR, true);
        first.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        second.bind(first.getLocalAddress());
        assertThat(second.getLocalAddress()).isEqualTo(first.getLocalAddress());
    }

    @Test
    void broadcast_isRefusedWithoutOption() throws IOException {
        DatagramChannel channel = own(provider.openDatagramChannel(StandardProtocolFamily.INET));
        InetSocketAddress broadcast = new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, (byte) 255, (byte) 255, (byte) 255}), 9);
        assertThatThrownBy(() -> channel.send(bytes("x"), broadcast)).isInstanceOf(SocketException.class);
        channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
        send(channel, "x", broadcast);
    }
}
