package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.selector.PollerWait;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Waits for one object, without a selector: what code that blocks does before a read or a write, on virtual threads above
/// all.
///
/// ```java
/// fd.setBlocking(false);
/// int count;
/// while ((count = fd.read(buffer)) == 0) {
///     Await.readable(fd, null);
/// }
/// ```
///
/// The waiting thread parks, and a virtual thread leaves its carrier to others. One thread of the library's own, with one
/// descriptor of its own, watches for all of them; it starts with the first wait that does not end at once. What is ready
/// already costs one call of `poll`.
///
/// Any number of threads may wait for one object, each for what it likes. [Thread#interrupt] ends a wait. So does closing the
/// object, if it is an [io.selectors4j.fd.Fd], an [EpollSelector] or a [KqueueSelector]. Closing any other one is not noticed: the wait goes on, for
/// the next owner of the number if there is one and somebody else waits for that too.
///
/// [Interest#PRIORITY] is refused with EOPNOTSUPP on macOS, FreeBSD and NetBSD, whose kqueue does not tell urgent data from other.
///
/// What is always ready (regular files, directories, `/dev/null`) is ready to read and write here as well, and never for
/// [Interest#PRIORITY].
///
/// Source: poll(2), epoll(7), kqueue(2).
public final class Await {

    private Await() {}

    /// Waits until a read does not block.
    ///
    /// @param fileobj the object
    /// @param timeout the longest wait; null for no limit; zero or negative to look without waiting. Never early; beyond 292
    ///     years there is no limit
    /// @return whether it is readable, at its end, or in error; false if the time is over
    /// @throws InterruptedException if the thread is interrupted, before or while it waits
    /// @throws AsynchronousCloseException if the object is closed meanwhile
    /// @throws IllegalArgumentException if the object's descriptor is negative: it is closed
    /// @throws NativeIOException EBADF if the descriptor is not open; EMFILE or ENOMEM if there is none left for the watching
    ///     thread; ENOSPC at the limit of `/proc/sys/fs/epoll/max_user_watches`
    public static boolean readable(Pollable fileobj, @Nullable Duration timeout)
            throws IOException, InterruptedException {
        return ready(fileobj, Interest.READ, timeout) != null;
    }

    /// Waits until a write does not block, or a connect has ended.
    ///
    /// @param fileobj the object
    /// @param timeout the longest wait; null for no limit; zero or negative to look without waiting. Never early; beyond 292
    ///     years there is no limit
    /// @return whether it is writable or in error; false if the time is over
    /// @throws InterruptedException if the thread is interrupted, before or while it waits
    /// @throws AsynchronousCloseException if the object is closed meanwhile
    /// @throws IllegalArgumentException if the object's descriptor is negative: it is closed
    /// @throws NativeIOException as for [#readable]
    public static boolean writable(Pollable fileobj, @Nullable Duration timeout)
            throws IOException, InterruptedException {
        return ready(fileobj, Interest.WRITE, timeout) != null;
    }

    /// Waits until something of an interest is ready.
    ///
    /// @param fileobj the object
    /// @param events what to wait for, not [Interest#NONE]; a mode makes no difference to a wait that happens once and is
    ///     refused
    /// @param timeout the longest wait; null for no limit; zero or negative to look without waiting. Never early; beyond 292
    ///     years there is no limit
    /// @return what is ready, told apart as POLL does; null if the time is over
    /// @throws InterruptedException if the thread is interrupted, before or while it waits
    /// @throws AsynchronousCloseException if the object is closed meanwhile
    /// @throws IllegalArgumentException if `events` is empty or has a mode, or the object's descriptor is negative: it is
    ///     closed
    /// @throws NativeIOException as for [#readable]; EOPNOTSUPP for [Interest#PRIORITY] where it is not told apart
    public static @Nullable Readiness ready(Pollable fileobj, Interest events, @Nullable Duration timeout)
            throws IOException, InterruptedException {
        Objects.requireNonNull(events, "events");
        int fd = Descriptors.requireFd(fileobj);
        if (events.isEmpty() || events != events.events()) {
            throw new IllegalArgumentException(
                    "cannot wait for " + events + " on " + Descriptors.describe(fileobj) + " (fd " + fd + ")");
        }
        long nanos = Deadline.nanos(timeout);
        long start = Deadline.start(nanos);
        throwIfInterrupted();
        int mask = SingleFdPoll.await(fd, PollMask.of(events), 0);
        if (mask == 0 && nanos > 0) {
            mask = park(fileobj, fd, PollMask.of(events), Deadline.remaining(nanos, start));
        }
        if (mask == 0) {
            throwIfInterrupted();
            return null;
        }
        if (Descriptors.fdOrMinusOne(fileobj) != fd) { // the answer may be about a new owner of the number
            throw new AsynchronousCloseException();
        }
        if ((mask & PollMask.NVAL) != 0) {
            throw new NativeIOException("poll(fd=" + fd + ")", Errno.EBADF);
        }
        return Readiness.of(mask, events);
    }

    private static int park(Pollable fileobj, int fd, int events, long nanos) throws IOException {
        CloseListeners membership = CloseListeners.of(fileobj);
        PollerWait watch = new PollerWait(fd, events);
        if (membership != null && !membership.add(watch)) {
            throw new AsynchronousCloseException();
        }
        int outcome;
        try {
            outcome = watch.await(nanos);
        } finally {
            if (membership != null) {
                membership.remove(watch);
            }
        }
        if (outcome == PollerWait.CLOSED) {
            throw new AsynchronousCloseException();
        }
        if (outcome >= 0) {
            return outcome;
        }
        // kqueue refuses a pipe that nobody reads any more (EPIPE, on NetBSD EBADF), which poll calls ready.
        int mask = SingleFdPoll.await(fd, events, 0);
        if (mask == 0) {
            throw new NativeIOException(watch.describe(), -outcome);
        }
        return mask;
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
