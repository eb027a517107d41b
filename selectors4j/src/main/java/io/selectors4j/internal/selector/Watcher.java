package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.EpollInstance;
import io.selectors4j.internal.sys.EpollWait;
import io.selectors4j.internal.sys.LibraryThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Watches descriptors for threads that wait for one each: a platform thread that waits on an epoll set, for all of them. It
/// begins with the first watch and never ends.
///
/// A descriptor is watched one-shot. Once reported, it stays in the set, where it costs nothing, until it is closed; the
/// next watch finds it there and arms it again with one system call.
final class Watcher {

    private static final int EVENTS = 512;

    /// POLLERR, POLLHUP and POLLNVAL: what is reported without being asked for.
    private static final int ALWAYS = 0x038;

    private static final Object LOCK = new Object();
    private static @Nullable Watcher shared;

    private final EpollInstance epoll;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private int armings;
    private int failure;

    /// Those who watch one descriptor.
    private static final class Entry {
        final int fd;
        final List<Watch> watches = new ArrayList<>(1);

        /// What its events carry, since it was last armed.
        long token;

        Entry(int fd) {
            this.fd = fd;
        }
    }

    private Watcher(EpollInstance epoll) {
        this.epoll = epoll;
    }

    /// The one watcher of this process.
    ///
    /// @throws NativeIOException if it does not run yet and there is no descriptor left for it
    static Watcher shared() throws IOException {
        synchronized (LOCK) {
            Watcher watcher = shared;
            if (watcher == null || watcher.hasFailed()) {
                watcher = start(EpollInstance.create());
                shared = watcher;
            }
            return watcher;
        }
    }

    private static Watcher start(EpollInstance epoll) {
        boolean started = false;
        try {
            Watcher watcher = new Watcher(epoll);
            LibraryThreads.make("watcher", watcher::run).start();
            started = true;
            return watcher;
        } finally {
            if (!started) {
                epoll.close();
            }
        }
    }

    /// Begins to watch, unless the watch has ended already.
    ///
    /// @return 0, or `-errno` if the kernel refuses
    synchronized int add(Watch watch) {
        if (failure < 0 || watch.hasEnded()) {
            return failure;
        }
        Entry entry = entries.computeIfAbsent(watch.fd(), Entry::new);
        entry.watches.add(watch);
        int result = arm(entry);
        if (result < 0) {
            forget(entry, watch);
        }
        return result;
    }

    /// Ends a watch, if it has not ended.
    synchronized void remove(Watch watch) {
        Entry entry = entries.get(watch.fd());
        if (entry != null && forget(entry, watch) && entry.watches.isEmpty()) {
            epoll.delete(entry.fd);
        }
    }

    /// Ends a watch whose object is closing, before or after it has begun.
    synchronized void close(Watch watch) {
        remove(watch);
        if (!watch.hasEnded()) {
            watch.end(Watch.CLOSED);
        }
    }

    /// Watches the open file that has come under a number.
    synchronized void renew(int fd) throws NativeIOException {
        Entry entry = entries.get(fd);
        int result = entry == null ? 0 : arm(entry);
        if (result < 0) {
            throw new NativeIOException("epoll_ctl(ADD, fd=" + fd + ")", -result);
        }
    }

    private synchronized boolean hasFailed() {
        return failure < 0;
    }

    private boolean forget(Entry entry, Watch watch) {
        boolean removed = entry.watches.remove(watch);
        if (entry.watches.isEmpty()) {
            entries.remove(entry.fd);
        }
        return removed;
    }

    private int arm(Entry entry) {
        int events = EpollInstance.EPOLLONESHOT;
        for (Watch watch : entry.watches) {
            events |= watch.events();
        }
        long token = (long) armings++ << Integer.SIZE | entry.fd;
        int result = epoll.modify(entry.fd, events, token);
        if (result == -Errno.ENOENT) {
            result = epoll.add(entry.fd, events, token);
        }
        if (result >= 0) {
            entry.token = token;
        }
        return result;
    }

    private void run() {
        EpollWait wait = new EpollWait();
        EpollEventArray events = new EpollEventArray(EVENTS);
        int found = 0;
        while (found >= 0) {
            found = epoll.await(wait, events, EVENTS, Deadline.FOREVER, null);
            report(events, found);
        }
    }

    private synchronized void report(EpollEventArray events, int found) {
        for (int i = 0; i < found; i++) { // none if the wait has failed
            Entry entry = entries.get((int) events.data(i));
            if (entry != null && entry.token == events.data(i)) {
                report(entry, events.events(i));
            }
        }
        if (found < 0) { // somebody has closed the descriptor behind this object's back
            failure = found;
            entries.values().forEach(entry -> entry.watches.forEach(watch -> watch.end(found)));
            entries.clear();
            epoll.close();
        }
    }

    private void report(Entry entry, int mask) {
        entry.watches.removeIf(watch -> {
            boolean concerned = (mask & (watch.events() | ALWAYS)) != 0;
            if (concerned) {
                watch.end(mask);
            }
            return concerned;
        });
        if (entry.watches.isEmpty()) {
            entries.remove(entry.fd);
        } else {
            int result = arm(entry);
            if (result < 0) {
                entry.watches.forEach(watch -> watch.end(result));
                entries.remove(entry.fd);
            }
        }
    }
}
