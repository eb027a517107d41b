package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.LibraryThreads;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches descriptors for threads that wait for one each: a platform thread that waits on one set, for all of them. It
/// begins with the first watch and never ends. A descriptor is watched one-shot.
final class Poller {

    /// POLLERR, POLLHUP and POLLNVAL: what is reported without being asked for.
    private static final int ALWAYS = 0x038;

    private static final Object LOCK = new Object();
    private static @Nullable Poller shared;

    private final PollerBackend set;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private int lastSequence;

    /// What ended this watcher, `-errno`.
    private int failure;

    /// Those who watch one descriptor.
    private static final class Entry {
        final int fd;
        final Set<PollerWait> waits = new LinkedHashSet<>(2);

        /// At least what they watch for.
        int mask;

        /// What its events carry, since it was last armed.
        long token;

        Entry(int fd) {
            this.fd = fd;
        }
    }

    private Poller(PollerBackend set) {
        this.set = set;
    }

    /// The one watcher of this process.
    ///
    /// @throws NativeIOException if it does not run yet and there is no descriptor left for it
    static Poller shared() throws IOException {
        synchronized (LOCK) {
            Poller watcher = shared;
            if (watcher == null || watcher.hasFailed()) {
                watcher = start(PollerBackend.create());
                shared = watcher;
            }
            return watcher;
        }
    }

    /// Starts a watcher.
    ///
    /// @param set its set, which it closes if it cannot go on
    static Poller start(PollerBackend set) {
        boolean started = false;
        try {
            Poller watcher = new Poller(set);
            LibraryThreads.make("watcher", watcher::run).start();
            started = true;
            return watcher;
        } finally {
            if (!started) {
                set.close();
            }
        }
    }

    /// The watcher, if it has begun.
    static @Nullable Poller sharedIfStarted() {
        synchronized (LOCK) {
            return shared;
        }
    }

    /// Begins to watch, unless the watch has ended already.
    ///
    /// @return 0, or `-errno` if the kernel refuses
    synchronized int add(PollerWait watch) {
        if (failure < 0 || watch.isDone()) {
            return failure;
        }
        Entry entry = entries.computeIfAbsent(watch.fd(), Entry::new);
        int former = entry.mask;
        entry.waits.add(watch);
        entry.mask |= watch.events();
        int result = startPoll(entry);
        if (result < 0) {
            entry.mask = former;
            removeWait(entry, watch);
        }
        return result;
    }

    /// Ends a watch, if it has not ended.
    synchronized void remove(PollerWait watch) {
        Entry entry = entries.get(watch.fd());
        if (entry != null && removeWait(entry, watch) && entry.waits.isEmpty()) {
            set.delete(entry.fd);
        }
    }

    /// Ends a watch whose object is closing, before or after it has begun.
    synchronized void onClosing(PollerWait watch) {
        remove(watch);
        if (!watch.isDone()) {
            watch.complete(PollerWait.CLOSED);
        }
    }

    /// Watches the open file that has come under a number.
    synchronized void restartPoll(int fd) throws NativeIOException {
        Entry entry = entries.get(fd);
        int result = entry == null ? 0 : startPoll(entry);
        if (result < 0) {
            throw new NativeIOException(describe(fd), -result);
        }
    }

    /// Forgets a descriptor altogether. Whoever watches it is told that this cannot be.
    ///
    /// @param fd the descriptor
    /// @param refusal what they are told, `-errno`
    /// @return whether it was known
    synchronized boolean evict(int fd, int refusal) {
        Entry entry = entries.remove(fd);
        if (entry != null) {
            entry.waits.forEach(watch -> watch.complete(refusal));
        }
        return set.delete(fd) >= 0;
    }

    /// The call that watches a descriptor, for messages.
    String describe(int fd) {
        return set.describe(fd);
    }

    private synchronized boolean hasFailed() {
        return failure < 0;
    }

    private boolean removeWait(Entry entry, PollerWait watch) {
        boolean removed = entry.waits.remove(watch);
        if (entry.waits.isEmpty()) {
            entries.remove(entry.fd);
        }
        return removed;
    }

    private int startPoll(Entry entry) {
        long token = (long) lastSequence++ << Integer.SIZE | entry.fd;
        int result = set.startPoll(entry.fd, entry.mask, token);
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
                        restartAllPolls();
                        armAgain = false;
                    }
                    report(set.await());
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
                for (PollerWait watch : entry.waits) {
                    watch.complete(cause);
                }
            }
            entries.clear();
            set.close();
        }
    }

    private synchronized void restartAllPolls() {
        for (Entry entry : entries.values()) {
            int result = startPoll(entry);
            if (result < 0) {
                for (PollerWait watch : entry.waits) {
                    watch.complete(result);
                }
            }
        }
        entries.values().removeIf(entry -> entry.waits.stream().allMatch(PollerWait::isDone));
    }

    private synchronized void report(int found) {
        if (found < 0) { // somebody has closed the descriptor behind this object's back
            fail(found);
        }
        for (int i = 0; i < found; i++) {
            Entry entry = entries.get((int) set.token(i));
            if (entry != null && entry.token == set.token(i)) {
                report(entry, set.events(i));
            }
        }
    }

    private void report(Entry entry, int mask) {
        int left = 0;
        for (PollerWait watch : entry.waits) {
            if ((mask & (watch.events() | ALWAYS)) != 0) {
                watch.complete(mask);
            } else {
                left |= watch.events();
            }
        }
        entry.waits.removeIf(PollerWait::isDone);
        if (entry.waits.isEmpty()) {
            entries.remove(entry.fd);
            return;
        }
        entry.mask = left;
        int result = startPoll(entry);
        if (result < 0) {
            entry.waits.forEach(watch -> watch.complete(result));
            entries.remove(entry.fd);
        }
    }
}
