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

/// `select` for the descriptors that kqueue refuses, such as `/dev/tty` on macOS. While the selecting thread waits for
/// its kqueue, a thread of the library's own waits for these and wakes it.
///
/// [#set], [#remove], [#prepare], [#isEmpty] and [#descriptors] are called with the selector's lock held; [#prepare] and all
/// others by the selecting thread. Its waits are level-triggered.
final class SelectFallback {

    private static final int[] EVENTS = {PollFlags.POLLIN, PollFlags.POLLOUT, PollFlags.POLLPRI};

    /// POLL* flags by descriptor.
    private final Map<Integer, Integer> requested = new TreeMap<>();

    private final Runnable wake;
    private final FdSets sets = new FdSets();
    private final SelectWait wait = new SelectWait();
    private final FdSets alarmSets = new FdSets();
    private final SelectWait alarmWait = new SelectWait();

    /// Whether the last [#prepare] found any.
    private boolean prepared;

    /// Ends the alarm's wait.
    private @Nullable Waker stop;

    private @Nullable Future<Integer> alarm;

    /// Makes one that has no descriptors.
    ///
    /// @param wake wakes the selecting thread
    SelectFallback(Runnable wake) {
        this.wake = wake;
    }

    /// Whether there are no descriptors. With the selector's lock held.
    ///
    /// @return whether none is waited for
    boolean isEmpty() {
        return requested.isEmpty();
    }

    /// Whether there was a descriptor at the last [#prepare]: then there is something to look at.
    ///
    /// @return whether one is waited for
    boolean isPrepared() {
        return prepared;
    }

    /// Waits for a descriptor from the next [#prepare] on.
    ///
    /// @param fd the descriptor
    /// @param events POLL* flags
    /// @return 0, or EBADF, negated, if it is not open
    /// @throws NativeIOException if there is no descriptor left for the other thread to be stopped by
    int set(int fd, int events) throws NativeIOException {
        if (!Fcntl.isOpen(fd)) {
            return -Errno.EBADF;
        }
        if (stop == null) {
            stop = Waker.create();
        }
        requested.put(fd, events);
        return 0;
    }

    /// Waits for a descriptor no more.
    ///
    /// @param fd the descriptor
    void remove(int fd) {
        requested.remove(fd);
    }

    /// Gets ready to wait for what was asked for, except what is closed: as a kqueue forgets it.
    void prepare() {
        prepared = !requested.isEmpty();
        if (!prepared) {
            return;
        }
        sets.clear();
        alarmSets.clear();
        for (Map.Entry<Integer, Integer> entry : requested.entrySet()) {
            int fd = entry.getKey();
            int events = Fcntl.isOpen(fd) ? entry.getValue() : 0;
            for (int set = 0; set < EVENTS.length; set++) {
                if ((events & EVENTS[set]) != 0) {
                    sets.add(set, fd);
                    alarmSets.add(set, fd);
                }
            }
        }
    }

    /// Looks at what is ready now.
    ///
    /// @return how many descriptors are ready, for [#events] to tell
    int poll() {
        sets.prepare();
        int result = wait.await(sets, 0, null);
        if (result < 0) { // one was closed this very moment: look again the next time
            sets.clearReturned();
            return 0;
        }
        return result;
    }

    /// What the last [#poll] has found.
    ///
    /// @param fd a descriptor
    /// @return POLL* flags
    int events(int fd) {
        int mask = 0;
        for (int set = 0; fd < sets.returnedNfds() && set < EVENTS.length; set++) {
            mask |= sets.isReturned(set, fd) ? EVENTS[set] : 0;
        }
        return mask;
    }

    /// The descriptors that are waited for.
    ///
    /// @return their numbers
    int[] descriptors() {
        return requested.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    /// Has another thread wait, until [#stopBackgroundWait], and wake the selecting thread when one is ready.
    void startBackgroundWait() {
        Waker waker = stop;
        if (waker != null) {
            alarmSets.add(FdSets.READ, waker.fileno());
            alarmSets.prepare();
            alarm = BlockingCalls.submit(() -> {
                int found = alarmWait.await(alarmSets, Deadline.FOREVER, null);
                if (found != 1 || !alarmSets.isReturned(FdSets.READ, waker.fileno())) {
                    wake.run(); // if the wait failed as well: the next look tells
                }
                return found;
            });
        }
    }

    /// Ends what [#startBackgroundWait] has begun.
    ///
    /// @throws NativeIOException if the waker was closed behind this object's back
    void stopBackgroundWait() throws NativeIOException {
        Future<Integer> task = alarm;
        Waker waker = stop;
        if (task != null && waker != null) {
            waker.signal();
            BlockingCalls.result(task);
            waker.drain();
            alarm = null;
        }
    }

    /// Gives its descriptor back.
    void close() {
        Waker waker = stop;
        if (waker != null) {
            waker.close();
        }
    }
}
