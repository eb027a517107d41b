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
/// A descriptor may have any number: the sets passed to the kernel are as large as the largest one needs, and are not the
/// C library's, which end at FD_SETSIZE (1024).
///
/// Source: select(2), Python's module `select`.
public final class Select {

    /// How many bytes can be written to a pipe that is ready to be written, without blocking, and in one piece:
    /// linux/limits.h.
    public static final int PIPE_BUF = 4096;

    /// What a call needs. One is kept for the next call; calls at the same time make their own.
    private record Memory(FdSets sets, SelectWait waiter) {}

    private static final AtomicReference<@Nullable Memory> SPARE = new AtomicReference<>();

    private Select() {}

    /// What is ready, each list a part of the one that was asked for, in its order.
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

        /// Whether nothing is ready.
        ///
        /// @return whether all lists are empty, as they are when the time is over
        public boolean isEmpty() {
            return readable.isEmpty() && writable.isEmpty() && exceptional.isEmpty();
        }
    }

    /// Waits until an object is ready. From any thread, any number of them at once. A signal does not end the wait.
    ///
    /// @param <P> type of the objects
    /// @param readers wait until these can be read: data, a connection to accept, the end of the data, or an error
    /// @param writers wait until these can be written: room, a connect that has come to an end, or an error
    /// @param exceptionals wait until these have an exceptional condition
    /// @param timeout the longest wait, to the nanosecond, never shorter; null for no limit; zero to look without waiting
    /// @return what is ready; all empty when the time is over
    /// @throws IllegalArgumentException if the timeout is negative, or an object's descriptor is
    /// @throws NativeIOException if the kernel refuses to wait: EBADF if a descriptor is not open; the message names it
    public static <P extends Pollable> Ready<P> select(
            Collection<? extends P> readers,
            Collection<? extends P> writers,
            Collection<? extends P> exceptionals,
            @Nullable Duration timeout)
            throws IOException {
        return select(readers, writers, exceptionals, timeout, null);
    }

    /// Waits until an object is ready, with some signals blocked meanwhile: `pselect()`. Besides what
    /// [#select(Collection, Collection, Collection, Duration)] says, a signal that is not blocked ends the wait.
    ///
    /// @param <P> type of the objects
    /// @param readers wait until these can be read
    /// @param writers wait until these can be written
    /// @param exceptionals wait until these have an exceptional condition
    /// @param timeout the longest wait, to the nanosecond, never shorter; null for no limit; zero to look without waiting
    /// @param mask the signals blocked while waiting; null to leave that as it is
    /// @return what is ready; all empty when the time is over, or if there is a mask and a signal came
    /// @throws IllegalArgumentException if the timeout is negative, or an object's descriptor is
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
        // Copies, since asking an object for its descriptor runs a user's code, which may change the collection.
        List<P> r = List.copyOf(readers);
        List<P> w = List.copyOf(writers);
        List<P> x = List.copyOf(exceptionals);
        int[] rfds = filenos(r);
        int[] wfds = filenos(w);
        int[] xfds = filenos(x);

        int max = Math.max(Math.max(max(rfds), max(wfds)), max(xfds));
        if (max >= 0) {
            // The kernel ignores what lies beyond the process's table of descriptors, instead of answering EBADF;
            // and the number of a closed descriptor can be anything, too large for the sets.
            Fcntl.requireOpen(max);
        }
        Memory memory = SPARE.getAndSet(null);
        if (memory == null) {
            memory = new Memory(new FdSets(), new SelectWait());
        }
        FdSets sets = memory.sets;
        try {
            ask(sets, FdSets.READ, rfds);
            ask(sets, FdSets.WRITE, wfds);
            ask(sets, FdSets.EXCEPT, xfds);
            sets.prepare();
            int result = memory.waiter.await(sets, nanos, mask == null ? null : mask.set());
            if (result < 0) {
                throw failure(-result, rfds, wfds, xfds);
            }
            return new Ready<>(
                    answer(sets, FdSets.READ, r, rfds),
                    answer(sets, FdSets.WRITE, w, wfds),
                    answer(sets, FdSets.EXCEPT, x, xfds));
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

    private static void ask(FdSets sets, int set, int[] fds) {
        for (int fd : fds) {
            sets.add(set, fd);
        }
    }

    private static <P extends Pollable> List<P> answer(FdSets sets, int set, List<P> fileobjs, int[] fds) {
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
