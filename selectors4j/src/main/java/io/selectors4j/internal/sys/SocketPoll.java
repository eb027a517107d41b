package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.posix.PosixLibc;

/// Waits with the `WSAPoll` of Windows, for [PollWait].
///
/// `WSAPoll` marks a socket that is not open, but neither counts it nor ends the wait for it. So the first call does
/// not wait, and this class counts the marks.
///
/// `WSAPoll` reports that the peer has stopped sending, even if only writing was requested, and then does not wait any
/// more. A selector does not report this, so it waits with `select` until one of the requested events happens. `select`
/// does not report all errors, so the wait is short and `WSAPoll` follows.
final class SocketPoll {

    private static final long SELECT_NANOS = 10_000_000;

    private final boolean ignoresHangups;
    private final FdSets sets = new FdSets();
    private final SocketSelect select = new SocketSelect();

    /// Creates a wait.
    ///
    /// @param ignoresHangups whether a hang-up alone does not end a wait for writing
    SocketPoll(boolean ignoresHangups) {
        this.ignoresHangups = ignoresHangups;
    }

    /// As [PollWait#await]. The timeout of Windows ends up to one tick of its clock early, so the wait goes on until
    /// the time has passed.
    int await(ErrnoCapture state, PollFds fds, long nanos) {
        if (fds.size() == 0) { // which Windows refuses
            Deadline.pause(nanos);
            return 0;
        }
        long start = Deadline.start(nanos);
        long part = 0;
        while (true) {
            int result = PosixLibc.poll(state, fds, fds.size(), Deadline.millis(part));
            if (result < 0 && result != -Errno.EBADF) { // EBADF if no socket is open
                return result;
            }
            boolean ignored = ignoresHangups && fds.ignoreHangups();
            int ready = fds.countReturned();
            if (ready > 0) {
                return ready;
            }
            long remaining = Deadline.remaining(nanos, start);
            if (remaining <= 0) {
                return 0;
            }
            part = remaining == Deadline.FOREVER ? remaining : Math.min(remaining, Deadline.LONGEST_MILLIS);
            if (ignored) {
                selectRequested(state, fds, Math.min(remaining, SELECT_NANOS));
                part = 0;
            }
        }
    }

    private void selectRequested(ErrnoCapture state, PollFds fds, long nanos) {
        for (int i = 0; i < fds.size(); i++) {
            request(FdSets.READ, fds.fd(i), fds.isRequested(i, PollFlags.POLLIN));
            request(FdSets.WRITE, fds.fd(i), fds.isRequested(i, PollFlags.POLLOUT));
        }
        sets.prepare();
        select.await(state, sets, nanos);
        for (int i = 0; i < fds.size(); i++) {
            request(FdSets.READ, fds.fd(i), false);
            request(FdSets.WRITE, fds.fd(i), false);
        }
    }

    private void request(int set, int fd, boolean requested) {
        if (requested) {
            sets.add(set, fd);
        } else {
            sets.remove(set, fd);
        }
    }
}
