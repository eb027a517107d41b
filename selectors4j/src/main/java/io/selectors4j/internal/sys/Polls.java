package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.posix.PollFds;

/// Asks `poll` about one descriptor.
public final class Polls {

    // asm-generic/poll.h
    /// There is something to read.
    public static final int POLLIN = 0x001;

    /// There is room to write.
    public static final int POLLOUT = 0x004;

    private Polls() {}

    /// Waits until a descriptor is ready.
    ///
    /// @param fd the descriptor
    /// @param events POLL* flags to wait for
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @return POLL* flags of what is ready; 0 if the time is over
    /// @throws NativeIOException if the kernel refuses to wait
    public static int await(int fd, int events, long nanos) throws NativeIOException {
        PollFds fds = new PollFds();
        fds.add(fd, events);
        int found = new PollWait().await(fds, nanos, null);
        if (found < 0) {
            throw new NativeIOException("ppoll(fd=" + fd + ")", -found);
        }
        return found > 0 ? fds.revents(0) : 0;
    }
}
