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

/// Both factories, on this kernel.
class DescriptorFactoryTest {

    private static final int UNIX = Constants.AF_UNIX;
    private static final int STREAM = Constants.SOCK_STREAM;

    enum Factory {
        ATOMIC,
        FCNTL,
        /// With a socket option of this kernel in place of SO_NOSIGPIPE.
        FCNTL_WITH_OPTION;

        DescriptorFactory create() {
            return switch (this) {
                case ATOMIC -> new AtomicCloexecFactory();
                case FCNTL -> new FcntlCloexecFactory(Constants.NONE);
                case FCNTL_WITH_OPTION -> new FcntlCloexecFactory(Constants.SO_KEEPALIVE);
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
            assertThat(value.get(0)).isEqualTo(this == FCNTL_WITH_OPTION ? 1 : 0);
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
    void current_usesFlagsOnLinux() {
        assertThat(DescriptorFactory.current()).isEqualTo(new AtomicCloexecFactory());
        assertThat(DescriptorFactory.current().call("accept")).isEqualTo("accept4");
        assertThat(DescriptorFactory.current().call("pipe")).isEqualTo("pipe2(O_CLOEXEC)");
        assertThat(new FcntlCloexecFactory(Constants.NONE).call("accept")).isEqualTo("accept");
    }

    @ParameterizedTest
    @EnumSource
    void socket_isCloseOnExecAndBlocking(Factory factory) throws Exception {
        int fd = own(factory.create().socket(state, Constants.AF_INET, STREAM, 0));
        expectFresh(fd, true);
        factory.expectOption(fd);
    }

    @ParameterizedTest
    @EnumSource
    void socketpair_isCloseOnExecAndConnected(Factory factory) throws Exception {
        Ints fds = new Ints(-1, -1);
        assertThat(factory.create().socketpair(state, UNIX, STREAM, 0, fds)).isZero();
        int first = own(fds.get(0));
        int second = own(fds.get(1));
        for (int fd : new int[] {first, second}) {
            expectFresh(fd, true);
            factory.expectOption(fd);
        }
        expectFlow(first, second);
        expectFlow(second, first);
    }

    @ParameterizedTest
    @EnumSource
    void accepted_isCloseOnExecAndBlocking(Factory factory) throws Exception {
        int listener = own(factory.create().socket(state, Constants.AF_INET, STREAM, 0));
        SockAddr any = new SockAddr(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false);
        assertThat(PosixSockets.bind(state, listener, any, any.size())).isZero();
        assertThat(factory.create().accept(state, listener, new SockAddr(), true))
                .isEqualTo(-Errno.EINVAL);
        assertThat(PosixSockets.listen(state, listener, 1)).isZero();
        Fcntl.setBlocking(listener, false);
        assertThat(factory.create().accept(state, listener, new SockAddr(), true))
                .isEqualTo(-Errno.EAGAIN);

        SockAddr bound = new SockAddr();
        assertThat(PosixSockets.getsockname(state, listener, bound, bound.length()))
                .isZero();
        int client = own(factory.create().socket(state, Constants.AF_INET, STREAM, 0));
        assertThat(PosixSockets.connect(state, client, bound, bound.size())).isZero();
        SockAddr local = new SockAddr();
        assertThat(PosixSockets.getsockname(state, client, local, local.length()))
                .isZero();

        SockAddr peer = new SockAddr();
        int accepted = own(factory.create().accept(state, listener, peer, true));
        expectFresh(accepted, true);
        factory.expectOption(accepted);
        assertThat(peer.decode()).isEqualTo(Objects.requireNonNull(local.decode()));
        expectFlow(client, accepted);

        int second = own(factory.create().socket(state, Constants.AF_INET, STREAM, 0));
        assertThat(PosixSockets.connect(state, second, bound, bound.size())).isZero();
        int nonBlocking = own(factory.create().accept(state, listener, new SockAddr(), false));
        expectFresh(nonBlocking, false);
        factory.expectOption(nonBlocking);
    }

    @ParameterizedTest
    @EnumSource
    void pipe_isCloseOnExec(Factory factory) throws Exception {
        for (boolean blocking : new boolean[] {true, false}) {
            Ints fds = new Ints(-1, -1);
            assertThat(factory.create().pipe(state, fds, blocking)).isZero();
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
    void kernelError_isReturned(Factory factory) {
        assertThat(factory.create().socket(state, 9999, STREAM, 0)).isEqualTo(-Errno.number("EAFNOSUPPORT"));
        assertThat(factory.create().socketpair(state, Constants.AF_INET, STREAM, 0, new Ints(-1, -1)))
                .isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(factory.create().accept(state, Libc.NEVER_OPEN, new SockAddr(), true))
                .isEqualTo(-Errno.EBADF);
    }

    @Test
    void inheritedNonBlocking_isCleared() throws Exception {
        // On macOS, an accepted socket inherits O_NONBLOCK from the listening one.
        int fd = own(new AtomicCloexecFactory().socket(state, UNIX, STREAM | Constants.SOCK_NONBLOCK, 0));
        assertThat(Fcntl.isBlocking(fd)).isFalse();
        assertThat(new FcntlCloexecFactory(Constants.NONE).finishSocket(state, fd, true))
                .isEqualTo(fd);
        expectFresh(fd, true);
    }

    @Test
    void rejectedOption_isIgnored() throws Exception {
        // On macOS, EINVAL if the connection is already closed. Here, an option that does not exist.
        int fd = own(new FcntlCloexecFactory(9999).socket(state, UNIX, STREAM, 0));
        expectFresh(fd, true);
    }

    @Test
    void failedStep_closesEverything() throws Exception {
        DescriptorFactory factory = new FcntlCloexecFactory(Constants.NONE);
        Map<Integer, String> before = OpenFiles.list();
        Background.run(() -> {
            Libc.failSyscall(fcntl(), Errno.number("ENOLCK"));
            int errno = -Errno.number("ENOLCK");
            ErrnoCapture own = new ErrnoCapture();
            assertThat(factory.socket(own, UNIX, STREAM, 0)).isEqualTo(errno);
            assertThat(factory.socketpair(own, UNIX, STREAM, 0, new Ints(-1, -1)))
                    .isEqualTo(errno);
            assertThat(factory.pipe(own, new Ints(-1, -1), false)).isEqualTo(errno);
            return null;
        });
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    void failedSecondStep_closesTheFirstToo() throws Exception {
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

    /// Returns the system call number of `fcntl`: asm/unistd.h.
    private static int fcntl() {
        return switch (Platform.CURRENT.arch()) {
            case X86_64 -> 72;
            case S390X, PPC64LE -> 55;
            default -> 25;
        };
    }
}
