package io.selectors4j.internal.selector;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.AfdEvents;
import io.selectors4j.internal.sys.AfdPort;
import io.selectors4j.internal.windows.AfdLibc;
import java.util.Arrays;

/// A poller's completion port. A poll that was reported keeps its memory until the next wait for the same socket.
final class AfdPollerBackend implements PollerBackend {

    private static final int CAPACITY = 512;

    private final AfdPort port;

    /// The number of the poll of each socket plus one, or 0.
    @GuardedBy("this")
    private int[] polls = new int[64];

    AfdPollerBackend(AfdLibc libc) throws NativeIOException {
        port = AfdPort.create(libc);
    }

    @Override
    public synchronized int startPoll(int fd, int mask, long token) {
        if (fd >= polls.length) {
            polls = Arrays.copyOf(polls, Math.max(fd + 1, 2 * polls.length));
        }
        cancel(fd);
        try {
            int poll = port.start(fd, mask, token);
            polls[fd] = Math.max(poll + 1, 0);
            return Math.min(poll, 0);
        } catch (NativeIOException e) {
            return -e.errno(); // no memory for another handle of AFD
        }
    }

    @Override
    public synchronized int delete(int fd) {
        return cancel(fd) ? 0 : -Errno.ENOENT;
    }

    @GuardedBy("this")
    private boolean cancel(int fd) {
        boolean watched = fd < polls.length && polls[fd] > 0;
        if (watched) {
            port.cancel(polls[fd] - 1);
            polls[fd] = 0;
        }
        return watched;
    }

    @Override
    public Receiver createReceiver() {
        return new AfdReceiver();
    }

    @Override
    public String describe(int fd) {
        return AfdPort.describe(fd);
    }

    @Override
    public void close() {
        port.close();
    }

    private final class AfdReceiver implements Receiver {

        private final AfdEvents events = new AfdEvents(CAPACITY);

        @Override
        public int await(long nanos) {
            events.clear();
            int result = port.awaitOnThisThread(events, nanos);
            return result < 0 ? result : events.count();
        }

        @Override
        public long token(int index) {
            return events.token(index);
        }

        @Override
        public int events(int index) {
            return events.flags(index);
        }
    }
}
