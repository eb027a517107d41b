package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.EpollInstance;
import io.selectors4j.internal.sys.EpollWait;
import io.selectors4j.internal.sys.LibraryThreads;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
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
    private final EpollWait wait = new EpollWait();
    private final EpollEventArray events = new EpollEventArray(EVENTS);
    private final Map<Integer, Entry> entries = new HashMap<>();
    private int armings;

    /// What ended this watcher, `-errno`.
    private int failure;

    /// Those who watch one descriptor.
    private static final class Entry {
        final int fd;
        final Set<Watch> watches = new LinkedHashSet<>(2);

        /// At least what they watch for.
        int mask = EpollInstance.EPOLLONESHOT;

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

    /// The watcher, if it has begun.
    static @Nullable Watcher started() {
        synchronized (LOCK) {
            return shared;
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
        int former = entry.mask;
        entry.watches.add(watch);
        entry.mask |= watch.events();
        int result = arm(entry);
        if (result < 0) {
            entry.mask = former;
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

    /// Forgets a descriptor altogether. Whoever watches it is told that this cannot be.
    ///
    /// @param fd the descriptor
    /// @param refusal what they are told, `-errno`
    /// @return whether it was known
    synchronized boolean release(int fd, int refusal) {
        Entry entry = entries.remove(fd);
        if (entry != null) {
            entry.watches.forEach(watch -> watch.end(refusal));
        }
        return epoll.delete(fd) >= 0;
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
        long token = (long) armings++ << Integer.SIZE | entry.fd;
        int result = epoll.modify(entry.fd, entry.mask, token);
        if (result == -Errno.ENOENT) {
            result = epoll.add(entry.fd, entry.mask, token);
        }
        if (result >= 0) {
            entry.token = token;
        }
        return result;
    }

    private void run() {
        boolean armAgain = false;
        try {
            while (!hasFailed()) {
                try {
                    if (armAgain) {
                        armAll();
                        armAgain = false;
                    }
                    report(epoll.await(wait, events, EVENTS, Deadline.FOREVER, null));
                } catch (VirtualMachineError e) {
                    // No memory, for a moment perhaps. What was to be reported is looked at once more.
                    armAgain = true;
                }
            }
        } finally {
            fail(-Errno.ENOMEM); // no effect but where this thread ends as it should not
        }
    }

    private synchronized void fail(int cause) {
        if (failure == 0) {
            failure = cause;
            for (Entry entry : entries.values()) {
                for (Watch watch : entry.watches) {
                    watch.end(cause);
                }
            }
            entries.clear();
            epoll.close();
        }
    }

    private synchronized void armAll() {
        for (Entry entry : entries.values()) {
            int result = arm(entry);
            if (result < 0) {
                for (Watch watch : entry.watches) {
                    watch.end(result);
                }
            }
        }
        entries.values().removeIf(entry -> entry.watches.stream().allMatch(Watch::hasEnded));
    }

    private synchronized void report(int found) {
        if (found < 0) { // somebody has closed the descriptor behind this object's back
            fail(found);
        }
        for (int i = 0; i < found; i++) {
            Entry entry = entries.get((int) events.data(i));
            if (entry != null && entry.token == events.data(i)) {
                report(entry, events.events(i));
            }
        }
    }

    private void report(Entry entry, int mask) {
        int left = EpollInstance.EPOLLONESHOT;
        for (Watch watch : entry.watches) {
            if ((mask & (watch.events() | ALWAYS)) != 0) {
                watch.end(mask);
            } else {
                left |= watch.events();
            }
        }
        entry.watches.removeIf(Watch::hasEnded);
        if (entry.watches.isEmpty()) {
            entries.remove(entry.fd);
            return;
        }
        entry.mask = left;
        int result = arm(entry);
        if (result < 0) {
            entry.watches.forEach(watch -> watch.end(result));
            entries.remove(entry.fd);
        }
    }
}
