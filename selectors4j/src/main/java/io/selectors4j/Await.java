package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.selector.CloseListener;
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

/// Waits for a single object, without a selector. Blocking code, above all on virtual threads, calls it when a read or
/// write of a non-blocking descriptor would block.
///
/// ```java
/// fd.setBlocking(false);
/// int count;
/// while ((count = fd.read(buffer)) == 0) {
///     Await.readable(fd, null);
/// }
/// ```
///
/// A call first polls the descriptor once, except that of a socket on a virtual thread. A virtual thread then parks,
/// and leaves its carrier to other threads. One thread of the library, with one descriptor of its own, watches for all
/// parked threads. It starts with the first wait that parks. Under load, a virtual thread of the library takes its
/// place.
///
/// On Linux, a platform thread waits in poll(2), without the library's thread.
/// Such a wait needs a descriptor as long as it lasts. If 64 threads wait in this way, or the system has no descriptor
/// left, and on other systems, the thread parks.
///
/// Any number of threads may wait for one object, each for its own events. [Thread#interrupt] ends a wait. Closing the
/// object ends it too, if the object is an [io.selectors4j.fd.Fd], an [EpollSelector] or a [KqueueSelector]. The close
/// of any other object is not noticed. The wait goes on; that of a parked thread for the next owner of the number, if
/// there is one and another thread waits for that one too.
///
/// On macOS, FreeBSD and NetBSD a wait for [Interest#PRIORITY] fails with EOPNOTSUPP, because kqueue does not
/// distinguish urgent data there.
///
/// Regular files, directories and devices such as `/dev/null` are always ready to read and write, and never ready for
/// [Interest#PRIORITY].
///
/// Source: poll(2), epoll(7), kqueue(2).
public final class Await {

    private Await() {}

    /// Waits until a read does not block. Any thread may call it.
    ///
    /// @param fileobj the object
    /// @param timeout the longest wait; null for no limit; zero or negative not to wait. The call never returns early;
    ///     more than 292 years are no limit
    /// @return true if the object is readable, at its end, or in error; false after the timeout
    /// @throws InterruptedException if the thread is interrupted, before or during the wait
    /// @throws AsynchronousCloseException if the object is closed during the call
    /// @throws IllegalArgumentException if the object's descriptor is negative, because it is closed
    /// @throws IllegalStateException if it is a batched socket; see [IoUringSelector#batch]
    /// @throws NativeIOException EBADF if the descriptor is not open; EMFILE or ENOMEM if the system has no descriptors
    ///     or memory left for the watching thread; ENOSPC at the limit of `/proc/sys/fs/epoll/max_user_watches`
    public static boolean readable(Pollable fileobj, @Nullable Duration timeout)
            throws IOException, InterruptedException {
        return ready(fileobj, Interest.READ, timeout) != null;
    }

    /// Waits until a write does not block, or a connect has succeeded or failed. Any thread may call it.
    ///
    /// @param fileobj the object
    /// @param timeout the longest wait; null for no limit; zero or negative not to wait. The call never returns early;
    ///     more than 292 years are no limit
    /// @return true if the object is writable or in error; false after the timeout
    /// @throws InterruptedException if the thread is interrupted, before or during the wait
    /// @throws AsynchronousCloseException if the object is closed during the call
    /// @throws IllegalArgumentException if the object's descriptor is negative, because it is closed
    /// @throws IllegalStateException if it is a batched socket; see [IoUringSelector#batch]
    /// @throws NativeIOException as for [#readable]
    public static boolean writable(Pollable fileobj, @Nullable Duration timeout)
            throws IOException, InterruptedException {
        return ready(fileobj, Interest.WRITE, timeout) != null;
    }

    /// Waits until an event of an interest is ready. Any thread may call it.
    ///
    /// @param fileobj the object
    /// @param events the events to wait for, not [Interest#NONE], and without a mode
    /// @param timeout the longest wait; null for no limit; zero or negative not to wait. The call never returns early;
    ///     more than 292 years are no limit
    /// @return the readiness, as [Backend#POLL] reports it; null after the timeout
    /// @throws InterruptedException if the thread is interrupted, before or during the wait
    /// @throws AsynchronousCloseException if the object is closed during the call
    /// @throws IllegalArgumentException if `events` is empty or has a mode, or if the object's descriptor is negative,
    ///     because it is closed
    /// @throws UnsupportedOperationException for [Interest#HANGUP] except on Linux
    /// @throws IllegalStateException if it is a batched socket; see [IoUringSelector#batch]
    /// @throws NativeIOException as for [#readable]; EOPNOTSUPP for [Interest#PRIORITY] where kqueue does not support
    ///     it
    public static @Nullable Readiness ready(Pollable fileobj, Interest events, @Nullable Duration timeout)
            throws IOException, InterruptedException {
        Objects.requireNonNull(events, "events");
        int fd = Descriptors.requireFd(fileobj);
        if (events.isEmpty() || events != events.events()) {
            throw new IllegalArgumentException(
                    "cannot wait for " + events + " on " + Descriptors.describe(fileobj) + " (fd " + fd + ")");
        }
        if (events.contains(Interest.HANGUP)) {
            Backend.POLL.requireSupport(events);
        }
        CloseListeners listeners = CloseListeners.of(fileobj);
        if (listeners != null) {
            listeners.requireUnrestricted(fileobj, null);
        }
        long nanos = Deadline.nanos(timeout);
        long start = Deadline.start(nanos);
        throwIfInterrupted();
        // A virtual thread has usually tried a read or write before, so the poll would find nothing. But the poller
        // would lose a condition that a file reports to one poll only.
        boolean keepsEvents = listeners != null && listeners.keepsEvents();
        boolean poll = nanos <= 0 || !keepsEvents || !Thread.currentThread().isVirtual();
        int mask = poll ? SingleFdPoll.await(fd, events.pollMask(), 0) : 0;
        if (listeners != null && listeners.hasUnreadBytes()) {
            mask |= PollMask.IN & events.pollMask();
        }
        if (mask == 0 && nanos > 0) {
            mask = await(listeners, fd, events.pollMask(), Deadline.remaining(nanos, start));
        }
        if (mask == 0) {
            throwIfInterrupted();
            return null;
        }
        if (Descriptors.fdOrMinusOne(fileobj) != fd) { // the flags may be of a new owner of the number
            throw new AsynchronousCloseException();
        }
        if ((mask & PollMask.NVAL) != 0) {
            throw new NativeIOException("poll(fd=" + fd + ")", Errno.EBADF);
        }
        return Readiness.of(mask, events);
    }

    private static int await(@Nullable CloseListeners listeners, int fd, int events, long nanos) throws IOException {
        DirectWait direct = DirectWait.open(fd, events);
        if (direct == null) {
            return park(listeners, fd, events, nanos);
        }
        try (direct) {
            listen(listeners, direct);
            return check(direct.await(nanos));
        } finally {
            stopListening(listeners, direct);
        }
    }

    private static int park(@Nullable CloseListeners listeners, int fd, int events, long nanos) throws IOException {
        PollerWait wait = new PollerWait(fd, events);
        int result;
        try {
            listen(listeners, wait);
            result = check(wait.await(nanos));
        } finally {
            stopListening(listeners, wait);
        }
        if (result >= 0) {
            return result;
        }
        // kqueue refuses the write end of a pipe without a reader (EPIPE, on NetBSD EBADF); poll reports it as ready.
        int mask = SingleFdPoll.await(fd, events, 0);
        if (mask == 0) {
            throw new NativeIOException(wait.describe(), -result);
        }
        return mask;
    }

    /// Begins to listen to the close of the object.
    private static void listen(@Nullable CloseListeners listeners, CloseListener wait)
            throws AsynchronousCloseException {
        if (listeners != null && !listeners.add(wait)) {
            throw new AsynchronousCloseException();
        }
    }

    private static void stopListening(@Nullable CloseListeners listeners, CloseListener wait) {
        if (listeners != null) {
            listeners.remove(wait);
        }
    }

    private static int check(int result) throws AsynchronousCloseException {
        if (result == PollerWait.CLOSED) {
            throw new AsynchronousCloseException();
        }
        return result;
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
