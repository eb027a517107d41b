package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;

/// An epoll descriptor and the calls that change it, for an owner who guards it: one thread at a time changes it, and nobody closes
/// it while another one is in a call or waits with an [EpollWait]. [EpollInstance] guards itself. Each call returns its value or
/// `-errno`.
public final class EpollSet {

    /// Report a change, not a state (linux/eventpoll.h).
    public static final int EPOLLET = 1 << 31;

    /// Report one event, and then nothing until the next modification (linux/eventpoll.h).
    public static final int EPOLLONESHOT = 1 << 30;

    /// Of several epoll sets that watch the same open file, wake one or more, not all (linux/eventpoll.h).
    public static final int EPOLLEXCLUSIVE = 1 << 28;

    private final int epfd;
    private final ErrnoCapture state = new ErrnoCapture();
    private final EpollEventArray event = new EpollEventArray(1);
    private volatile boolean closed;

    /// Takes charge of an epoll descriptor.
    ///
    /// @param epfd the descriptor
    public EpollSet(int epfd) {
        this.epfd = epfd;
    }

    /// Creates a set, which a child process does not inherit.
    ///
    /// @return a new set
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    public static EpollSet create() throws NativeIOException {
        int epfd = LinuxLibc.epoll_create1(ErrnoCapture.current(), LinuxConstants.EPOLL_CLOEXEC);
        if (epfd < 0) {
            throw new NativeIOException("epoll_create1(EPOLL_CLOEXEC)", -epfd);
        }
        return new EpollSet(epfd);
    }

    /// The descriptor.
    ///
    /// @return its number, or -1 once it is closed
    public int fileno() {
        return closed ? -1 : epfd;
    }

    /// Starts to watch a descriptor.
    ///
    /// @param fd the descriptor
    /// @param events EPOLL* flags
    /// @param data what its events carry
    /// @return 0 or `-errno`
    public int add(int fd, int events, long data) {
        return control(LinuxConstants.EPOLL_CTL_ADD, fd, events, data);
    }

    /// Changes what a descriptor is watched for.
    ///
    /// @param fd the descriptor
    /// @param events EPOLL* flags
    /// @param data what its events carry from now on
    /// @return 0 or `-errno`
    public int modify(int fd, int events, long data) {
        return control(LinuxConstants.EPOLL_CTL_MOD, fd, events, data);
    }

    /// Stops watching a descriptor.
    ///
    /// @param fd the descriptor
    /// @return 0 or `-errno`
    public int delete(int fd) {
        return control(LinuxConstants.EPOLL_CTL_DEL, fd, 0, 0);
    }

    int control(int operation, int fd, int events, long data) {
        event.set(0, events, data);
        return LinuxLibc.epoll_ctl(state, epfd, operation, fd, event);
    }

    /// Puts another set in place of this one, under this one's number.
    ///
    /// @param fresh the other one, whose number then refers to the same set
    /// @throws NativeIOException if the system refuses; then nothing has changed
    public void replaceWith(EpollSet fresh) throws NativeIOException {
        int result = LinuxLibc.dup3(ErrnoCapture.current(), fresh.epfd, epfd, Constants.O_CLOEXEC);
        if (result < 0) {
            throw new NativeIOException("dup3(" + fresh.epfd + ", " + epfd + ", O_CLOEXEC)", -result);
        }
    }

    /// Closes the descriptor, the first time.
    public void close() {
        if (!closed) {
            closed = true;
            PosixLibc.close(ErrnoCapture.current(), epfd);
        }
    }
}
