package io.selectors4j.stress.fuzz;

import io.selectors4j.fd.RawSocketAddress;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Addresses that lead neither out of this machine nor to other processes.
final class Addresses {

    private static final int CLOSED_PORT = 1;
    private static final int LONG_PATH = 200;
    private static final int INET = 6;
    private static final int INET6 = 22;
    private static final Set<Integer> LOCAL_FAMILIES =
            Set.of(0, SocketFd.AF_UNIX, SocketFd.AF_INET, SocketFd.AF_INET6, 9999);

    /// Whether this system has the abstract namespace of Unix sockets.
    static final boolean HAS_ABSTRACT_NAMES = Platform.CURRENT.os() == Os.LINUX;

    private Addresses() {}

    /// Returns an address of any kind.
    static SocketAddress any(ObjectPool pool) {
        Input input = pool.input();
        List<SocketAddress> servers = pool.fixture().addresses();
        return switch (input.small() % 10) {
            case 0 -> new InetSocketAddress(loopback(input), 0);
            case 1 -> new InetSocketAddress(loopback(input), CLOSED_PORT);
            case 2 -> InetSocketAddress.createUnresolved("nowhere.invalid", CLOSED_PORT);
            case 3 -> UnixDomainSocketAddress.of(pool.fixture().directory.resolve("s" + input.small() % 3));
            case 4 -> UnixDomainSocketAddress.of(input.choose("", "x".repeat(LONG_PATH), "nowhere/x"));
            case 5 -> new HostilePollable.UnknownAddress();
            case 6 -> raw(pool);
            default -> servers.get(input.small() % servers.size());
        };
    }

    private static InetAddress loopback(Input input) {
        return InetAddress.ofLiteral(input.choose("127.0.0.1", "::1"));
    }

    /// Returns an address as raw bytes.
    static RawSocketAddress raw(ObjectPool pool) {
        Input input = pool.input();
        byte[] bytes = input.take(input.small() % 127);
        return switch (input.small() % 4) {
            case 0 ->
                HAS_ABSTRACT_NAMES
                        ? RawSocketAddress.unixAbstract(ByteBuffer.allocate(Integer.BYTES + 1)
                                .putInt((int) ProcessHandle.current().pid())
                                .put((byte) input.small())
                                .array())
                        : RawSocketAddress.of(SocketFd.AF_UNIX, bytes);
            case 1 -> RawSocketAddress.of(0, bytes);
            case 2 -> RawSocketAddress.of(9999, bytes);
            default -> RawSocketAddress.of(SocketFd.AF_INET, new byte[] {0, CLOSED_PORT, 127, 0, 0, 1});
        };
    }

    /// Returns whether the fuzzer may bind or send to an address: its bytes can form any address.
    static boolean isHarmless(@Nullable SocketAddress address, FuzzFixture fixture) {
        if (!(address instanceof RawSocketAddress raw) || fixture.addresses().contains(raw)) {
            return true;
        }
        byte[] data = raw.data();
        int port = data.length < 2 ? 0 : (data[0] & 0xFF) << 8 | (data[1] & 0xFF);
        if (raw.family() == SocketFd.AF_INET) {
            return data.length < INET || (data[2] == 127 && port <= CLOSED_PORT);
        }
        if (raw.family() == SocketFd.AF_INET6) {
            return data.length < INET6;
        }
        // A path could name any file.
        boolean isPath = raw.family() == SocketFd.AF_UNIX && data.length > 0 && data[0] != 0;
        return LOCAL_FAMILIES.contains(raw.family()) && !isPath;
    }
}
