package io.selectors4j.internal.selector;

import io.selectors4j.internal.ffi.Errno;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The waits of a [Poller] for a part of the descriptors, with a lock of their own: threads that begin to wait hold up
/// neither each other nor the poller's thread.
final class PollerStripe {

    /// POLLERR, POLLHUP and POLLNVAL, which the kernel reports without being asked.
    private static final int ALWAYS = 0x038;

    private final PollerBackend backend;
    private final int stripes;

    /// The entries by descriptor, of which every so many belong to this stripe. An entry stays for the next wait.
    private @Nullable Entry[] entries = new @Nullable Entry[16];

    private int lastSequence;

    /// The `-errno` that ended the poller, or 0.
    private int failure;

    /// The waits for one descriptor.
    private static final class Entry {
        final int fd;

        /// The first of the linked waits, or null.
        @Nullable
        PollerWait first;

        /// The events that the kernel watches for: at least those of the waits.
        int mask;

        /// The token of the last [PollerBackend#startPoll].
        long token;

        Entry(int fd) {
            this.fd = fd;
        }

        boolean remove(PollerWait wait) {
            PollerWait previous = null;
            PollerWait current = first;
            while (current != null && !current.equals(wait)) {
                previous = current;
                current = current.next;
            }
            if (current == null) {
                return false;
            }
            if (previous == null) {
                first = current.next;
            } else {
                previous.next = current.next;
            }
            return true;
        }

        /// Ends all waits with a result.
        void completeAll(int result) {
            PollerWait wait = first;
            first = null;
            while (wait != null) {
                wait.complete(result);
                wait = wait.next;
            }
        }
    }

    /// Creates a stripe without waits.
    ///
    /// @param stripes the number of stripes
    PollerStripe(PollerBackend backend, int stripes) {
        this.backend = backend;
        this.stripes = stripes;
    }

    private @Nullable Entry find(int fd) {
        int index = fd / stripes;
        return fd >= 0 && index < entries.length ? entries[index] : null;
    }

    private Entry findOrAdd(int fd) {
        Entry entry = find(fd);
        if (entry == null) {
            int index = fd / stripes;
            if (index >= entries.length) {
                entries = Arrays.copyOf(entries, Math.max(index + 1, 2 * entries.length));
            }
            entry = new Entry(fd);
            entries[index] = entry;
        }
        return entry;
    }

    /// See [Poller#add].
    synchronized int add(PollerWait wait) {
        if (failure < 0 || wait.isDone()) {
            return failure;
        }
        if (wait.fd() < 0) {
            return -Errno.EBADF; // closed meanwhile
        }
        Entry entry = findOrAdd(wait.fd());
        int previous = entry.mask;
        entry.mask = entry.first == null ? wait.events() : previous | wait.events();
        wait.next = entry.first;
        entry.first = wait;
        int result = startPoll(entry);
        if (result < 0) {
            entry.mask = previous;
            entry.remove(wait);
        }
        return result;
    }

    /// See [Poller#remove].
    synchronized void remove(PollerWait wait) {
        Entry entry = find(wait.fd());
        if (entry != null && entry.remove(wait) && entry.first == null) {
            backend.delete(entry.fd);
        }
    }

    /// See [Poller#cancel].
    synchronized void cancel(PollerWait wait, int result) {
        remove(wait);
        if (!wait.isDone()) {
            wait.complete(result);
        }
    }

    /// See [Poller#wake].
    synchronized boolean wake(PollerWait wait, int result) {
        if (wait.isDone()) {
            return false;
        }
        Entry entry = find(wait.fd());
        if (entry != null) {
            entry.remove(wait);
        }
        wait.complete(result);
        return true;
    }

    /// See [Poller#restartPoll].
    synchronized int restartPoll(int fd) {
        Entry entry = find(fd);
        return entry == null || entry.first == null ? 0 : startPoll(entry);
    }

    /// See [Poller#evict].
    synchronized boolean evict(int fd, int result) {
        Entry entry = find(fd);
        if (entry != null) {
            entry.completeAll(result);
        }
        return failure == 0 && fd >= 0 && backend.delete(fd) >= 0;
    }

    private int startPoll(Entry entry) {
        long token = (long) lastSequence++ << Integer.SIZE | entry.fd;
        int result = backend.startPoll(entry.fd, entry.mask, token);
        if (result >= 0) {
            entry.token = token;
        }
        return result;
    }

    /// Ends all waits, those to come too.
    ///
    /// @param cause `-errno`
    synchronized void fail(int cause) {
        failure = cause;
        for (Entry entry : entries) {
            if (entry != null) {
                entry.completeAll(cause);
            }
        }
    }

    /// Polls all descriptors with waits again.
    synchronized void restartAllPolls() {
        for (Entry entry : entries) {
            if (entry != null && entry.first != null) {
                restart(entry);
            }
        }
    }

    private void restart(Entry entry) {
        int result = startPoll(entry);
        if (result < 0) {
            entry.completeAll(result);
        }
    }

    /// Ends the waits for an event.
    ///
    /// @param token that of a [PollerBackend#startPoll], perhaps of an earlier one
    /// @param mask the POLL* flags of the event
    /// @return whether a virtual thread was unparked
    synchronized boolean report(long token, int mask) {
        Entry entry = find((int) token);
        if (entry == null || entry.token != token) {
            return false;
        }
        PollerWait wait = entry.first;
        boolean virtual = false;
        int remaining = 0;
        while (wait != null) {
            if ((mask & (wait.events() | ALWAYS)) != 0) {
                entry.remove(wait);
                wait.complete(mask);
                virtual |= wait.isOfVirtualThread();
            } else {
                remaining |= wait.events();
            }
            wait = wait.next;
        }
        if (entry.first != null) {
            entry.mask = remaining;
            restart(entry);
        }
        return virtual;
    }
}
