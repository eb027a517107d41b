package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.posix.PollFds;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Asks `poll` about one descriptor. The native memory for it is kept for the next one who asks: as many pieces as there
/// have been calls at one time.
public final class SingleFdPoll {

    private static final ConcurrentLinkedQueue<SingleFdPoll> IDLE = new ConcurrentLinkedQueue<>();

    private final PollFds fds = new PollFds();
    private final PollWait wait = new PollWait();

    private SingleFdPoll() {}

    /// Waits until a descriptor is ready.
    ///
    /// @param fd the descriptor
    /// @param events flags of [PollFlags] to wait for
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @return flags of [PollFlags] for what is ready; 0 if the time is over
    /// @throws NativeIOException if the kernel refuses to wait
    public static int await(int fd, int events, long nanos) throws NativeIOException {
        SingleFdPoll idle = IDLE.poll();
        SingleFdPoll polls = idle != null ? idle : new SingleFdPoll();
        int found = polls.awaitOne(fd, events, nanos);
        if (found < 0) {
            throw new NativeIOException(polls.wait.call() + "(fd=" + fd + ")", -found);
        }
        int mask = found > 0 ? PollFlags.fromSystem(polls.fds.revents(0)) : 0;
        IDLE.add(polls);
        return mask;
    }

    private int awaitOne(int fd, int events, long nanos) {
        if (fds.size() > 0) {
            fds.remove(0);
        }
        fds.add(fd, PollFlags.toSystem(events));
        return wait.await(fds, nanos, null);
    }
}
