package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.fd.RawSocketAddress;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Families;
import io.selectors4j.testing.Netlink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Sockets of families for which Java has no addresses. Where the kernel lacks a family, or the process may not use it,
/// its tests are not generated.
@Tag("system")
@Tag("linux")
class RawSocketContractTest extends ContractTest {

    RawSocketContractTest(BackendUnderTest backend) {
        super(backend);
    }

    static List<Integer> vsock() {
        return Families.connectingVsock();
    }

    static List<Integer> packet() {
        return Families.packet();
    }

    static List<Integer> uevents() {
        return Families.uevents();
    }

    @Test
    void netlinkSocket_receivesTheReply() throws Exception {
        Selector<String> selector = open();
        SocketFd socket = own(Netlink.open());
        socket.bind(RawSocketAddress.netlink(0, 0));
        socket.setBlocking(false);
        selector.register(socket, Interest.READ, "netlink");
        expectNothing(selector);
        socket.sendTo(Netlink.allInterfaces(77), RawSocketAddress.netlink(0, 0), 0);
        List<Integer> interfaces = new ArrayList<>();
        boolean done = false;
        while (!done) {
            expectReady(selector, socket, Interest.READ);
            ByteBuffer messages = Netlink.buffer(32768);
            assertThat(socket.receiveFrom(messages, 0)).isEqualTo(RawSocketAddress.netlink(0, 0));
            messages.flip();
            int next = 0;
            while (next < messages.limit()) {
                int type = messages.getShort(next + 4);
                assertThat(messages.getInt(next + 8)).as("sequence number").isEqualTo(77);
                if (type == Netlink.RTM_NEWLINK) {
                    interfaces.add(messages.getInt(next + 20));
                }
                done |= type == Netlink.NLMSG_DONE;
                next += (messages.getInt(next) + 3) & ~3;
            }
        }
        assertThat(interfaces).contains(Netlink.LOOPBACK).doesNotHaveDuplicates();
        expectNothing(selector);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("uevents")
    void ueventGroup_receivesDeviceEvents(int domain) throws Exception {
        Selector<String> selector = open();
        SocketFd socket = own(SocketFd.open(domain, SocketFd.Type.RAW, Netlink.NETLINK_KOBJECT_UEVENT));
        socket.bind(RawSocketAddress.netlink(0, 1));
        selector.register(socket, Interest.READ, "uevents");
        Files.writeString(Netlink.LOOPBACK_UEVENT, "change");
        while (true) { // other devices may send events
            expectReady(selector, socket, Interest.READ);
            ByteBuffer event = ByteBuffer.allocate(8192);
            assertThat(socket.receiveFrom(event, 0)).isEqualTo(RawSocketAddress.netlink(0, 1));
            if (StandardCharsets.US_ASCII
                    .decode(event.flip())
                    .toString()
                    .startsWith("change@/devices/virtual/net/lo")) {
                return;
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("vsock")
    void listeningVsock_isNotReady(int domain) throws Exception {
        Selector<String> selector = open();
        SocketFd server = own(SocketFd.createServer(
                RawSocketAddress.vsock(RawSocketAddress.VMADDR_CID_ANY, RawSocketAddress.VMADDR_PORT_ANY), 5));
        assertThat(((RawSocketAddress) server.localAddress()).family()).isEqualTo(domain);
        server.setBlocking(false);
        selector.register(server, Interest.READ, "vsock");
        expectNothing(selector);
        assertThat(server.accept() == null).isTrue();
    }

    @Tag("ci")
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("vsock")
    void failedVsockConnect_isReadyWithTheError(int domain) throws Exception {
        Selector<String> selector = open();
        SocketFd client = own(SocketFd.open(domain, SocketFd.Type.STREAM, 0));
        client.setBlocking(false);
        // No socket listens: the connect is refused, or times out where the kernel has no local transport.
        assertThat(client.connect(RawSocketAddress.vsock(RawSocketAddress.VMADDR_CID_LOCAL, 1)))
                .isFalse();
        selector.register(client, Interest.WRITE, "vsock");
        Readiness readiness = expectReady(selector, client, Interest.WRITE);
        assertThat(readiness.isError()).isEqualTo(backend.backend() != Backend.SELECT);
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(client::finishConnect)
                .withMessageContaining("connect(vsock[cid=1, port=1])")
                .satisfies(e -> assertThat(e.errnoName())
                        .isIn(
                                backend.isLibkqueue()
                                        ? List.of("ENOTCONN")
                                        : List.of("ETIMEDOUT", "ECONNRESET", "ECONNREFUSED")));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("packet")
    void packetSocket_receivesPacketsOfAnInterface(int domain) throws Exception {
        Selector<String> selector = open();
        SocketFd packets = own(SocketFd.open(domain, SocketFd.Type.DATAGRAM, 0));
        packets.setBlocking(false);
        selector.register(packets, Interest.READ, "packets");
        expectNothing(selector); // the socket has no protocol yet
        packets.bind(Families.ipOnLoopback());
        assertThat(Families.interfaceOf(packets.localAddress())).isEqualTo(Netlink.LOOPBACK);

        InetSocketAddress unused = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);
        byte[] payload = ("to an unused port " + backend).getBytes(StandardCharsets.US_ASCII);
        SocketFd sender = own(SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM));
        while (true) { // other packets may pass the interface, so many that the queue has no room for this one
            sender.sendTo(ByteBuffer.wrap(payload), unused, 0);
            expectReady(selector, packets, Interest.READ);
            ByteBuffer packet = ByteBuffer.allocate(65_536);
            RawSocketAddress from = (RawSocketAddress) Objects.requireNonNull(packets.receiveFrom(packet, 0));
            assertThat(from.family()).isEqualTo(domain);
            assertThat(Families.interfaceOf(from)).isEqualTo(Netlink.LOOPBACK);
            packet.flip();
            assertThat(packet.get(0) >> 4).as("version of IP").isEqualTo(4);
            byte[] end = new byte[Math.min(payload.length, packet.limit())];
            packet.get(packet.limit() - end.length, end);
            if (new String(end, StandardCharsets.US_ASCII).equals("to an unused port " + backend)) {
                return;
            }
        }
    }
}
