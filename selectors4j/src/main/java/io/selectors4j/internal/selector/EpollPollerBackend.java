package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.sys.EpollInstance;
import io.selectors4j.internal.sys.EpollWait;
import java.util.Arrays;

/// A poller's epoll instance. A descriptor that was reported stays in it, disarmed, until it is closed: the next wait
/// for it takes one system call.
final class EpollPollerBackend implements PollerBackend {

    private static final int CAPACITY = 512;

    private final EpollInstance epoll = EpollInstance.create();

    /// Further objects for the same instance: each has memory of its own for a call, and so a lock.
    private final EpollInstance[] controls = new EpollInstance[16];

    EpollPollerBackend() throws NativeIOException {
        Arrays.setAll(controls, _ -> new EpollInstance(epoll.fileno()));
    }

    @Override
    public int startPoll(int fd, int mask, long token) {
        int flags = mask | EpollInstance.EPOLLONESHOT;
        EpollInstance control = controls[fd % controls.length];
        synchronized (control) {
            int result = control.modify(fd, flags, token);
            return result == -Errno.ENOENT ? control.add(fd, flags, token) : result;
        }
    }

    @Override
    public int delete(int fd) {
        EpollInstance control = controls[fd % controls.length];
        synchronized (control) {
            return control.delete(fd);
        }
    }

    @Override
    public Receiver createReceiver() {
        return new EpollReceiver();
    }

    @Override
    public String describe(int fd) {
        return "epoll_ctl(ADD, fd=" + fd + ")";
    }

    @Override
    public void close() {
        epoll.close();
    }

    private final class EpollReceiver implements Receiver {

        private final EpollWait wait = new EpollWait();
        private final EpollEventArray events = new EpollEventArray(CAPACITY);

        @Override
        public int await(long nanos) {
            return wait.awaitOnThisThread(epoll.fileno(), events, CAPACITY, nanos, null);
        }

        @Override
        public long token(int index) {
            return events.data(index);
        }

        @Override
        public int events(int index) {
            return events.events(index);
        }
    }
}
