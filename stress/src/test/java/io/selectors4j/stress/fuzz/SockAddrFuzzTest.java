package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.selectors4j.fd.FdBytes;
import io.selectors4j.fd.RawSocketAddress;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.PosixBytes;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.posix.SockAddrLayout;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/// Random bytes and lengths in place of the `struct sockaddr` of each system, and random abstract names in the kernel.
@Tag("ci")
@ExtendWith(Fuzzing.class)
class SockAddrFuzzTest {

    private static final int HEADER = 2;
    private static final int STORAGE = 128;
    private static final int INET = 16;
    private static final int INET6 = 28;
    private static final int LONGEST_NAME = 107;

    private static final int PID = (int) ProcessHandle.current().pid();

    private static final List<SockAddrLayout> LAYOUTS =
            Arrays.stream(Os.values()).map(SockAddrLayout::of).distinct().toList();

    @FuzzTest
    void randomBytes_areAnAddress(byte[] bytes) throws Exception {
        Fuzzing.run(bytes, input -> {
            switch (input.below(Addresses.HAS_ABSTRACT_NAMES ? 4 : 3)) {
                case 3 -> checkKernelNames(input);
                case 0 -> {
                    // A likely address: a known family and its length.
                    SockAddrLayout layout = LAYOUTS.get(input.below(LAYOUTS.size()));
                    int family = input.choose(1, 2, layout.inet6());
                    int length = input.choose(INET, INET6, layout.sockaddrUn(), input.below(STORAGE + 1));
                    SockAddr head = PosixBytes.encode(layout, family, input.take(STORAGE - HEADER));
                    decode(layout, head.segment().toArray(ValueLayout.JAVA_BYTE), length);
                }
                default -> {
                    SockAddrLayout layout = LAYOUTS.get(input.below(LAYOUTS.size()));
                    int length = input.flag() ? input.number() : input.below(STORAGE + 2);
                    decode(layout, input.take(STORAGE), length);
                }
            }
        });
    }

    private static void decode(SockAddrLayout layout, byte[] bytes, int length) throws IOException {
        SockAddr sockaddr = PosixBytes.filled(layout, bytes, length);
        byte[] all = Arrays.copyOf(bytes, STORAGE);
        int end = Math.clamp(length, HEADER, STORAGE);
        assertThat(sockaddr.size()).isEqualTo(length);
        assertThat(sockaddr.data()).isEqualTo(Arrays.copyOfRange(all, HEADER, end));
        int wide = MemorySegment.ofArray(all).get(ValueLayout.JAVA_SHORT_UNALIGNED, 0) & 0xFFFF;
        int family = layout.hasLength() ? all[1] & 0xFF : wide;
        assertThat(sockaddr.family()).isEqualTo(length < HEADER ? 0 : family);
        // Encoding returns the decoded bytes.
        byte[] data = sockaddr.data();
        SockAddr raw = PosixBytes.encode(layout, sockaddr.family(), data);
        assertThat(raw.family()).isEqualTo(sockaddr.family());
        assertThat(raw.data()).isEqualTo(data);
        SocketAddress address = sockaddr.decode();
        if (address != null) {
            encodeAgain(layout, sockaddr.family() == layout.inet6(), address);
        }
        if (layout.equals(SockAddrLayout.CURRENT)) {
            checkDescription(FdBytes.address(sockaddr, SocketFd.AF_NETLINK));
        }
    }

    /// A decoded address encodes and decodes to itself, if a Java class can represent it.
    private static void encodeAgain(SockAddrLayout layout, boolean v6, SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            int length = unix.getPath().toString().getBytes(StandardCharsets.UTF_8).length;
            if (length >= layout.unixPath()) {
                assertThatThrownBy(() -> PosixBytes.encode(layout, address, v6))
                        .isExactlyInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("this one has " + length);
                return;
            }
        }
        SocketAddress decoded = PosixBytes.encode(layout, address, v6).decode();
        boolean wildcard = v6
                && address instanceof InetSocketAddress inet
                && inet.getAddress() instanceof Inet4Address four
                && four.isAnyLocalAddress();
        if (wildcard) {
            assertThat(decoded)
                    .isInstanceOfSatisfying(
                            InetSocketAddress.class,
                            inet -> assertThat(inet.getAddress())
                                    .isInstanceOf(Inet6Address.class)
                                    .matches(InetAddress::isAnyLocalAddress));
        } else {
            assertThat(decoded).isEqualTo(address);
        }
    }

    /// Checks the accessors and the text of an address.
    private static void checkDescription(SocketAddress address) {
        assertThat(address.toString()).isNotNull();
        if (!(address instanceof RawSocketAddress raw)) {
            return;
        }
        RawSocketAddress copy = RawSocketAddress.of(raw.family(), raw.data());
        assertThat(copy).isEqualTo(raw).hasSameHashCodeAs(raw).hasToString(raw.toString());
        int length = raw.data().length;
        expectState(catchThrowable(raw::netlinkPid), raw.family() == LinuxConstants.AF_NETLINK && length >= 10);
        expectState(catchThrowable(raw::netlinkGroups), raw.family() == LinuxConstants.AF_NETLINK && length >= 10);
        expectState(catchThrowable(raw::vsockCid), raw.family() == LinuxConstants.AF_VSOCK && length >= 14);
        expectState(catchThrowable(raw::vsockPort), raw.family() == LinuxConstants.AF_VSOCK && length >= 14);
        boolean isAbstract = raw.family() == SocketFd.AF_UNIX && length > 0 && raw.data()[0] == 0;
        expectState(catchThrowable(raw::abstractName), isAbstract);
        if (Addresses.HAS_ABSTRACT_NAMES && isAbstract && length <= LONGEST_NAME) {
            assertThat(RawSocketAddress.unixAbstract(raw.abstractName())).isEqualTo(raw);
        }
    }

    private static void expectState(@Nullable Throwable thrown, boolean fits) {
        if (fits) {
            assertThat(thrown).isNull();
        } else {
            assertThat(thrown)
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("not an address of");
        }
    }

    /// Binds and connects sockets with random abstract names, and compares the names that the kernel returns.
    private static void checkKernelNames(Input input) throws IOException {
        // Abstract names are system-wide, so they begin with this process's pid.
        byte[] any = input.take(LONGEST_NAME - 1 - Integer.BYTES);
        byte[] name = ByteBuffer.allocate(Integer.BYTES + any.length)
                .putInt(PID)
                .put(any)
                .array();
        RawSocketAddress address = RawSocketAddress.unixAbstract(name);
        try (SocketFd socket = SocketFd.open(SocketFd.AF_UNIX, SocketFd.Type.STREAM, 0);
                SocketFd client = SocketFd.open(SocketFd.AF_UNIX, SocketFd.Type.STREAM, 0)) {
            socket.bind(address);
            assertThat(socket.localAddress()).isEqualTo(address);
            checkDescription(socket.localAddress());
            socket.listen(1);
            client.bind(RawSocketAddress.unixAbstract(Arrays.copyOf(name, name.length + 1)));
            assertThat(client.connect(socket.localAddress())).isTrue();
            try (SocketFd accepted = socket.accept()) {
                assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
                assertThat(client.remoteAddress()).isEqualTo(socket.localAddress());
                checkDescription(accepted.remoteAddress());
            }
        }
    }
}
