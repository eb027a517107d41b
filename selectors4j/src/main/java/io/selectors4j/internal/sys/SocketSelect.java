package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.windows.SocketSets;
import io.selectors4j.internal.windows.Timeval;
import io.selectors4j.internal.windows.WinsockLibc;

/// Waits with the `select` of Windows, for [SelectWait].
final class SocketSelect {

    private final SocketSets arrays = new SocketSets();
    private final Timeval timeval = new Timeval();

    /// As [SelectWait#await]. The timeout of Windows ends up to one tick of its clock early, so the wait goes on until
    /// the time has passed.
    int await(ErrnoCapture state, FdSets sets, long nanos) {
        long start = Deadline.start(nanos);
        long remaining = nanos;
        while (true) {
            long part = Math.min(remaining, Deadline.LONGEST_CALL);
            arrays.copyFrom(sets);
            int result;
            if (arrays.isEmpty()) {
                Deadline.pause(part); // Windows refuses to wait for nothing
                result = 0;
            } else {
                result = WinsockLibc.select(state, arrays, remaining == Deadline.FOREVER ? null : timeval.set(part));
            }
            if (result > 0) {
                return arrays.copyTo(sets);
            }
            remaining = Deadline.remaining(nanos, start);
            if (result < 0 || remaining <= 0) {
                sets.clearReturned();
                return result;
            }
        }
    }
}
