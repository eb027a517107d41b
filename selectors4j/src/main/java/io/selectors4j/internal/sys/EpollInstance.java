package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;

/// An epoll instance and the calls that change it. The owner serializes the calls, and does not close the instance
/// while another thread is in a call or waits with an [EpollWait]. [#add], [#modify] and [#delete] return 0 or
/// `-errno`; after [#close], -EBADF.
public final class EpollInstance {

    /// Edge-triggered (linux/eventpoll.h).
    public static final int EPOLLET = 1 << 31;

    /// One event, and nothing more until the next modification (linux/eventpoll.h).
    public static final int EPOLLONESHOT = 1 << 30;

    /// Keeps the system from suspending while the event is pending (linux/eventpoll.h).
    public static final int EPOLLWAKEUP = 1 << 29;

    /// Wakes one or more of the epoll instances that watch an open file, not all (linux/eventpoll.h).
    public static final int EPOLLEXCLUSIVE = 1 << 28;

    private final int epfd;
    private final ErrnoCapture state = new ErrnoCapture();
    private final EpollEventArray event = new EpollEventArray(1);
    private volatile boolean closed;

    /// Adopts an epoll descriptor.
    public EpollInstance(int epfd) {
        this.epfd = epfd;
    }

    /// Creates an instance, which is close-on-exec.
    ///
    /// @throws NativeIOException EMFILE or ENFILE at a limit of open files, ENOMEM
    public static EpollInstance create() throws NativeIOException {
        int epfd = LinuxLibc.epoll_create1(ErrnoCapture.current(), LinuxConstants.EPOLL_CLOEXEC);
        if (epfd < 0) {
            throw new NativeIOException("epoll_create1(EPOLL_CLOEXEC)", -epfd);
        }
        try {
            return new EpollInstance(epfd);
        } catch (Throwable t) {
            PosixLibc.close(ErrnoCapture.current(), epfd);
            throw t;
        }
    }

    /// Returns the descriptor, or -1 after [#close].
    public int fileno() {
        return closed ? -1 : epfd;
    }

    /// Adds a descriptor to the interest list.
    ///
    /// @param events EPOLL* flags
    /// @param data returned with each event of the descriptor
    public int add(int fd, int events, long data) {
        return control(LinuxConstants.EPOLL_CTL_ADD, fd, events, data);
    }

    /// Changes the events and the data of a descriptor.
    public int modify(int fd, int events, long data) {
        return control(LinuxConstants.EPOLL_CTL_MOD, fd, events, data);
    }

    /// Removes a descriptor from the interest list.
    public int delete(int fd) {
        return control(LinuxConstants.EPOLL_CTL_DEL, fd, 0, 0);
    }

    private int control(int operation, int fd, int events, long data) {
        if (closed) {
            return -Errno.EBADF;
        }
        event.set(0, events, data);
        return LinuxLibc.epoll_ctl(state, epfd, operation, fd, event);
    }

    /// Replaces the epoll instance behind this number by another one: same number, new open file.
    ///
    /// @throws NativeIOException if `dup3` fails; then nothing has changed
    public void replaceWith(EpollInstance other) throws NativeIOException {
        int result = LinuxLibc.dup3(ErrnoCapture.current(), other.epfd, epfd, Constants.O_CLOEXEC);
        if (result < 0) {
            throw new NativeIOException("dup3(" + other.epfd + ", " + epfd + ", O_CLOEXEC)", -result);
        }
    }

    /// Closes the descriptor. Closing again does nothing.
    public void close() {
        if (!closed) {
            closed = true;
            PosixLibc.close(ErrnoCapture.current(), epfd);
        }
    }
}
