package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.ffi.Platform.Os;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The bytes of addresses on each system, checked on every host.
class SockAddrOfSystemsTest {

    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private static String bytes(SockAddr address) {
        return HexFormat.of()
                .formatHex(address.segment().asSlice(0, address.size()).toArray(ValueLayout.JAVA_BYTE));
    }

    /// Returns an address with bytes that the kernel of a system would write.
    private static SockAddr written(Os os, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        SockAddr address = new SockAddr(SockAddrLayout.of(os));
        MemorySegment.copy(bytes, 0, address.segment(), ValueLayout.JAVA_BYTE, 0, bytes.length);
        address.length().set(0, bytes.length);
        return address;
    }

    /// Returns the two bytes before the address; on Linux they are a short.
    private static String head(String ofOthers, String ofLinux) {
        return !ofLinux.isEmpty() ? (LITTLE ? ofLinux : ofLinux.substring(2) + ofLinux.substring(0, 2)) : ofOthers;
    }

    @ParameterizedTest
    @CsvSource({
        "LINUX, '', 0200",
        "MACOS, 1002, ''",
        "FREEBSD, 1002, ''",
        "OPENBSD, 1002, ''",
        "NETBSD, 1002, ''",
        "DRAGONFLY, 1002, ''"
    })
    void ipv4(Os os, String head, String ofLinux) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 0x1234);
        SockAddr encoded = new SockAddr(SockAddrLayout.of(os), address, false);
        assertThat(bytes(encoded)).isEqualTo(head(head, ofLinux) + "1234" + "c0000207" + "0000000000000000");
        assertThat(encoded.family()).isEqualTo(2);
        assertThat(encoded.decode()).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "LINUX, '', 0a00, 10",
        "MACOS, 1c1e, '', 30",
        "FREEBSD, 1c1c, '', 28",
        "OPENBSD, 1c18, '', 24",
        "NETBSD, 1c18, '', 24",
        "DRAGONFLY, 1c1c, '', 28"
    })
    void ipv6(Os os, String head, String ofLinux, int family) throws Exception {
        byte[] host = InetAddress.ofLiteral("fe80::1:2").getAddress();
        InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, host, 5), 65535);
        SockAddr encoded = new SockAddr(SockAddrLayout.of(os), address, true);
        assertThat(bytes(encoded))
                .isEqualTo(head(head, ofLinux) + "ffff" + "00000000" + "fe800000000000000000000000010002"
                        + (LITTLE ? "05000000" : "00000005"));
        assertThat(encoded.family()).isEqualTo(family);
        assertThat(encoded.decode()).isEqualTo(address);
        // A mapped IPv4 address is decoded as an IPv4 address.
        InetSocketAddress mapped = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 9);
        assertThat(new SockAddr(SockAddrLayout.of(os), mapped, true).decode()).isEqualTo(mapped);
    }

    @ParameterizedTest
    @CsvSource({
        "LINUX, '', 0100",
        "MACOS, 0901, ''",
        "FREEBSD, 0901, ''",
        "OPENBSD, 0901, ''",
        "NETBSD, 0901, ''",
        "DRAGONFLY, 0901, ''"
    })
    void unixPath(Os os, String head, String ofLinux) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of("/tmp/a");
        SockAddr encoded = new SockAddr(SockAddrLayout.of(os), address, false);
        assertThat(bytes(encoded)).isEqualTo(head(head, ofLinux) + "2f746d702f6100");
        assertThat(encoded.decode()).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"LINUX, 107, 110", "MACOS, 103, 106", "FREEBSD, 103, 106", "OPENBSD, 103, 106", "NETBSD, 103, 106"})
    void longestUnixPath_fits(Os os, int most, int size) throws Exception {
        SockAddrLayout layout = SockAddrLayout.of(os);
        assertThat(layout.sockaddrUn()).isEqualTo(size);
        UnixDomainSocketAddress longest = UnixDomainSocketAddress.of("/" + "x".repeat(most - 1));
        SockAddr encoded = new SockAddr(layout, longest, false);
        assertThat(encoded.size()).isEqualTo(size);
        assertThat(encoded.decode()).isEqualTo(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SockAddr(layout, UnixDomainSocketAddress.of("/" + "x".repeat(most)), false))
                .withMessageContaining("has at most " + most + " bytes");
    }

    @ParameterizedTest
    @EnumSource(names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void unnamedUnixSocket_isPaddedOnTheBsds(Os os) {
        // sys/unpcb.h: sun_noname is a struct sockaddr of 16 bytes.
        SocketAddress unnamed = UnixDomainSocketAddress.of("");
        assertThat(written(os, "1001" + "00".repeat(14)).decode()).isEqualTo(unnamed);
        assertThat(written(os, "0201").decode()).isEqualTo(unnamed);
        // A path may be padded as well.
        assertThat(written(os, "6a01" + "2f61" + "00".repeat(102)).decode())
                .isEqualTo(UnixDomainSocketAddress.of("/a"));
    }

    @Test
    void leadingZeroByte_isAbstractNameOnLinux() {
        assertThat(written(Os.LINUX, head("", "0100") + "0061").decode()).isNull();
        assertThat(written(Os.LINUX, head("", "0100")).decode()).isEqualTo(UnixDomainSocketAddress.of(""));
    }

    @ParameterizedTest
    @CsvSource({"LINUX, '', 1200, 18", "MACOS, 0612, '', 18", "NETBSD, 0612, '', 18"})
    void otherFamily_isBytes(Os os, String head, String ofLinux, int family) {
        SockAddr address = new SockAddr(SockAddrLayout.of(os), family, new byte[] {1, 2, 3, 4});
        assertThat(bytes(address)).isEqualTo(head(head, ofLinux) + "01020304");
        assertThat(address.family()).isEqualTo(family);
        assertThat(address.data()).containsExactly(1, 2, 3, 4);
        assertThat(address.decode()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"LINUX, 65535", "MACOS, 255", "FREEBSD, 255", "OPENBSD, 255", "NETBSD, 255", "DRAGONFLY, 255"})
    void largestFamily_fits(Os os, int most) {
        SockAddrLayout layout = SockAddrLayout.of(os);
        assertThat(layout.maxFamily()).isEqualTo(most);
        assertThat(new SockAddr(layout, most, new byte[0]).family()).isEqualTo(most);
    }

    @ParameterizedTest
    @EnumSource(names = {"LINUX", "MACOS"})
    void unfilledAddress_hasNoFamily(Os os) {
        assertThat(written(os, "").family()).isZero();
        assertThat(written(os, "").data()).isEmpty();
        assertThat(written(os, "").decode()).isNull();
    }

    @Test
    void unknownSystem_hasTheLayoutOfLinux() {
        assertThat(SockAddrLayout.of(Os.AIX)).isEqualTo(SockAddrLayout.of(Os.LINUX));
        assertThat(SockAddrLayout.CURRENT).isEqualTo(SockAddrLayout.of(Os.LINUX));
    }
}
