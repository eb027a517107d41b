package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.sys.BlockingCalls;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SelectWait;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Waits with `select` for the descriptors that kqueue refuses, such as `/dev/tty` on macOS. While the selecting thread
/// waits for its kqueue, a helper thread waits for these descriptors and wakes it. The waits are level-triggered.
///
/// [#set], [#remove], [#prepare], [#isEmpty] and [#descriptors] are called with the selector's lock held. [#prepare]
/// and all others are called by the selecting thread.
final class SelectFallback {

    private static final int[] EVENTS = {PollFlags.POLLIN, PollFlags.POLLOUT, PollFlags.POLLPRI};

    /// POLL* flags by descriptor.
    private final Map<Integer, Integer> requested = new TreeMap<>();

    private final Runnable wake;
    private final FdSets sets = new FdSets();
    private final SelectWait wait = new SelectWait();
    private final FdSets backgroundSets = new FdSets();
    private final SelectWait backgroundWait = new SelectWait();

    /// Whether the last [#prepare] found a descriptor.
    private boolean prepared;

    /// Ends the wait of the helper thread.
    private @Nullable Waker stopWaker;

    private @Nullable Future<Integer> backgroundTask;

    /// Creates an empty set of descriptors.
    ///
    /// @param wake wakes the selecting thread
    SelectFallback(Runnable wake) {
        this.wake = wake;
    }

    boolean isEmpty() {
        return requested.isEmpty();
    }

    /// Returns whether the last [#prepare] found a descriptor, so that [#poll] is needed.
    boolean isPrepared() {
        return prepared;
    }

    /// Adds a descriptor or changes its events. Takes effect with the next [#prepare].
    ///
    /// @param events POLL* flags
    /// @return 0, or `-EBADF` if the descriptor is not open
    /// @throws NativeIOException if the system has no descriptors left for the waker of the helper thread
    int set(int fd, int events) throws NativeIOException {
        if (!Fcntl.isOpen(fd)) {
            return -Errno.EBADF;
        }
        if (stopWaker == null) {
            stopWaker = Waker.create();
        }
        requested.put(fd, events);
        return 0;
    }

    void remove(int fd) {
        requested.remove(fd);
    }

    /// Prepares a wait for all descriptors. Leaves closed ones out, as a kqueue forgets them.
    void prepare() {
        prepared = !requested.isEmpty();
        if (!prepared) {
            return;
        }
        sets.clear();
        backgroundSets.clear();
        for (Map.Entry<Integer, Integer> entry : requested.entrySet()) {
            int fd = entry.getKey();
            int events = Fcntl.isOpen(fd) ? entry.getValue() : 0;
            for (int set = 0; set < EVENTS.length; set++) {
                if ((events & EVENTS[set]) != 0) {
                    sets.add(set, fd);
                    backgroundSets.add(set, fd);
                }
            }
        }
    }

    /// Polls the descriptors without waiting, for [#events].
    ///
    /// @return the number of ready bits
    int poll() {
        sets.prepare();
        int result = wait.await(sets, 0, null);
        if (result < 0) { // a descriptor was closed after prepare(): the next poll reports the others
            sets.clearReturned();
            return 0;
        }
        return result;
    }

    /// Returns the POLL* flags of a descriptor that the last [#poll] has found.
    int events(int fd) {
        int mask = 0;
        for (int set = 0; fd < sets.returnedNfds() && set < EVENTS.length; set++) {
            mask |= sets.isReturned(set, fd) ? EVENTS[set] : 0;
        }
        return mask;
    }

    int[] descriptors() {
        return requested.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    /// Starts a wait on the helper thread, which wakes the selecting thread when a descriptor is ready.
    /// [#stopBackgroundWait] ends it.
    void startBackgroundWait() {
        Waker waker = stopWaker;
        if (waker != null) {
            backgroundSets.add(FdSets.READ, waker.fileno());
            backgroundSets.prepare();
            backgroundTask = BlockingCalls.submit(() -> {
                int found = backgroundWait.await(backgroundSets, Deadline.FOREVER, null);
                if (found != 1 || !backgroundSets.isReturned(FdSets.READ, waker.fileno())) {
                    wake.run(); // also if the wait failed: the next poll finds the reason
                }
                return found;
            });
        }
    }

    /// Ends the wait of [#startBackgroundWait].
    ///
    /// @throws NativeIOException if other code has closed the waker's descriptor
    void stopBackgroundWait() throws NativeIOException {
        Future<Integer> task = backgroundTask;
        Waker waker = stopWaker;
        if (task != null && waker != null) {
            waker.signal();
            BlockingCalls.result(task);
            waker.drain();
            backgroundTask = null;
        }
    }

    /// Closes the waker of the helper thread.
    void close() {
        Waker waker = stopWaker;
        if (waker != null) {
            waker.close();
        }
    }
}
