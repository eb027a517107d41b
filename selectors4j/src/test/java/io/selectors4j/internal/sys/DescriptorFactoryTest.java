package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Both ways to make descriptors, on this kernel.
class DescriptorFactoryTest {

    private static final int UNIX = Constants.AF_UNIX;
    private static final int STREAM = Constants.SOCK_STREAM;

    /// A way to make descriptors.
    enum Way {
        FLAGGED,
        STEPPED,
        /// With an option that this kernel has in place of SO_NOSIGPIPE.
        STEPPED_WITH_AN_OPTION;

        DescriptorFactory descriptors() {
            return switch (this) {
                case FLAGGED -> new AtomicCloexecFactory();
                case STEPPED -> new FcntlCloexecFactory(Constants.NONE);
                case STEPPED_WITH_AN_OPTION -> new FcntlCloexecFactory(Constants.SO_KEEPALIVE);
            };
        }

        void expectOption(int fd) {
            Ints value = new Ints(-1);
            int result = PosixSockets.getsockopt(
                    ErrnoCapture.current(),
                    fd,
                    Constants.SOL_SOCKET,
                    Constants.SO_KEEPALIVE,
                    value,
                    new Ints(Integer.BYTES));
            assertThat(result).isZero();
            assertThat(value.get(0)).isEqualTo(this == STEPPED_WITH_AN_OPTION ? 1 : 0);
        }
    }

    private final ErrnoCapture state = new ErrnoCapture();
    private final Deque<Integer> open = new ArrayDeque<>();

    @AfterEach
    void closeAll() {
        open.forEach(Libc::close);
    }

    private int own(int fd) {
        assertThat(fd).isNotNegative();
        open.add(fd);
        return fd;
    }

    private static void expectFresh(int fd, boolean blocking) throws Exception {
        assertThat(Libc.isCloseOnExec(fd)).as("close-on-exec").isTrue();
        assertThat(Fcntl.isBlocking(fd)).as("blocking").isEqualTo(blocking);
    }

    private void expectFlow(int from, int to) {
        assertThat(ByteIo.current().write(ByteIo.WriteCall.WRITE, from, ByteBuffer.wrap(new byte[] {7, 8}), 0, false))
                .isEqualTo(2);
        ByteBuffer received = ByteBuffer.allocate(4);
        assertThat(ByteIo.current().read(ByteIo.ReadCall.READ, to, received, 0, false))
                .isEqualTo(2);
        assertThat(received.array()).startsWith(7, 8);
    }

    @Test
    void linuxHasFlags() {
        assertThat(DescriptorFactory.HERE).isEqualTo(new AtomicCloexecFactory());
        assertThat(DescriptorFactory.HERE.call("accept")).isEqualTo("accept4");
        assertThat(DescriptorFactory.HERE.call("pipe")).isEqualTo("pipe2(O_CLOEXEC)");
        assertThat(new FcntlCloexecFactory(Constants.NONE).call("accept")).isEqualTo("accept");
    }

    @ParameterizedTest
    @EnumSource
    void aSocket(Way way) throws Exception {
        int fd = own(way.descriptors().socket(state, Constants.AF_INET, STREAM, 0));
        expectFresh(fd, true);
        way.expectOption(fd);
    }

    @ParameterizedTest
    @EnumSource
    void twoSockets(Way way) throws Exception {
        Ints fds = new Ints(-1, -1);
        assertThat(way.descriptors().socketpair(state, UNIX, STREAM, 0, fds)).isZero();
        int first = own(fds.get(0));
        int second = own(fds.get(1));
        for (int fd : new int[] {first, second}) {
            expectFresh(fd, true);
            way.expectOption(fd);
        }
        expectFlow(first, second);
        expectFlow(second, first);
    }

    @ParameterizedTest
    @EnumSource
    void anAcceptedSocket(Way way) throws Exception {
        int listener = own(way.descriptors().socket(state, Constants.AF_INET, STREAM, 0));
        SockAddr any = new SockAddr(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false);
        assertThat(PosixSockets.bind(state, listener, any, any.size())).isZero();
        assertThat(way.descriptors().accept(state, listener, new SockAddr(), true))
                .isEqualTo(-Errno.EINVAL);
        assertThat(PosixSockets.listen(state, listener, 1)).isZero();
        Fcntl.setBlocking(listener, false);
        assertThat(way.descriptors().accept(state, listener, new SockAddr(), true))
                .isEqualTo(-Errno.EAGAIN);

        SockAddr bound = new SockAddr();
        assertThat(PosixSockets.getsockname(state, listener, bound, bound.length()))
                .isZero();
        int client = own(way.descriptors().socket(state, Constants.AF_INET, STREAM, 0));
        assertThat(PosixSockets.connect(state, client, bound, bound.size())).isZero();
        SockAddr local = new SockAddr();
        assertThat(PosixSockets.getsockname(state, client, local, local.length()))
                .isZero();

        SockAddr peer = new SockAddr();
        int accepted = own(way.descriptors().accept(state, listener, peer, true));
        expectFresh(accepted, true);
        way.expectOption(accepted);
        assertThat(peer.decode()).isEqualTo(Objects.requireNonNull(local.decode()));
        expectFlow(client, accepted);

        int second = own(way.descriptors().socket(state, Constants.AF_INET, STREAM, 0));
        assertThat(PosixSockets.connect(state, second, bound, bound.size())).isZero();
        int nonBlocking = own(way.descriptors().accept(state, listener, new SockAddr(), false));
        expectFresh(nonBlocking, false);
        way.expectOption(nonBlocking);
    }

    @ParameterizedTest
    @EnumSource
    void aPipe(Way way) throws Exception {
        for (boolean blocking : new boolean[] {true, false}) {
            Ints fds = new Ints(-1, -1);
            assertThat(way.descriptors().pipe(state, fds, blocking)).isZero();
            int reader = own(fds.get(0));
            int writer = own(fds.get(1));
            expectFresh(reader, blocking);
            expectFresh(writer, blocking);
            expectFlow(writer, reader);
            if (!blocking) {
                assertThat(ByteIo.current().read(ByteIo.ReadCall.READ, reader, ByteBuffer.allocate(1), 0, false))
                        .isEqualTo(-Errno.EAGAIN);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheKernelRefuses(Way way) {
        assertThat(way.descriptors().socket(state, 9999, STREAM, 0)).isEqualTo(-Errno.number("EAFNOSUPPORT"));
        assertThat(way.descriptors().socketpair(state, Constants.AF_INET, STREAM, 0, new Ints(-1, -1)))
                .isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(way.descriptors().accept(state, Libc.NEVER_OPEN, new SockAddr(), true))
                .isEqualTo(-Errno.EBADF);
    }

    @Test
    void aSocketThatIsNonBlockingByInheritanceBecomesBlocking() throws Exception {
        // On macOS an accepted one inherits that from the one that listens.
        int fd = own(new AtomicCloexecFactory().socket(state, UNIX, STREAM | Constants.SOCK_NONBLOCK, 0));
        assertThat(Fcntl.isBlocking(fd)).isFalse();
        assertThat(new FcntlCloexecFactory(Constants.NONE).finishSocket(state, fd, true))
                .isEqualTo(fd);
        expectFresh(fd, true);
    }

    @Test
    void anOptionThatTheKernelRefusesIsDoneWithout() throws Exception {
        // On macOS, EINVAL for a connection that is gone already. Here there is no such option.
        int fd = own(new FcntlCloexecFactory(9999).socket(state, UNIX, STREAM, 0));
        expectFresh(fd, true);
    }

    @Test
    void whereAStepFailsNothingStaysOpen() throws Exception {
        DescriptorFactory stepped = new FcntlCloexecFactory(Constants.NONE);
        Map<Integer, String> before = OpenFiles.list();
        Background.run(() -> {
            Libc.failSyscall(fcntl(), Errno.number("ENOLCK"));
            int refused = -Errno.number("ENOLCK");
            ErrnoCapture own = new ErrnoCapture();
            assertThat(stepped.socket(own, UNIX, STREAM, 0)).isEqualTo(refused);
            assertThat(stepped.socketpair(own, UNIX, STREAM, 0, new Ints(-1, -1)))
                    .isEqualTo(refused);
            assertThat(stepped.pipe(own, new Ints(-1, -1), false)).isEqualTo(refused);
            return null;
        });
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    void whereTheStepOfTheSecondOneFailsTheFirstOneIsClosedToo() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        Ints fds = new Ints(-1, -1);
        assertThat(new AtomicCloexecFactory().pipe(state, fds, true)).isZero();
        int second = fds.get(1);
        assertThat(FcntlCloexecFactory.finishPair(state, fds, fd -> {
                    if (fd == second) {
                        Libc.close(fd);
                        return -Errno.ENOMEM;
                    }
                    return fd;
                }))
                .isEqualTo(-Errno.ENOMEM);
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    /// The number of `fcntl`: asm/unistd.h.
    private static int fcntl() {
        return switch (Platform.CURRENT.arch()) {
            case X86_64 -> 72;
            case S390X, PPC64LE -> 55;
            default -> 25;
        };
    }
}
