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

/// Watches descriptors for parked threads, each of which waits for one. A single platform thread waits in the kernel
/// for all of them. It starts with the first wait and never ends. Each descriptor is watched one-shot.
///
/// The poller must not fail: without it no parked thread wakes. After a lack of memory it polls all descriptors again.
/// If its thread ends for another reason, all waits end with an error, and the next wait starts another poller.
final class Poller {

    /// POLLERR, POLLHUP and POLLNVAL, which the kernel reports without being asked.
    private static final int ALWAYS = 0x038;

    private static final Object LOCK = new Object();
    private static @Nullable Poller shared;

    private final PollerBackend backend;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private int lastSequence;

    /// The `-errno` that ended this poller, or 0.
    private int failure;

    /// The waits for one descriptor.
    private static final class Entry {
        final int fd;
        final Set<PollerWait> waits = new LinkedHashSet<>(2);

        /// The events that the kernel watches for: at least those of the waits.
        int mask;

        /// The token of the last [PollerBackend#startPoll].
        long token;

        Entry(int fd) {
            this.fd = fd;
        }
    }

    private Poller(PollerBackend backend) {
        this.backend = backend;
    }

    /// Returns the poller of this process, and starts it if necessary.
    ///
    /// @throws NativeIOException EMFILE or ENFILE at a limit of open files, ENOMEM
    static Poller shared() throws IOException {
        synchronized (LOCK) {
            Poller poller = shared;
            if (poller == null || poller.hasFailed()) {
                poller = start(PollerBackend.create());
                shared = poller;
            }
            return poller;
        }
    }

    /// Starts a poller, which closes its backend if it fails.
    static Poller start(PollerBackend backend) {
        try {
            Poller poller = new Poller(backend);
            LibraryThreads.make("poller", poller::run).start();
            return poller;
        } catch (Throwable t) {
            backend.close();
            throw t;
        }
    }

    /// Returns the poller of this process, or null if it has not started.
    static @Nullable Poller sharedIfStarted() {
        synchronized (LOCK) {
            return shared;
        }
    }

    /// Begins to watch for a wait, unless the wait has a result.
    ///
    /// @return 0, or `-errno` if the kernel refuses
    synchronized int add(PollerWait wait) {
        if (failure < 0 || wait.isDone()) {
            return failure;
        }
        Entry entry = entries.computeIfAbsent(wait.fd(), Entry::new);
        int previous = entry.mask;
        entry.waits.add(wait);
        entry.mask |= wait.events();
        int result = startPoll(entry);
        if (result < 0) {
            entry.mask = previous;
            removeWait(entry, wait);
        }
        return result;
    }

    /// Stops watching for a wait that has no result.
    synchronized void remove(PollerWait wait) {
        Entry entry = entries.get(wait.fd());
        if (entry != null && removeWait(entry, wait) && entry.waits.isEmpty()) {
            backend.delete(entry.fd);
        }
    }

    /// Ends a wait with a result, before or after [#add], unless it has one.
    synchronized void cancel(PollerWait wait, int result) {
        remove(wait);
        if (!wait.isDone()) {
            wait.complete(result);
        }
    }

    /// Ends a wait with a result, before or after [#add], and leaves the descriptor in the kernel set.
    ///
    /// @return false if the wait has a result
    synchronized boolean wake(PollerWait wait, int result) {
        if (wait.isDone()) {
            return false;
        }
        Entry entry = entries.get(wait.fd());
        if (entry != null) {
            removeWait(entry, wait);
        }
        wait.complete(result);
        return true;
    }

    /// Watches the new open file of a number.
    synchronized void restartPoll(int fd) throws NativeIOException {
        Entry entry = entries.get(fd);
        int result = entry == null ? 0 : startPoll(entry);
        if (result < 0) {
            throw new NativeIOException(describe(fd), -result);
        }
    }

    /// Removes a descriptor from the kernel set.
    ///
    /// @param result the result of the current waits for it, `-errno`
    /// @return whether the kernel set had it
    synchronized boolean evict(int fd, int result) {
        Entry entry = entries.remove(fd);
        if (entry != null) {
            entry.waits.forEach(wait -> wait.complete(result));
        }
        return backend.delete(fd) >= 0;
    }

    String describe(int fd) {
        return backend.describe(fd);
    }

    private synchronized boolean hasFailed() {
        return failure < 0;
    }

    private boolean removeWait(Entry entry, PollerWait wait) {
        boolean removed = entry.waits.remove(wait);
        if (entry.waits.isEmpty()) {
            entries.remove(entry.fd);
        }
        return removed;
    }

    private int startPoll(Entry entry) {
        long token = (long) lastSequence++ << Integer.SIZE | entry.fd;
        int result = backend.startPoll(entry.fd, entry.mask, token);
        if (result >= 0) {
            entry.token = token;
        }
        return result;
    }

    private void run() {
        boolean restart = false;
        try {
            while (!hasFailed()) {
                try {
                    if (restart) {
                        restartAllPolls();
                        restart = false;
                    }
                    report(backend.await());
                } catch (VirtualMachineError e) {
                    // A lack of memory, which may pass. The events that were not reported are polled again.
                    restart = true;
                }
            }
        } finally {
            fail(-Errno.ENOMEM); // without effect, unless this thread ends by an exception
        }
    }

    private synchronized void fail(int cause) {
        if (failure == 0) {
            failure = cause;
            for (Entry entry : entries.values()) {
                entry.waits.forEach(wait -> wait.complete(cause));
            }
            entries.clear();
            backend.close();
        }
    }

    private synchronized void restartAllPolls() {
        for (Entry entry : entries.values()) {
            int result = startPoll(entry);
            if (result < 0) {
                entry.waits.forEach(wait -> wait.complete(result));
            }
        }
        entries.values().removeIf(entry -> entry.waits.stream().allMatch(PollerWait::isDone));
    }

    private synchronized void report(int found) {
        if (found < 0) { // other code has closed the descriptor of the kernel set
            fail(found);
        }
        for (int i = 0; i < found; i++) {
            Entry entry = entries.get((int) backend.token(i));
            if (entry != null && entry.token == backend.token(i)) {
                report(entry, backend.events(i));
            }
        }
    }

    private void report(Entry entry, int mask) {
        int remaining = 0;
        for (PollerWait wait : entry.waits) {
            if ((mask & (wait.events() | ALWAYS)) != 0) {
                wait.complete(mask);
            } else {
                remaining |= wait.events();
            }
        }
        entry.waits.removeIf(PollerWait::isDone);
        if (entry.waits.isEmpty()) {
            entries.remove(entry.fd);
            return;
        }
        entry.mask = remaining;
        int result = startPoll(entry);
        if (result < 0) {
            entry.waits.forEach(wait -> wait.complete(result));
            entries.remove(entry.fd);
        }
    }
}
