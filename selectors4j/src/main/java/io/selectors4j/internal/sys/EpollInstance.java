package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.SigSet;
import org.jspecify.annotations.Nullable;

/// An [EpollSet] that guards itself: all methods may be called by any thread; all but [#await] are over at once. Each returns the
/// call's value or `-errno`.
public final class EpollInstance {

    private static final int CLOSED = -Errno.EBADF;

    private final Descriptor descriptor;
    private final EpollSet set;

    /// Takes charge of an epoll descriptor.
    ///
    /// @param epfd the descriptor, which is closed with this instance
    public EpollInstance(int epfd) {
        this(new EpollSet(epfd));
    }

    private EpollInstance(EpollSet set) {
        this.set = set;
        descriptor = new Descriptor(set.fileno());
    }

    /// Creates an instance, which a child process does not inherit.
    ///
    /// @return a new instance
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    public static EpollInstance create() throws NativeIOException {
        return new EpollInstance(EpollSet.create());
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

    private synchronized int control(int operation, int fd, int events, long data) {
        if (descriptor.acquire() < 0) {
            return CLOSED;
        }
        try {
            return set.control(operation, fd, events, data);
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
        if (descriptor.acquire() < 0) {
            return CLOSED;
        }
        try {
            return wait.await(set.fileno(), events, max, nanos, mask);
        } finally {
            descriptor.release();
        }
    }

    /// Closes the descriptor, now or when the last thread that waits on it returns.
    public void close() {
        descriptor.close();
    }
}
