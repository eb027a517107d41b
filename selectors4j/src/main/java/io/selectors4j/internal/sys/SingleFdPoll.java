package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.posix.PollFds;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Polls one descriptor, with or without another one that ends the wait. Instances, with their native memory, are
/// pooled: as many as there have been concurrent calls.
public final class SingleFdPoll {

    private static final ConcurrentLinkedQueue<SingleFdPoll> IDLE = new ConcurrentLinkedQueue<>();

    private static final int NONE = -1;

    private final PollFds fds = new PollFds();
    private final PollWait wait = new PollWait();

    private SingleFdPoll() {}

    /// Waits until a descriptor is ready.
    ///
    /// @param events flags of [PollFlags]
    /// @param nanos the timeout, or [Deadline#FOREVER]
    /// @return the returned flags of [PollFlags]; 0 after the timeout
    /// @throws NativeIOException if the kernel refuses to wait
    public static int await(int fd, int events, long nanos) throws NativeIOException {
        return await(fd, events, NONE, nanos);
    }

    /// Waits until a descriptor is ready or another one is readable.
    ///
    /// @param events flags of [PollFlags]
    /// @param wakeup the descriptor whose readability ends the wait
    /// @param nanos the timeout, or [Deadline#FOREVER]
    /// @return the returned flags of [PollFlags] of the first descriptor; 0 after the timeout or a wakeup
    /// @throws NativeIOException if the kernel refuses to wait
    public static int await(int fd, int events, int wakeup, long nanos) throws NativeIOException {
        SingleFdPoll idle = IDLE.poll();
        SingleFdPoll poll = idle != null ? idle : new SingleFdPoll();
        int count = poll.awaitOne(fd, events, wakeup, nanos);
        if (count < 0) {
            throw new NativeIOException(poll.wait.call() + "(fd=" + fd + ")", -count);
        }
        int mask = count > 0 ? PollFlags.fromSystem(poll.fds.revents(0)) : 0;
        IDLE.add(poll);
        return mask;
    }

    private int awaitOne(int fd, int events, int wakeup, long nanos) {
        while (fds.size() > 0) {
            fds.remove(fds.size() - 1);
        }
        fds.add(fd, PollFlags.toSystem(events));
        if (wakeup != NONE) {
            fds.add(wakeup, PollFlags.toSystem(PollFlags.POLLIN));
        }
        return wait.await(fds, nanos, null);
    }
}
