package io.selectors4j.fd;

import static io.selectors4j.fd.SocketFdTest.accept;
import static io.selectors4j.fd.SocketFdTest.assertErrno;
import static io.selectors4j.fd.SocketFdTest.bytes;
import static io.selectors4j.fd.SocketFdTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Families;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.Netlink;
import io.selectors4j.testing.TestSignal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Sockets of any address family, and raw addresses of IP and Unix sockets.
@Timeout(60)
class RawSocketTest {

    private static final RawSocketAddress KERNEL = RawSocketAddress.netlink(0, 0);
    private static final UnixDomainSocketAddress UNNAMED = UnixDomainSocketAddress.of("");
    private static final int SOL_SOCKET = 1; // asm-generic/socket.h
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_PROTOCOL = 38;

    @TempDir
    private Path directory;

    static List<Integer> vsock() {
        return Families.vsock();
    }

    static List<Integer> waitingVsock() {
        return Families.waitingVsock();
    }

    static List<Integer> packet() {
        return Families.packet();
    }

    private static RawSocketAddress abstractName(String name) {
        return RawSocketAddress.unixAbstract(
                (name + "/" + ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII));
    }

    private static RawSocketAddress raw(InetSocketAddress address) {
        // struct sockaddr_in after the family: in_port_t sin_port 0; struct in_addr sin_addr 2; char sin_zero[8] 6
        ByteBuffer data = ByteBuffer.allocate(14).order(ByteOrder.BIG_ENDIAN);
        data.putShort((short) address.getPort()).put(address.getAddress().getAddress());
        return RawSocketAddress.of(SocketFd.AF_INET, data.array());
    }

    private static SocketFd userSocket() throws Exception {
        SocketFd socket = SocketFd.open(SocketFd.AF_NETLINK, SocketFd.Type.DATAGRAM, Netlink.NETLINK_USERSOCK);
        socket.bind(KERNEL); // the kernel chooses a port
        return socket;
    }

    @Test
    void open_isBlockingAndCloseOnExec() throws Exception {
        try (SocketFd socket = Netlink.open()) {
            assertThat(socket.isBlocking()).isTrue();
            assertThat(Libc.isCloseOnExec(socket.fileno())).isTrue();
            assertThat(socket.localAddress()).isEqualTo(KERNEL);
            assertThat(socket.getOption(SOL_SOCKET, SO_PROTOCOL)).isEqualTo(Netlink.NETLINK_ROUTE);
        }
        try (SocketFd socket = SocketFd.open(SocketFd.AF_NETLINK, SocketFd.Type.RAW, Netlink.NETLINK_USERSOCK)) {
            assertThat(socket.getOption(SOL_SOCKET, SO_PROTOCOL)).isEqualTo(Netlink.NETLINK_USERSOCK);
        }
    }

    @Test
    void usualFamilies_openByNumber() throws Exception {
        try (SocketFd server = SocketFd.open(SocketFd.AF_INET, SocketFd.Type.STREAM, 6)) {
            server.bind(SocketFdTest.LOOPBACK4);
            assertThat(server.localAddress()).isInstanceOf(InetSocketAddress.class);
        }
        try (SocketFd unix = SocketFd.open(SocketFd.AF_UNIX, SocketFd.Type.DATAGRAM, 0)) {
            assertThat(unix.localAddress()).isEqualTo(UNNAMED);
        }
    }

    @Test
    void openFailure_namesArguments() {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> SocketFd.open(1234, SocketFd.Type.STREAM, 0))
                .withMessageContaining("socket(1234, STREAM)")
                .withMessageContaining("EAFNOSUPPORT");
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> SocketFd.open(SocketFd.AF_INET, SocketFd.Type.STREAM, 17))
                .withMessageContaining("socket(INET, STREAM, 17)")
                .withMessageContaining("EPROTONOSUPPORT");
        assertErrno("ESOCKTNOSUPPORT", () -> SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.RDM));
    }

    @Test
    void netlinkPort_isChosenByKernel() throws Exception {
        try (SocketFd socket = Netlink.open()) {
            socket.bind(KERNEL);
            RawSocketAddress address = (RawSocketAddress) socket.localAddress();
            assertThat(address.family()).isEqualTo(SocketFd.AF_NETLINK);
            assertThat(address.netlinkPid()).isNotZero();
            assertThat(address.netlinkGroups()).isZero();
            try (SocketFd other = Netlink.open()) {
                assertErrno("EADDRINUSE", () -> other.bind(address));
            }
        }
    }

    @Test
    void groups_areJoinedByAddressOrOption() throws Exception {
        int link = 1 << (Netlink.RTNLGRP_LINK - 1);
        try (SocketFd socket = Netlink.open()) {
            socket.bind(RawSocketAddress.netlink(0, link));
            assertThat(((RawSocketAddress) socket.localAddress()).netlinkGroups())
                    .isEqualTo(link);
            socket.setOption(Netlink.SOL_NETLINK, Netlink.NETLINK_DROP_MEMBERSHIP, Netlink.RTNLGRP_LINK);
            assertThat(((RawSocketAddress) socket.localAddress()).netlinkGroups())
                    .isZero();
            socket.setOption(Netlink.SOL_NETLINK, Netlink.NETLINK_ADD_MEMBERSHIP, Netlink.RTNLGRP_LINK);
            assertThat(((RawSocketAddress) socket.localAddress()).netlinkGroups())
                    .isEqualTo(link);
        }
    }

    @Test
    void netlinkMessage_hasSender() throws Exception {
        try (SocketFd one = userSocket();
                SocketFd other = userSocket()) {
            one.sendTo(bytes("hello"), other.localAddress(), 0);
            ByteBuffer target = ByteBuffer.allocate(9);
            assertThat(other.receiveFrom(target, 0)).isEqualTo(one.localAddress());
            assertThat(target.position()).isEqualTo(5);
            other.setBlocking(false);
            assertThat(other.receiveFrom(target, 0) == null).isTrue();
        }
    }

    @Test
    void netlinkSocket_connects() throws Exception {
        try (SocketFd one = userSocket();
                SocketFd other = userSocket()) {
            assertThat(one.connect(other.localAddress())).isTrue();
            assertThat(one.remoteAddress()).isEqualTo(other.localAddress());
            one.write(bytes("hello"));
            assertThat(read(other)).isEqualTo("hello");
            try (SocketFd copy = one.dup()) {
                assertThat(copy.remoteAddress()).isEqualTo(other.localAddress());
            }
        }
    }

    @Test
    void fullBuffer_consumesMessage_emptyMessageIsNoEnd() throws Exception {
        try (SocketFd one = userSocket();
                SocketFd other = SocketFd.open(SocketFd.AF_NETLINK, SocketFd.Type.RAW, Netlink.NETLINK_USERSOCK)) {
            other.bind(KERNEL);
            one.sendTo(bytes("lost"), other.localAddress(), 0);
            one.sendTo(bytes("second"), other.localAddress(), 0);
            assertThat(other.receive(ByteBuffer.allocate(0), 0)).isZero();
            assertThat(read(other)).isEqualTo("second");
        }
    }

    @Test
    void closeOfNetlinkSocket_leavesBlockedCall() throws Exception {
        try (SocketFd one = userSocket()) {
            SocketFd other = userSocket();
            RawSocketAddress address = (RawSocketAddress) other.localAddress();
            int fd = other.fileno();
            try (Background<Integer> receiving = Background.start(() -> other.receive(ByteBuffer.allocate(9), 0))) {
                receiving.awaitAsleep();
                other.close();
                receiving.expectRunning(Duration.ofMillis(50));
                assertThat(Libc.isOpen(fd)).isTrue();
                one.sendTo(bytes("x"), address, 0);
                assertThat(receiving.result()).isEqualTo(1);
                assertThat(Libc.isOpen(fd)).isFalse();
            }
        }
    }

    @Test
    void borrowedSocket_knowsFamilyAndType() throws Exception {
        try (SocketFd socket = userSocket();
                SocketFd borrowed = SocketFd.borrow(socket.fileno());
                SocketFd other = userSocket()) {
            assertThat(borrowed.localAddress()).isEqualTo(socket.localAddress());
            borrowed.sendTo(bytes("x"), other.localAddress(), 0);
            assertThat(other.receiveFrom(ByteBuffer.allocate(1), 0)).isEqualTo(socket.localAddress());
        }
    }

    @Test
    void addressOfOtherFamily_isRefused() throws Exception {
        InetSocketAddress inet = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);
        try (SocketFd netlink = Netlink.open();
                SocketFd ip = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd unix = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.DATAGRAM)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> netlink.bind(RawSocketAddress.vsock(1, 2)))
                    .withMessageContaining("vsock[cid=1, port=2]");
            assertThatIllegalArgumentException().isThrownBy(() -> netlink.bind(inet));
            assertThatIllegalArgumentException().isThrownBy(() -> netlink.connect(UnixDomainSocketAddress.of("/x")));
            assertThatIllegalArgumentException().isThrownBy(() -> ip.connect(KERNEL));
            assertThatIllegalArgumentException().isThrownBy(() -> ip.sendTo(bytes("x"), abstractName("x"), 0));
            assertThatIllegalArgumentException().isThrownBy(() -> unix.sendTo(bytes("x"), raw(inet), 0));
        }
    }

    @Test
    void rawIpAddress_works() throws Exception {
        try (SocketFd server = SocketFd.createServer(raw(SocketFdTest.LOOPBACK4), 1)) {
            InetSocketAddress address = (InetSocketAddress) server.localAddress();
            assertThat(address.getAddress()).isEqualTo(SocketFdTest.LOOPBACK4.getAddress());
            try (SocketFd client = SocketFd.createConnection(raw(address));
                    SocketFd accepted = accept(server)) {
                assertThat(client.remoteAddress()).isEqualTo(address);
                assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
            }
        }
    }

    @Test
    void rawPath_works() throws Exception {
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("socket"));
        RawSocketAddress raw =
                RawSocketAddress.of(SocketFd.AF_UNIX, path.getPath().toString().getBytes(StandardCharsets.UTF_8));
        try (SocketFd server = SocketFd.createServer(raw, 1);
                SocketFd client = SocketFd.createConnection(path)) {
            assertThat(server.localAddress()).isEqualTo(path);
            assertThat(client.remoteAddress()).isEqualTo(path);
        }
    }

    @Test
    void abstractName_connects() throws Exception {
        RawSocketAddress name = abstractName("stream");
        RawSocketAddress clientName = abstractName("client");
        try (SocketFd server = SocketFd.createServer(name, 5);
                SocketFd client = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM)) {
            client.bind(clientName);
            assertThat(client.connect(name)).isTrue();
            assertThat(server.localAddress()).isEqualTo(name);
            assertThat(client.remoteAddress()).isEqualTo(name);
            assertThat(client.localAddress()).isEqualTo(clientName);
            try (SocketFd accepted = accept(server)) {
                assertThat(accepted.remoteAddress()).isEqualTo(clientName);
                assertThat(accepted.localAddress()).isEqualTo(name);
                client.write(bytes("question"));
                assertThat(read(accepted)).isEqualTo("question");
            }
            assertErrno("EADDRINUSE", () -> SocketFd.createServer(name, 5));
        }
        assertErrno("ECONNREFUSED", () -> SocketFd.createConnection(name)); // the name is freed with the socket
        SocketFd.createServer(name, 5).close();
    }

    @ParameterizedTest
    @EnumSource(
            value = SocketFd.Type.class,
            names = {"DATAGRAM", "RAW"}) // Unix sockets treat RAW as DATAGRAM
    void abstractNames_exchangeMessages(SocketFd.Type type) throws Exception {
        try (SocketFd one = SocketFd.open(StandardProtocolFamily.UNIX, type);
                SocketFd other = SocketFd.open(StandardProtocolFamily.UNIX, type)) {
            RawSocketAddress name = abstractName("one");
            RawSocketAddress otherName = abstractName("other");
            one.bind(name);
            other.bind(otherName);
            one.sendTo(bytes("hello"), otherName, 0);
            assertThat(other.receiveFrom(ByteBuffer.allocate(9), 0)).isEqualTo(name);
            one.sendTo(ByteBuffer.allocate(0), otherName, 0);
            assertThat(other.receive(ByteBuffer.allocate(9), 0))
                    .as("an empty message is not the end")
                    .isZero();
        }
    }

    @Test
    void emptyPath_bindsToChosenAbstractName() throws Exception {
        try (SocketFd socket = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.DATAGRAM)) {
            socket.bind(UNNAMED);
            RawSocketAddress name = (RawSocketAddress) socket.localAddress();
            assertThat(new String(name.abstractName(), StandardCharsets.US_ASCII))
                    .matches("[0-9a-f]{5}");
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void numberedOptions_setAndGet() throws Exception {
        try (SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            assertThat(socket.getOption(SOL_SOCKET, SO_KEEPALIVE)).isZero();
            socket.setOption(SOL_SOCKET, SO_KEEPALIVE, 1);
            assertThat(socket.getOption(SOL_SOCKET, SO_KEEPALIVE)).isEqualTo(1);
            assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            int fd = socket.fileno();
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> socket.setOption(SOL_SOCKET, 9999, 5))
                    .withMessageContaining("setsockopt(fd=" + fd + ", 1, 9999, 5)")
                    .withMessageContaining("ENOPROTOOPT");
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> socket.getOption(SOL_SOCKET, 9999))
                    .withMessageContaining("getsockopt(fd=" + fd + ", 1, 9999)")
                    .withMessageContaining("ENOPROTOOPT");
            socket.close();
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> socket.setOption(SOL_SOCKET, SO_KEEPALIVE, 1));
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> socket.getOption(SOL_SOCKET, SO_KEEPALIVE));
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("vsock")
    void vsock_getsPort(int domain) throws Exception {
        try (SocketFd server = SocketFd.open(domain, SocketFd.Type.STREAM, 0)) {
            server.bind(RawSocketAddress.vsock(RawSocketAddress.VMADDR_CID_ANY, RawSocketAddress.VMADDR_PORT_ANY));
            server.listen(1);
            RawSocketAddress address = (RawSocketAddress) server.localAddress();
            assertThat(address.vsockCid()).isEqualTo(RawSocketAddress.VMADDR_CID_ANY);
            assertThat(address.vsockPort()).isNotIn(0, RawSocketAddress.VMADDR_PORT_ANY);
            assertErrno("EADDRINUSE", () -> SocketFd.createServer(address, 1));
            assertErrno("ENOTCONN", server::remoteAddress);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("waitingVsock")
    void interruptedVsockConnect_isRepeated(int domain) throws Exception {
        RawSocketAddress nobody = RawSocketAddress.vsock(RawSocketAddress.VMADDR_CID_LOCAL, 1);
        try (TestSignal signal = TestSignal.interrupting("WINCH");
                SocketFd client = SocketFd.open(domain, SocketFd.Type.STREAM, 0);
                Background<Boolean> connecting = Background.start(() -> client.connect(nobody))) {
            for (int i = 0; i < 3; i++) {
                connecting.awaitAsleep();
                signal.send(connecting);
            }
            assertThat(connecting.failure())
                    .isInstanceOfSatisfying(
                            NativeIOException.class,
                            e -> assertThat(e.errnoName()).isEqualTo("ETIMEDOUT"));
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("packet")
    void packetSocket_bindsToInterface(int domain) throws Exception {
        try (SocketFd packets = SocketFd.open(domain, SocketFd.Type.RAW, 0)) {
            packets.bind(Families.ipOnLoopback());
            assertThat(Families.interfaceOf(packets.localAddress())).isEqualTo(Netlink.LOOPBACK);
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void close_endsAcceptOfAbstractName() throws Exception {
        try (SocketFd server = SocketFd.createServer(abstractName("closing"), 1)) {
            try (Background<?> accepting = Background.start(server::accept)) {
                accepting.awaitAsleep();
                server.close();
                assertThat(accepting.failure()).isInstanceOf(AsynchronousCloseException.class);
            }
        }
    }
}
