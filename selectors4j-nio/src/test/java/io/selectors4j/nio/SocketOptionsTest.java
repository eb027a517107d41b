package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The options of channels: each of them behaves as that of the same channel of the JDK.
class SocketOptionsTest extends ProviderTest {

    private static final SocketOption<String> UNKNOWN = new SocketOption<>() {
        @Override
        public String name() {
            return "UNKNOWN";
        }

        @Override
        public Class<String> type() {
            return String.class;
        }

        @Override
        public String toString() {
            return name();
        }
    };

    private static final List<Object> BOOLEANS = List.of(true, false);
    private static final List<Object> NUMBERS = List.of(0, 1, -1, 2, 16, 255, 256, 8192, 65535, 65536, 1_000_000);

    SocketOptionsTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    /// A type of channels and a family.
    enum ChannelType {
        STREAM,
        STREAM_INET,
        STREAM_INET6,
        STREAM_UNIX,
        SERVER,
        SERVER_INET,
        SERVER_INET6,
        SERVER_UNIX,
        DATAGRAM,
        DATAGRAM_INET,
        DATAGRAM_INET6;

        NetworkChannel open(SelectorProvider provider) throws IOException {
            int separator = name().indexOf('_');
            StandardProtocolFamily family =
                    separator < 0 ? null : StandardProtocolFamily.valueOf(name().substring(separator + 1));
            return switch (name().substring(0, 3)) {
                case "STR" -> family == null ? provider.openSocketChannel() : provider.openSocketChannel(family);
                case "SER" ->
                    family == null ? provider.openServerSocketChannel() : provider.openServerSocketChannel(family);
                default -> family == null ? provider.openDatagramChannel() : provider.openDatagramChannel(family);
            };
        }
    }

    /// Returns the types of this system.
    static List<ChannelType> types() {
        return Arrays.stream(ChannelType.values())
                .filter(type -> Families.DEFAULT == StandardProtocolFamily.INET6
                        || !type.name().endsWith("INET6"))
                .toList();
    }

    private interface Access {
        Object get() throws IOException;
    }

    /// Returns the value or the exception of an access, as a text.
    private static String outcome(Access access) {
        try {
            return "" + access.get();
        } catch (IOException | RuntimeException e) {
            return e.toString();
        }
    }

    private static String get(NetworkChannel channel, SocketOption<?> option) {
        return outcome(() -> channel.getOption(option));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a wrong value may be null
    private static String set(NetworkChannel channel, SocketOption<?> option, @Nullable Object value) {
        return outcome(() -> {
            assertThat(channel.setOption((SocketOption<Object>) option, value)).isSameAs(channel);
            return "set";
        });
    }

    private static SocketOption<?> named(NetworkChannel channel, String name) {
        return channel.supportedOptions().stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> names(NetworkChannel channel) {
        return channel.supportedOptions().stream()
                .map(SocketOption::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Returns values to set, of the type of the option.
    private static List<Object> values(SocketOption<?> option) throws IOException {
        if (option.type() == Boolean.class) {
            return BOOLEANS;
        }
        if (option.type() == Integer.class) {
            return NUMBERS;
        }
        return option.type() == NetworkInterface.class ? List.of(NetworkInterface.getByName("lo")) : List.of();
    }

    private NetworkChannel openJdk(ChannelType type) throws IOException {
        return own(type.open(ProviderUnderTest.jdk()));
    }

    @ParameterizedTest
    @MethodSource("types")
    void supportedOptions_areThoseOfTheJdk(ChannelType type) throws Exception {
        NetworkChannel channel = own(type.open(provider));
        assertThat(names(channel)).isEqualTo(names(openJdk(type))).isNotEmpty();
        Set<SocketOption<?>> options = channel.supportedOptions();
        assertThatThrownBy(options::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @MethodSource("types")
    void defaults_areThoseOfTheJdk(ChannelType type) throws Exception {
        NetworkChannel channel = own(type.open(provider));
        NetworkChannel jdk = openJdk(type);
        Set<String> names = names(jdk);
        names.remove("SO_PEERCRED"); // fails without a peer; the JDK's message is that of an earlier error
        for (String name : names) {
            assertThat(get(channel, named(channel, name))).as(name).isEqualTo(get(jdk, named(jdk, name)));
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void eachValue_actsAsWithTheJdk(ChannelType type) throws Exception {
        NetworkChannel channel = own(type.open(provider));
        NetworkChannel jdk = openJdk(type);
        for (String name : names(jdk)) {
            List<String> expected = new ArrayList<>();
            List<String> actual = new ArrayList<>();
            for (Object value : values(named(jdk, name))) {
                expected.add(value + ": " + set(jdk, named(jdk, name), value) + ", " + get(jdk, named(jdk, name)));
                actual.add(value + ": " + set(channel, named(channel, name), value) + ", "
                        + get(channel, named(channel, name)));
            }
            assertThat(actual).as(name).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void wrongValue_isRefused(ChannelType type) throws Exception {
        NetworkChannel channel = own(type.open(provider));
        for (SocketOption<?> option : channel.supportedOptions()) {
            for (Object wrong : Arrays.asList(null, "text", 1L, option.type() == Boolean.class ? (Object) 1 : true)) {
                String refused = "java.lang.IllegalArgumentException: Invalid value '" + wrong + "'";
                assertThat(set(channel, option, wrong)).as("%s", option).isEqualTo(refused);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void unknownOption_isRefused(ChannelType type) throws Exception {
        NetworkChannel channel = own(type.open(provider));
        assertThatThrownBy(() -> channel.setOption(UNKNOWN, "x"))
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("'UNKNOWN' not supported");
        assertThatThrownBy(() -> channel.getOption(UNKNOWN))
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("'UNKNOWN' not supported");
        assertThatNullPointerException().isThrownBy(() -> channel.getOption(null));
        assertThatNullPointerException().isThrownBy(() -> channel.setOption(null, null));
    }

    @ParameterizedTest
    @MethodSource("types")
    void closedChannel_refusesOptions(ChannelType type) throws Exception {
        NetworkChannel channel = own(type.open(provider));
        channel.close();
        for (SocketOption<?> option : channel.supportedOptions()) {
            assertThatThrownBy(() -> channel.getOption(option)).isExactlyInstanceOf(ClosedChannelException.class);
            for (Object value : values(option)) {
                assertThat(set(channel, option, value))
                        .as("%s", option)
                        .isEqualTo(ClosedChannelException.class.getName());
            }
        }
    }

    @Test
    void optionsOfConnection_areThoseOfTheJdk() throws Exception {
        Pair pair = openPair();
        try (var server = ProviderUnderTest.jdk().openServerSocketChannel();
                var jdk = ProviderUnderTest.jdk().openSocketChannel()) {
            server.bind(TestIo.anyPort());
            jdk.connect(server.getLocalAddress());
            for (String name : names(jdk)) {
                for (Object value : values(named(jdk, name))) {
                    String expected = set(jdk, named(jdk, name), value) + ", " + get(jdk, named(jdk, name));
                    String actual = set(pair.client(), named(pair.client(), name), value) + ", "
                            + get(pair.client(), named(pair.client(), name));
                    assertThat(actual).as("%s = %s", name, value).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void readOnlyOption_cannotBeSet() throws Exception {
        var channel = own(provider.openSocketChannel());
        if (!channel.supportedOptions().contains(ExtendedSocketOptions.SO_INCOMING_NAPI_ID)) {
            return; // an older kernel
        }
        assertThatThrownBy(() -> channel.setOption(ExtendedSocketOptions.SO_INCOMING_NAPI_ID, 1))
                .isExactlyInstanceOf(java.net.SocketException.class)
                .hasMessage("Attempt to set read only option SO_INCOMING_NAPI_ID");
        assertThat(channel.getOption(ExtendedSocketOptions.SO_INCOMING_NAPI_ID)).isZero();
    }

    @Test
    void optionsOfStandard_areReadBack() throws Exception {
        var channel = own(provider.openSocketChannel());
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.setOption(StandardSocketOptions.SO_LINGER, 7);
        channel.setOption(StandardSocketOptions.IP_TOS, 16);
        channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 11);
        channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 12);
        channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 13);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 16_384);
        assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
        assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(7);
        assertThat(channel.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(16);
        assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(11);
        assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(12);
        assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(13);
        assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(16_384);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel.setOption(StandardSocketOptions.SO_SNDBUF, -1))
                .withMessage("Invalid send/receive buffer size");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel.setOption(StandardSocketOptions.IP_TOS, 256))
                .withMessage("Invalid IP_TOS value");
    }

    @Test
    void sizesOfServer_areInherited() throws Exception {
        var server = own(provider.openServerSocketChannel());
        server.setOption(StandardSocketOptions.SO_RCVBUF, 16_384);
        server.bind(TestIo.anyPort());
        var client = own(provider.openSocketChannel());
        client.connect(server.getLocalAddress());
        assertThat(own(server.accept()).getOption(StandardSocketOptions.SO_RCVBUF))
                .isEqualTo(server.getOption(StandardSocketOptions.SO_RCVBUF));
    }

    @Test
    void closedChannel_firstChecksTheOption() throws IOException {
        SocketChannel client = provider.openSocketChannel();
        client.close();
        ServerSocketChannel server = provider.openServerSocketChannel();
        server.close();
        for (NetworkChannel channel : List.of(client, server)) {
            assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.SO_BROADCAST))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> setUnchecked(channel, StandardSocketOptions.SO_RCVBUF, "x"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @SuppressWarnings("unchecked") // to be refused
    private static void setUnchecked(NetworkChannel channel, SocketOption<?> option, Object value) throws IOException {
        channel.setOption((SocketOption<Object>) option, value);
    }
}
