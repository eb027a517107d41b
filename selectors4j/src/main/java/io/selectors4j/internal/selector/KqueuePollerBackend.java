package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.KqueueInstance;
import io.selectors4j.internal.sys.KqueueWait;

/// A poller's kqueue. Each filter is reported once and then disabled. A descriptor that is ready in two ways makes two
/// events.
final class KqueuePollerBackend implements PollerBackend {

    private static final int CAPACITY = 512;

    private final KqueueInstance kqueue;
    private final KqueueSystem system;

    KqueuePollerBackend(KqueueLibc libc) throws NativeIOException {
        kqueue = KqueueInstance.create(libc);
        system = libc.system();
    }

    @Override
    public synchronized int startPoll(int fd, int mask, long token) {
        int filters = KqueueInstance.filters(mask);
        if (!kqueue.has(filters)) {
            return -Errno.EOPNOTSUPP;
        }
        int result = kqueue.change(fd, kqueue.all(), filters, kqueue.evDispatch(), token);
        return result == -Errno.ENOENT ? 0 : result; // the filters that the kernel still had are not known
    }

    @Override
    public synchronized int delete(int fd) {
        return kqueue.change(fd, kqueue.all(), 0, 0, 0);
    }

    @Override
    public Receiver createReceiver() {
        return new KqueueReceiver();
    }

    @Override
    public String describe(int fd) {
        return "kevent(EV_ADD, fd=" + fd + ")";
    }

    @Override
    public void close() {
        kqueue.close();
    }

    private final class KqueueReceiver implements Receiver {

        private final KqueueWait wait = new KqueueWait();
        private final KeventArray events = new KeventArray(system, CAPACITY);

        @Override
        public int await(long nanos) {
            return kqueue.await(wait, null, 0, events, CAPACITY, nanos);
        }

        @Override
        public long token(int index) {
            return events.udata(index);
        }

        @Override
        public int events(int index) {
            return kqueue.pollEvents(events, index);
        }
    }
}
