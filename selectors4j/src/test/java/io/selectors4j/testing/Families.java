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

/// Socket families that exist here, as arguments of parameterized tests: the number of the family, or an empty list.
public final class Families {

    private static final int ETH_P_IP = 0x0800; // linux/if_ether.h

    private Families() {}

    /// AF_VSOCK, if it can be bound.
    public static List<Integer> vsock() {
        return where(SocketFd.AF_VSOCK, SocketFd.Type.STREAM, socket -> true);
    }

    /// AF_VSOCK, if a connect can begin.
    public static List<Integer> connectingVsock() {
        return where(SocketFd.AF_VSOCK, SocketFd.Type.STREAM, socket -> {
            socket.setBlocking(false);
            return !socket.connect(RawSocketAddress.vsock(RawSocketAddress.VMADDR_CID_LOCAL, 1));
        });
    }

    /// AF_VSOCK, if a connect to an unused port does not fail at once.
    public static List<Integer> waitingVsock() {
        return where(SocketFd.AF_VSOCK, SocketFd.Type.STREAM, socket -> {
            socket.setBlocking(false);
            Poll poll = Poll.create();
            poll.register(socket, Poll.POLLOUT);
            return !socket.connect(RawSocketAddress.vsock(RawSocketAddress.VMADDR_CID_LOCAL, 1))
                    && poll.poll(Duration.ofMillis(200)).isEmpty();
        });
    }

    /// AF_NETLINK, if device events can be received and triggered.
    public static List<Integer> uevents() {
        return where(SocketFd.AF_NETLINK, SocketFd.Type.RAW, socket -> Files.isWritable(Netlink.LOOPBACK_UEVENT));
    }

    /// AF_PACKET, if the process may use it.
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

    /// Returns the address of the IPv4 packets on the interface lo, a `struct sockaddr_ll`.
    public static RawSocketAddress ipOnLoopback() {
        // without the family: be16 sll_protocol 0; int sll_ifindex 2; u16 sll_hatype 6; u8 sll_pkttype 8, sll_halen 9,
        // sll_addr[8] 10
        ByteBuffer data = ByteBuffer.allocate(18);
        data.putShort(0, (short) ETH_P_IP);
        data.order(ByteOrder.nativeOrder()).putInt(2, Netlink.LOOPBACK);
        return RawSocketAddress.of(SocketFd.AF_PACKET, data.array());
    }

    /// Returns the index of the interface in a packet address.
    public static int interfaceOf(SocketAddress address) {
        byte[] data = ((RawSocketAddress) address).data();
        return ByteBuffer.wrap(data).order(ByteOrder.nativeOrder()).getInt(2);
    }
}
