package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.linux.LinuxNumbers;
import io.selectors4j.internal.posix.Numbers;
import io.selectors4j.internal.posix.SigSet;
import org.jspecify.annotations.Nullable;

/// An epoll instance: its descriptor, and the calls on it by number. All methods may be called by any thread; all but
/// [#await] are over at once. Each returns the call's value or `-errno`.
public final class EpollInstance {

    /// Report a change, not a state (linux/eventpoll.h).
    public static final int EPOLLET = 1 << 31;

    /// Report one event, and then nothing until the next modification (linux/eventpoll.h).
    public static final int EPOLLONESHOT = 1 << 30;

    /// Of several epoll sets that watch the same open file, wake one or more, not all (linux/eventpoll.h).
    public static final int EPOLLEXCLUSIVE = 1 << 28;

    private static final int CLOSED = -Errno.EBADF;

    private final Descriptor descriptor;
    private final CallState state = new CallState();
    private final EpollEventArray event = new EpollEventArray(1);

    /// Takes charge of an epoll descriptor.
    ///
    /// @param epfd the descriptor, which is closed with this instance
    public EpollInstance(int epfd) {
        descriptor = new Descriptor(epfd, true);
    }

    /// Creates an instance, which a child process does not inherit.
    ///
    /// @return a new instance
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    public static EpollInstance create() throws NativeIOException {
        int epfd = LinuxLibc.epoll_create1(CallState.current(), LinuxNumbers.EPOLL_CLOEXEC);
        if (epfd < 0) {
            throw new NativeIOException("epoll_create1(EPOLL_CLOEXEC)", -epfd);
        }
        return new EpollInstance(epfd);
    }

    /// The descriptor.
    ///
    /// @return its number, or -1 once it is closed
    public int fileno() {
        return descriptor.fileno();
    }

    /// Starts to watch a descriptor.
    ///
    /// @param fd the descriptor
    /// @param events EPOLL* flags
    /// @param data what its events carry
    /// @return 0 or `-errno`
    public int add(int fd, int events, long data) {
        return control(LinuxNumbers.EPOLL_CTL_ADD, fd, events, data);
    }

    /// Changes what a descriptor is watched for.
    ///
    /// @param fd the descriptor
    /// @param events EPOLL* flags
    /// @param data what its events carry from now on
    /// @return 0 or `-errno`
    public int modify(int fd, int events, long data) {
        return control(LinuxNumbers.EPOLL_CTL_MOD, fd, events, data);
    }

    /// Stops watching a descriptor.
    ///
    /// @param fd the descriptor
    /// @return 0 or `-errno`
    public int delete(int fd) {
        return control(LinuxNumbers.EPOLL_CTL_DEL, fd, 0, 0);
    }

    private synchronized int control(int operation, int fd, int events, long data) {
        int epfd = descriptor.tryAcquire();
        if (epfd < 0) {
            return CLOSED;
        }
        try {
            event.set(0, events, data);
            return LinuxLibc.epoll_ctl(state, epfd, operation, fd, event);
        } finally {
            descriptor.release();
        }
    }

    /// Waits until a descriptor is ready or the time is over; see [EpollWait#await]. Many threads may wait, each with
    /// memory of its own.
    ///
    /// @param wait the waiting thread's memory
    /// @param events where to put the events
    /// @param max how many events at most, positive and not more than fit
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @param mask the signals blocked meanwhile, or null to leave that as it is
    /// @return how many events there are; 0 if the time is over; `-errno`
    public int await(EpollWait wait, EpollEventArray events, int max, long nanos, @Nullable SigSet mask) {
        int epfd = descriptor.tryAcquire();
        if (epfd < 0) {
            return CLOSED;
        }
        try {
            return wait.await(epfd, events, max, nanos, mask);
        } finally {
            descriptor.release();
        }
    }

    /// Puts the set of another instance in place of this one's, under this one's number.
    ///
    /// @param fresh the other instance, which then refers to the same set
    /// @throws NativeIOException if the system refuses; then nothing has changed
    public void replaceWith(EpollInstance fresh) throws NativeIOException {
        int oldfd = fresh.fileno();
        int newfd = fileno();
        int result = LinuxLibc.dup3(CallState.current(), oldfd, newfd, Numbers.O_CLOEXEC);
        if (result < 0) {
            throw new NativeIOException("dup3(" + oldfd + ", " + newfd + ", O_CLOEXEC)", -result);
        }
    }

    /// Closes the descriptor, now or when the last thread that waits on it returns.
    public void close() {
        descriptor.close();
    }
}
