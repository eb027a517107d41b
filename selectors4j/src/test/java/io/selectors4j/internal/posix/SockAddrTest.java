package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SockAddrTest {

    @Test
    void ipv4() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 0x1234);
        SockAddr encoded = new SockAddr(address, false);
        assertThat(encoded.size()).isEqualTo(16);
        assertThat(family(encoded)).isEqualTo(2);
        assertThat(bytes(encoded, 2, 14)).isEqualTo("1234" + "c0000207" + "0000000000000000");
        assertThat(encoded.decode()).isEqualTo(address);
    }

    @Test
    void ipv6() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1:2"), 65535);
        SockAddr encoded = new SockAddr(address, true);
        assertThat(encoded.size()).isEqualTo(28);
        assertThat(family(encoded)).isEqualTo(10);
        assertThat(bytes(encoded, 2, 26))
                .isEqualTo("ffff" + "00000000" + "20010db8000000000000000000010002" + "00000000");
        assertThat(encoded.decode()).isEqualTo(address);
    }

    @Test
    void addressOfThread_hasNothingOfThePreviousOne() throws Exception {
        byte[] linkLocal = InetAddress.ofLiteral("fe80::ffff:ffff:ffff:ffff").getAddress();
        List<SocketAddress> addresses = List.of(
                new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 7), 65535),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 0x1234),
                new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1:2"), 1),
                UnixDomainSocketAddress.of("/a/rather/long/path/to/a/socket"),
                new InetSocketAddress(InetAddress.ofLiteral("::"), 0),
                UnixDomainSocketAddress.of("/x"),
                UnixDomainSocketAddress.of(""));
        for (SocketAddress previous : addresses) {
            for (SocketAddress address : addresses) {
                for (boolean v6 : new boolean[] {true, false}) {
                    if (v6
                            || !(address instanceof InetSocketAddress inet)
                            || inet.getAddress() instanceof Inet4Address) {
                        SockAddr.current(previous, true);
                        SockAddr encoded = SockAddr.current(address, v6);
                        SockAddr expected = new SockAddr(address, v6);
                        assertThat(encoded.size()).isEqualTo(expected.size());
                        assertThat(bytes(encoded, 0, encoded.size()))
                                .as("%s after %s", address, previous)
                                .isEqualTo(bytes(expected, 0, expected.size()));
                    }
                }
            }
        }
        assertThat(SockAddr.current().family()).isZero();
        assertThat(SockAddr.current().size()).isEqualTo(128);
    }

    @Test
    void ipv6_keepsItsScope() throws Exception {
        byte[] host = InetAddress.ofLiteral("fe80::1").getAddress();
        InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, host, 5), 80);
        SockAddr encoded = new SockAddr(address, true);
        assertThat(encoded.segment().get(ValueLayout.JAVA_INT, 24)).isEqualTo(5);
        InetSocketAddress decoded = inet(encoded);
        assertThat(decoded).isEqualTo(address);
        assertThat(((Inet6Address) decoded.getAddress()).getScopeId()).isEqualTo(5);
    }

    @Test
    void ipv6WithoutScope_hasNone() throws Exception {
        SockAddr encoded = new SockAddr(new InetSocketAddress(InetAddress.ofLiteral("::1"), 80), true);
        InetSocketAddress decoded = inet(encoded);
        assertThat(decoded.getAddress().getHostAddress()).doesNotContain("%");
    }

    @Test
    void ipv4OnIpv6Socket_isMapped() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 443);
        SockAddr encoded = new SockAddr(address, true);
        assertThat(encoded.size()).isEqualTo(28);
        assertThat(family(encoded)).isEqualTo(10);
        assertThat(bytes(encoded, 8, 16)).isEqualTo("00000000000000000000ffffc0000207");
        InetSocketAddress decoded = inet(encoded);
        assertThat(decoded).isEqualTo(address);
        assertThat(decoded.getAddress()).isInstanceOf(Inet4Address.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::ffff", "::c000:207", "::fffe:c000:207", "1::ffff:c000:207", "::1:ffff:c000:207"})
    void ipv6_isMappedOnlyWithThePrefix(String literal) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(literal), 1);
        SockAddr encoded = new SockAddr(address, true);
        assertThat(inet(encoded)).isEqualTo(address);
        assertThat(encoded.decodeSender()).isEqualTo(address);
    }

    @Test
    void sender_hasTheHostObjectOfTheLastOne() throws Exception {
        InetSocketAddress first = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 1);
        InetSocketAddress second = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 2);
        InetSocketAddress other = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.8"), 2);
        InetAddress host = decodeSender(first).getAddress();
        assertThat(decodeSender(second)).isEqualTo(second);
        assertThat(decodeSender(second).getAddress()).isSameAs(host);
        assertThat(decodeSender(other)).isEqualTo(other);
        assertThat(decodeSender(first)).isEqualTo(first);
    }

    private static InetSocketAddress decodeSender(InetSocketAddress sender) throws Exception {
        return (InetSocketAddress)
                Objects.requireNonNull(SockAddr.current(sender, false).decodeSender());
    }

    @Test
    void ipv4Wildcard_becomesIpv6Wildcard() throws Exception {
        SockAddr encoded = new SockAddr(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 9), true);
        assertThat(bytes(encoded, 8, 16)).isEqualTo("0".repeat(32));
        assertThat(inet(encoded).getAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void ipv6OnIpv4Socket_isRejected() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("::1"), 80);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SockAddr(address, false))
                .withMessageContaining("IPv6");
    }

    @Test
    void port_isUnsigned() throws Exception {
        for (int port : new int[] {0, 1, 255, 256, 32767, 32768, 65535}) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
            assertThat(new SockAddr(address, false).decode()).isEqualTo(address);
        }
    }

    @Test
    void unixPath() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of("/tmp/a");
        SockAddr encoded = new SockAddr(address, false);
        assertThat(encoded.size()).isEqualTo(2 + 6 + 1);
        assertThat(family(encoded)).isEqualTo(1);
        assertThat(bytes(encoded, 2, 7)).isEqualTo("2f746d702f6100");
        assertThat(encoded.decode()).isEqualTo(address);
    }

    @Test
    void longestUnixPath_has107Bytes() throws Exception {
        UnixDomainSocketAddress longest = UnixDomainSocketAddress.of("/" + "x".repeat(106));
        SockAddr encoded = new SockAddr(longest, false);
        assertThat(encoded.size()).isEqualTo(110);
        assertThat(encoded.segment().get(ValueLayout.JAVA_BYTE, 109)).isZero();
        assertThat(encoded.decode()).isEqualTo(longest);
        UnixDomainSocketAddress longer = UnixDomainSocketAddress.of("/" + "x".repeat(107));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SockAddr(longer, false))
                .withMessageContaining("107")
                .withMessageContaining("108");
    }

    @Test
    void unnamedUnixSocket_hasTheEmptyPath() throws Exception {
        UnixDomainSocketAddress unnamed = UnixDomainSocketAddress.of("");
        SockAddr encoded = new SockAddr(unnamed, false);
        assertThat(encoded.size()).isEqualTo(2);
        assertThat(encoded.decode()).isEqualTo(unnamed);
    }

    @Test
    void unnamedPeer_hasTheEmptyPath() {
        SockAddr familyOnly = new SockAddr();
        familyOnly.segment().set(ValueLayout.JAVA_SHORT, 0, (short) 1);
        familyOnly.length().set(0, 2); // getpeername of socketpair
        assertThat(familyOnly.decode()).isEqualTo(UnixDomainSocketAddress.of(""));
    }

    @Test
    void abstractName_isNoPath() {
        SockAddr name = new SockAddr();
        name.segment().set(ValueLayout.JAVA_SHORT, 0, (short) 1);
        name.segment().setString(3, "hidden");
        name.length().set(0, 2 + 7);
        assertThat(name.decode()).isNull();
        assertThat(name.data()).asHexString().isEqualTo("0068696464656E");
        assertThat(new SockAddr(1, new byte[] {0}).decode())
                .as("the empty name")
                .isNull();
    }

    @Test
    void invalidBytes_areNoPath() {
        byte[] path = {'/', (byte) 0xC3, 'x', (byte) 0xFF};
        // Invalid in UTF-8 and ASCII, valid in Latin-1.
        boolean valid = Arrays.equals(CString.encode(CString.decode(path)), path);
        SocketAddress decoded = new SockAddr(1, path).decode();
        assertThat(decoded == null).isEqualTo(!valid);
    }

    @Test
    void otherFamily_isBytes() {
        byte[] data = {1, 2, 3, 4, 5};
        SockAddr address = new SockAddr(40, data);
        assertThat(address.size()).isEqualTo(7);
        assertThat(bytes(address, 2, 6)).isEqualTo("010203040500");
        assertThat(family(address)).isEqualTo(40);
        assertThat(address.family()).isEqualTo(40);
        assertThat(address.data()).containsExactly(data);
        assertThat(address.decode()).isNull();
        assertThat(new SockAddr(0xFFFF, data).family()).isEqualTo(0xFFFF);
    }

    @Test
    void data_endsAtTheWrittenLength() {
        SockAddr nothing = new SockAddr();
        nothing.length().set(0, 0);
        assertThat(nothing.family()).isZero();
        assertThat(nothing.data()).isEmpty();
        assertThat(nothing.decode()).isNull();
        SockAddr truncated = new SockAddr(40, new byte[126]);
        truncated.length().set(0, 500); // the kernel returns the full length of a truncated address
        assertThat(truncated.data()).hasSize(126);
    }

    @Test
    void fullSunPath_needsNoZeroByte() {
        SockAddr full = new SockAddr();
        full.segment().fill((byte) 'y');
        full.segment().set(ValueLayout.JAVA_SHORT, 0, (short) 1);
        full.length().set(0, 110);
        assertThat(full.decode()).isEqualTo(UnixDomainSocketAddress.of("y".repeat(108)));
    }

    @Test
    void unresolvedAddress_isNamed() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("localhost", 80);
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> new SockAddr(unresolved, false))
                .withMessage("unresolved address localhost:80");
    }

    @Test
    void otherAddressClass_isRejected() {
        @SuppressWarnings("serial")
        SocketAddress other = new SocketAddress() {
            @Override
            public String toString() {
                return "postcard";
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SockAddr(other, false))
                .withMessageContaining("postcard");
    }

    private static InetSocketAddress inet(SockAddr address) {
        return (InetSocketAddress) Objects.requireNonNull(address.decode());
    }

    private static int family(SockAddr address) {
        return address.segment().get(ValueLayout.JAVA_SHORT, 0);
    }

    private static String bytes(SockAddr address, long offset, long length) {
        return HexFormat.of()
                .formatHex(address.segment().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }
}
