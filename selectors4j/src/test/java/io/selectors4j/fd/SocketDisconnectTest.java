package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The end of the association of a datagram socket.
class SocketDisconnectTest {

    @TempDir
    private Path directory;

    private SocketAddress address(StandardProtocolFamily family, String name) {
        return switch (family) {
            case INET -> new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            case INET6 -> new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
            case UNIX -> UnixDomainSocketAddress.of(directory.resolve(name));
        };
    }

    private SocketFd bound(StandardProtocolFamily family, String name) throws Exception {
        SocketFd socket = SocketFd.open(family, SocketFd.Type.DATAGRAM);
        socket.bind(address(family, name));
        return socket;
    }

    private static ByteBuffer oneByte() {
        return ByteBuffer.allocate(1);
    }

    @ParameterizedTest
    @EnumSource
    void disconnected_hasNoPeer(StandardProtocolFamily family) throws Exception {
        try (SocketFd one = bound(family, "one");
                SocketFd two = bound(family, "two")) {
            one.connect(two.localAddress());
            assertThat(one.write(oneByte())).isEqualTo(1);
            one.disconnect();
            SocketFdTest.assertErrno("ENOTCONN", one::remoteAddress);
            SocketFdTest.assertErrno(
                    family == StandardProtocolFamily.UNIX ? "ENOTCONN" : "EDESTADDRREQ", () -> one.write(oneByte()));
            one.disconnect();
            one.connect(two.localAddress());
            assertThat(one.remoteAddress()).isEqualTo(two.localAddress());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void disconnected_receivesFromEverySender(StandardProtocolFamily family) throws Exception {
        try (SocketFd one = SocketFd.open(family, SocketFd.Type.DATAGRAM);
                SocketFd two = bound(family, "two");
                SocketFd three = bound(family, "three")) {
            one.connect(two.localAddress());
            one.disconnect();
            one.bind(address(family, "one"));
            three.sendTo(oneByte(), one.localAddress(), 0);
            assertThat(one.receiveFrom(ByteBuffer.allocate(9), 0)).isEqualTo(three.localAddress());
        }
    }

    @Test
    void connection_isRefused() throws Exception {
        for (SocketFd.Type type : new SocketFd.Type[] {SocketFd.Type.STREAM, SocketFd.Type.SEQPACKET}) {
            try (SocketFd.Pair pair = SocketFd.pair(type)) {
                assertThatExceptionOfType(UnsupportedOperationException.class)
                        .isThrownBy(() -> pair.first().disconnect())
                        .withMessageContaining(type.name());
                assertThat(pair.first().write(oneByte())).isEqualTo(1);
            }
        }
    }

    @Test
    void closedSocket_isRefused() throws Exception {
        SocketFd udp = bound(StandardProtocolFamily.INET, "");
        udp.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(udp::disconnect);
    }

    @ParameterizedTest
    @EnumSource(names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void unsupportedFamily_isSuccessOnOtherSystems(Os os) {
        Platform platform = new Platform(os, Arch.X86_64);
        int unsupported = -Errno.number(platform, "EAFNOSUPPORT");
        assertThat(SocketDomains.isDissolved(platform, unsupported)).isTrue();
        assertThat(SocketDomains.isDissolved(platform, 0)).isTrue();
        assertThat(SocketDomains.isDissolved(platform, -Errno.number(platform, "EBADF")))
                .isFalse();
        Platform linux = new Platform(Os.LINUX, Arch.X86_64);
        assertThat(SocketDomains.isDissolved(linux, -Errno.number(linux, "EAFNOSUPPORT")))
                .isFalse();
    }
}
