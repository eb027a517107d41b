package io.selectors4j.os;

import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.PollWait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// `poll()`: a set of descriptors, each with the flags to wait for. Python's `select.poll`.
///
/// The set belongs to this object. The kernel reads it only during [#poll], so there is nothing to close, and a closed
/// descriptor is reported as [#POLLNVAL]. Only one thread at a time may use the object: while a thread waits, every
/// method called by another thread throws [IllegalStateException]. (Python refuses a concurrent `poll` only.)
///
/// Source: poll(2), Python's module `select`.
public final class Poll {

    // asm-generic/poll.h; sys/poll.h of macOS and the BSDs has the same numbers

    /// There is data to read.
    public static final int POLLIN = 0x001;

    /// There is urgent data to read.
    public static final int POLLPRI = 0x002;

    /// Writing will not block.
    public static final int POLLOUT = 0x004;

    /// There is an error, or the read end of a pipe is closed. Always reported.
    public static final int POLLERR = 0x008;

    /// The peer hung up. On Windows also if it has only shut down its writing half. Always reported.
    public static final int POLLHUP = 0x010;

    /// The descriptor is not open. Always reported.
    public static final int POLLNVAL = 0x020;

    /// Normal data can be read: the same as [#POLLIN].
    public static final int POLLRDNORM = 0x040;

    /// Priority band data can be read; not used on Linux.
    public static final int POLLRDBAND = 0x080;

    // The numbers of these differ between systems.

    /// Normal data can be written: the same as [#POLLOUT]. On macOS and the BSDs, it has the same number.
    public static final int POLLWRNORM = PollFlags.number("POLLWRNORM");

    /// Priority band data can be written. Its number differs between systems.
    public static final int POLLWRBAND = PollFlags.number("POLLWRBAND");

    /// Not used on Linux; 0 on other systems, which do not have it.
    public static final int POLLMSG = PollFlags.number("POLLMSG");

    /// The peer of a stream socket closed the connection, or shut down its writing half. Linux and FreeBSD have it,
    /// with different numbers; 0 on other systems.
    public static final int POLLRDHUP = Constants.orZero(Constants.POLLRDHUP);

    private static final int DEFAULT_EVENTS = POLLIN | POLLOUT | (Platform.IS_WINDOWS ? 0 : POLLPRI);
    private static final int UNSIGNED_SHORT = 0xFFFF;

    private final PollFds fds = new PollFds();
    private final Map<Integer, Integer> indices = new HashMap<>();
    private final PollWait wait = new PollWait();

    /// The thread that uses this object.
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    private Poll() {}

    /// Creates an empty set.
    ///
    /// @return a new set
    /// @throws UnsupportedOperationException if system calls cannot be made here; the message says why
    public static Poll create() {
        return new Poll();
    }

    /// Adds a descriptor to the set, for POLLIN, POLLPRI and POLLOUT, on Windows for POLLIN and POLLOUT.
    ///
    /// @param fileobj the object with the descriptor
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws IllegalStateException if another thread is using this object
    public void register(Pollable fileobj) {
        register(fileobj, DEFAULT_EVENTS);
    }

    /// Adds a descriptor to the set, or changes its flags if it is in the set. Unlike [Epoll], this is not an error.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask POLL* flags to wait for; 0 for POLLERR, POLLHUP and POLLNVAL alone
    /// @throws IllegalArgumentException if the descriptor is negative, or the mask has more than 16 bits
    /// @throws UnsupportedOperationException for POLLPRI on Windows
    /// @throws IllegalStateException if another thread is using this object
    public void register(Pollable fileobj, int eventmask) {
        int fd = Descriptors.requireFd(fileobj);
        requireMask(eventmask);
        acquire();
        try {
            Integer index = indices.get(fd);
            if (index != null) {
                fds.setEvents(index, eventmask);
            } else {
                indices.put(fd, fds.add(fd, eventmask));
            }
        } finally {
            release();
        }
    }

    /// Changes the flags of a descriptor in the set.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask POLL* flags to wait for; 0 for POLLERR, POLLHUP and POLLNVAL alone
    /// @throws IllegalArgumentException if the descriptor is negative, or the mask has more than 16 bits
    /// @throws UnsupportedOperationException for POLLPRI on Windows
    /// @throws NotRegisteredException if the descriptor is not in the set
    /// @throws IllegalStateException if another thread is using this object
    public void modify(Pollable fileobj, int eventmask) {
        int fd = Descriptors.requireFd(fileobj);
        requireMask(eventmask);
        acquire();
        try {
            Integer index = indices.get(fd);
            if (index == null) {
                throw new NotRegisteredException(fileobj);
            }
            fds.setEvents(index, eventmask);
        } finally {
            release();
        }
    }

    /// Removes a descriptor from the set. A closed one is removed by its number.
    ///
    /// @param fileobj the object with the descriptor; if it is closed, [Pollable#borrow] of the number
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NotRegisteredException if the descriptor is not in the set
    /// @throws IllegalStateException if another thread is using this object
    public void unregister(Pollable fileobj) {
        int fd = Descriptors.requireFd(fileobj);
        acquire();
        try {
            Integer index = indices.remove(fd);
            if (index == null) {
                throw new NotRegisteredException(fileobj);
            }
            int last = fds.size() - 1;
            if (index < last) {
                indices.put(fds.fd(last), index);
            }
            fds.remove(index);
        } finally {
            release();
        }
    }

    /// Waits until an event is pending on a descriptor in the set, and returns all that are. A signal does not end the
    /// wait.
    ///
    /// @param timeout the longest wait, to the nanosecond (on macOS, the millisecond), never shorter; null or negative
    ///     for no limit; zero for a poll that does not block
    /// @return the events; empty at the timeout
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the set is larger than RLIMIT_NOFILE
    /// @throws IllegalStateException if another thread is using this object
    public List<PollEvent> poll(@Nullable Duration timeout) throws IOException {
        return poll(timeout, null);
    }

    /// Waits until an event is pending on a descriptor in the set, with a signal mask: `ppoll()`. A signal that is not
    /// blocked ends the wait; otherwise as [#poll(Duration)].
    ///
    /// @param timeout the longest wait, to the nanosecond (on macOS, the millisecond), never shorter; null or negative
    ///     for no limit; zero for a poll that does not block
    /// @param mask the signals blocked during the wait; null to keep the thread's mask
    /// @return the events; empty at the timeout, or if there is a mask and a signal arrived
    /// @throws UnsupportedOperationException if there is a mask and this system has no `ppoll` (macOS)
    /// @throws NativeIOException if the kernel refuses to wait: EINVAL if the set is larger than RLIMIT_NOFILE
    /// @throws IllegalStateException if another thread is using this object
    public List<PollEvent> poll(@Nullable Duration timeout, @Nullable SignalMask mask) throws IOException {
        long nanos = Deadline.nanos(timeout);
        acquire();
        try {
            int count = wait.await(fds, nanos < 0 ? Deadline.FOREVER : nanos, mask == null ? null : mask.set());
            if (count < 0) {
                throw new NativeIOException(wait.call() + "(nfds=" + fds.size() + ")", -count);
            }
            List<PollEvent> events = new ArrayList<>(count);
            for (int i = 0; events.size() < count; i++) {
                if (fds.revents(i) != 0) {
                    events.add(new PollEvent(fds.fd(i), fds.revents(i)));
                }
            }
            return List.copyOf(events);
        } finally {
            release();
        }
    }

    private static void requireMask(int eventmask) {
        if ((eventmask & ~UNSIGNED_SHORT) != 0) {
            throw new IllegalArgumentException("the mask has more than 16 bits: 0x" + Integer.toHexString(eventmask));
        }
        if (Platform.IS_WINDOWS && (eventmask & POLLPRI) != 0) {
            throw new UnsupportedOperationException("WSAPoll() cannot wait for urgent data (POLLPRI); Select can");
        }
    }

    private void acquire() {
        Thread current = Thread.currentThread();
        Thread other = owner.compareAndExchange(null, current);
        if (other != null) {
            throw new IllegalStateException(
                    current + " cannot use this Poll: " + other + " is using it, and only one thread at a time may");
        }
    }

    private void release() {
        owner.set(null);
    }
}
