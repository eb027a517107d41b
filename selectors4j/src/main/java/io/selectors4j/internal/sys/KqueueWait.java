package io.selectors4j.internal.sys;

import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Timespec;
import org.jspecify.annotations.Nullable;

/// Waits with `kevent`, with a timeout in nanoseconds. An instance serves one thread at a time. A virtual thread parks
/// while a platform thread waits.
public final class KqueueWait {

    private final ErrnoCapture state = new ErrnoCapture();
    private final Timespec timespec = new Timespec();

    /// Makes the changes, and waits until an event is pending or the timeout expires. A signal does not end the wait.
    ///
    /// @param changelist the changes, or null
    /// @param eventlist the array for the events, or null
    /// @param nevents the maximum number of events; with 0 the call does not block
    /// @param nanos the timeout, or [Deadline#FOREVER]
    /// @return the number of events; 0 after the timeout; `-errno`
    public int await(
            KqueueLibc libc,
            int kq,
            @Nullable KeventArray changelist,
            int nchanges,
            @Nullable KeventArray eventlist,
            int nevents,
            long nanos) {
        return nevents > 0 && BlockingCalls.isNeeded(nanos)
                ? BlockingCalls.call(() -> awaitOnThisThread(libc, kq, changelist, nchanges, eventlist, nevents, nanos))
                : awaitOnThisThread(libc, kq, changelist, nchanges, eventlist, nevents, nanos);
    }

    private int awaitOnThisThread(
            KqueueLibc libc,
            int kq,
            @Nullable KeventArray changelist,
            int nchanges,
            @Nullable KeventArray eventlist,
            int nevents,
            long nanos) {
        long start = Deadline.start(nanos);
        long remaining = nanos;
        int pendingChanges = nchanges;
        while (true) {
            long part = remaining == Deadline.FOREVER ? remaining : Math.min(remaining, Deadline.LONGEST_CALL);
            Timespec timeout = part == Deadline.FOREVER ? null : timespec.set(part);
            int result = libc.kevent(state, kq, changelist, pendingChanges, eventlist, nevents, timeout);
            boolean repeat = result == -Errno.EINTR || (result == 0 && nevents > 0 && part < remaining);
            if (!repeat) {
                return result;
            }
            // kevent(2): all changes have been made when the call fails with EINTR. Making them again would add and
            // trigger events twice.
            pendingChanges = 0;
            remaining = Deadline.remaining(nanos, start);
        }
    }
}
