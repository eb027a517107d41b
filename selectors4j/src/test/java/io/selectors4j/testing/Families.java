package io.selectors4j.testing;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.RawSocketAddress;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/// Which families of sockets there are here, for tests to be generated from: the family's number, or nothing.
public final class Families {

    private static final int ETH_P_IP = 0x0800; // linux/if_ether.h

    private Families() {}

    /// AF_VSOCK, where it can be bound.
    public static List<Integer> vsock() {
        return where(SocketFd.AF_VSOCK, SocketFd.Type.STREAM, socket -> true);
    }

    /// AF_VSOCK, where a connect can at least begin.
    public static List<Integer> connectingVsock() {
        return where(SocketFd.AF_VSOCK, SocketFd.Type.STREAM, socket -> {
            socket.setBlocking(false);
            return !socket.connect(RawSocketAddress.vsock(RawSocketAddress.VMADDR_CID_LOCAL, 1));
        });
    }

    /// AF_VSOCK, where a connect to nobody takes its time.
    public static List<Integer> waitingVsock() {
        return where(SocketFd.AF_VSOCK, SocketFd.Type.STREAM, socket -> {
            socket.setBlocking(false);
            Poll poll = Poll.create();
            poll.register(socket, Poll.POLLOUT);
            return !socket.connect(RawSocketAddress.vsock(RawSocketAddress.VMADDR_CID_LOCAL, 1))
                    && poll.poll(Duration.ofMillis(200)).isEmpty();
        });
    }

    /// AF_NETLINK, where events of devices can be heard and caused.
    public static List<Integer> uevents() {
        return where(SocketFd.AF_NETLINK, SocketFd.Type.RAW, socket -> Files.isWritable(Netlink.LOOPBACK_UEVENT));
    }

    /// AF_PACKET, where it is allowed.
    public static List<Integer> packet() {
        return where(SocketFd.AF_PACKET, SocketFd.Type.DATAGRAM, socket -> true);
    }

    private interface Condition {
        boolean holds(SocketFd socket) throws IOException;
    }

    private static List<Integer> where(int family, SocketFd.Type type, Condition condition) {
        try (SocketFd socket = SocketFd.open(family, type, 0)) {
            return condition.holds(socket) ? List.of(family) : List.of();
        } catch (NativeIOException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The packets of IPv4 on the interface lo: `struct sockaddr_ll`.
    public static RawSocketAddress ipOnLoopback() {
        // less the family: be16 sll_protocol 0; int sll_ifindex 2; u16 sll_hatype 6; u8 sll_pkttype 8, sll_halen 9,
        // sll_addr[8] 10
        ByteBuffer data = ByteBuffer.allocate(18);
        data.putShort(0, (short) ETH_P_IP);
        data.order(ByteOrder.nativeOrder()).putInt(2, Netlink.LOOPBACK);
        return RawSocketAddress.of(SocketFd.AF_PACKET, data.array());
    }

    /// The interface that such an address names.
    public static int interfaceOf(SocketAddress address) {
        byte[] data = ((RawSocketAddress) address).data();
        return ByteBuffer.wrap(data).order(ByteOrder.nativeOrder()).getInt(2);
    }
}
