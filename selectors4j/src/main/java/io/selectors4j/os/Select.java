package io.selectors4j.os;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.SelectWait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// `select()`: waits on three lists of objects at once. Python's `select.select`.
///
/// A descriptor may have any number. The sets passed to the kernel are as large as the largest number needs; the C
/// library's `fd_set` ends at FD_SETSIZE (1024).
///
/// Source: select(2), Python's module `select`.
public final class Select {

    /// The number of bytes that a write to a writable pipe takes atomically and without blocking: linux/limits.h.
    public static final int PIPE_BUF = 4096;

    /// The memory of a call. It is kept for the next call; concurrent calls allocate their own.
    private record Memory(FdSets sets, SelectWait selectWait) {}

    private static final AtomicReference<@Nullable Memory> SPARE = new AtomicReference<>();

    private Select() {}

    /// The objects that are ready. Each list is a part of the list passed to `select`, in the same order.
    ///
    /// @param <P> type of the objects
    /// @param readable the objects that can be read without blocking
    /// @param writable the objects that can be written without blocking
    /// @param exceptional the objects with an exceptional condition, such as out-of-band data
    public record Ready<P extends Pollable>(List<P> readable, List<P> writable, List<P> exceptional) {

        /// Copies the lists.
        ///
        /// @param readable the objects that can be read without blocking
        /// @param writable the objects that can be written without blocking
        /// @param exceptional the objects with an exceptional condition, such as out-of-band data
        public Ready {
            readable = List.copyOf(readable);
            writable = List.copyOf(writable);
            exceptional = List.copyOf(exceptional);
        }

        /// Tells whether no object is ready.
        ///
        /// @return whether all lists are empty, as they are at the timeout
        public boolean isEmpty() {
            return readable.isEmpty() && writable.isEmpty() && exceptional.isEmpty();
        }
    }

    /// Waits until an object is ready, and returns all that are. Any number of threads may call this method at once. A
    /// signal does not end the wait.
    ///
    /// The collections are copied first, because an object's `fileno` may change them. Python reads its lists as it
    /// goes.
    ///
    /// @param <P> type of the objects
    /// @param readers the objects to read from; ready with data, a connection to accept, end of file or an error
    /// @param writers the objects to write to; ready when a write does not block, a connect has completed, or with an
    ///     error
    /// @param exceptionals the objects to watch for an exceptional condition
    /// @param timeout the longest wait, to the nanosecond, never shorter; null for no limit; zero for a poll that does
    ///     not block
    /// @return the objects that are ready; all lists are empty at the timeout
    /// @throws IllegalArgumentException if the timeout or a descriptor is negative
    /// @throws NativeIOException if the kernel refuses to wait: EBADF if a descriptor is not open; the message names it
    public static <P extends Pollable> Ready<P> select(
            Collection<? extends P> readers,
            Collection<? extends P> writers,
            Collection<? extends P> exceptionals,
            @Nullable Duration timeout)
            throws IOException {
        return select(readers, writers, exceptionals, timeout, null);
    }

    /// Waits until an object is ready, with a signal mask: `pselect()`. A signal that is not blocked ends the wait;
    /// otherwise as [#select(Collection, Collection, Collection, Duration)].
    ///
    /// @param <P> type of the objects
    /// @param readers the objects to read from
    /// @param writers the objects to write to
    /// @param exceptionals the objects to watch for an exceptional condition
    /// @param timeout the longest wait, to the nanosecond, never shorter; null for no limit; zero for a poll that does
    ///     not block
    /// @param mask the signals blocked during the wait; null to keep the thread's mask
    /// @return the objects that are ready; all lists are empty at the timeout, or if there is a mask and a signal
    ///     arrived
    /// @throws IllegalArgumentException if the timeout or a descriptor is negative
    /// @throws NativeIOException if the kernel refuses to wait: EBADF if a descriptor is not open; the message names it
    public static <P extends Pollable> Ready<P> select(
            Collection<? extends P> readers,
            Collection<? extends P> writers,
            Collection<? extends P> exceptionals,
            @Nullable Duration timeout,
            @Nullable SignalMask mask)
            throws IOException {
        long nanos = Deadline.nanos(timeout);
        if (nanos < 0) {
            throw new IllegalArgumentException("select: negative timeout " + timeout);
        }
        // Copied first: fileno is the caller's code and may change the collection.
        List<P> r = List.copyOf(readers);
        List<P> w = List.copyOf(writers);
        List<P> x = List.copyOf(exceptionals);
        int[] rfds = filenos(r);
        int[] wfds = filenos(w);
        int[] xfds = filenos(x);

        int max = Math.max(Math.max(max(rfds), max(wfds)), max(xfds));
        if (max >= 0) {
            // The kernel ignores numbers beyond the process's descriptor table instead of failing with EBADF. The
            // number of a closed descriptor may also be too large for the sets.
            Fcntl.requireOpen(max);
        }
        Memory memory = SPARE.getAndSet(null);
        if (memory == null) {
            memory = new Memory(new FdSets(), new SelectWait());
        }
        FdSets sets = memory.sets;
        try {
            request(sets, FdSets.READ, rfds);
            request(sets, FdSets.WRITE, wfds);
            request(sets, FdSets.EXCEPT, xfds);
            sets.prepare();
            int result = memory.selectWait.await(sets, nanos, mask == null ? null : mask.set());
            if (result < 0) {
                throw failure(-result, rfds, wfds, xfds);
            }
            return new Ready<>(
                    returned(sets, FdSets.READ, r, rfds),
                    returned(sets, FdSets.WRITE, w, wfds),
                    returned(sets, FdSets.EXCEPT, x, xfds));
        } finally {
            sets.clear();
            SPARE.set(memory);
        }
    }

    private static int[] filenos(List<? extends Pollable> fileobjs) {
        return fileobjs.stream().mapToInt(Descriptors::requireFd).toArray();
    }

    private static int max(int[] fds) {
        int max = -1;
        for (int fd : fds) {
            max = Math.max(max, fd);
        }
        return max;
    }

    private static void request(FdSets sets, int set, int[] fds) {
        for (int fd : fds) {
            sets.add(set, fd);
        }
    }

    private static <P extends Pollable> List<P> returned(FdSets sets, int set, List<P> fileobjs, int[] fds) {
        List<P> ready = new ArrayList<>();
        for (int i = 0; i < fds.length; i++) {
            if (sets.isReturned(set, fds[i])) {
                ready.add(fileobjs.get(i));
            }
        }
        return ready;
    }

    private static NativeIOException failure(int errno, int[]... fds) {
        StringBuilder closed = new StringBuilder();
        if (errno == Errno.EBADF) {
            for (int[] list : fds) {
                for (int fd : list) {
                    if (!Fcntl.isOpen(fd)) {
                        closed.append(closed.isEmpty() ? "fd=" : ", fd=").append(fd);
                    }
                }
            }
        }
        return new NativeIOException("select(" + closed + ")", errno);
    }
}
