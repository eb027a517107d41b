package io.selectors4j.internal.sys;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.NativeIOException;
import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Timespec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A kqueue: its descriptor and the calls on it. Any thread may call all methods. Only [#await] blocks. Each call
/// returns its value or `-errno`.
///
/// A descriptor is watched by up to three filters; a set of filters is a combination of [#READ], [#WRITE] and
/// [#EXCEPT].
public final class KqueueInstance {

    /// EVFILT_READ: data to read, a connection to accept, or end of file.
    public static final int READ = 1;

    /// EVFILT_WRITE: space to write.
    public static final int WRITE = 1 << 1;

    /// EVFILT_EXCEPT with NOTE_OOB: out-of-band data.
    public static final int EXCEPT = 1 << 2;

    private static final int FILTER_COUNT = 3;
    private static final int CLOSED = -Errno.EBADF;
    private static final String[] FILTER_NAMES = {"EVFILT_READ", "EVFILT_WRITE", "EVFILT_EXCEPT"};

    private static final Timespec NO_WAIT = new Timespec();

    private final KqueueLibc libc;
    private final Descriptor descriptor;
    private final ErrnoCapture state = new ErrnoCapture();

    /// The changes of one call, and then their receipts.
    @GuardedBy("this")
    private final KeventArray changes;

    /// Number of changes.
    @GuardedBy("this")
    private int count;

    /// With libkqueue, the duplicate of each registered descriptor. The kqueue watches the duplicate, since libkqueue
    /// may crash if a descriptor is closed that it watches.
    @GuardedBy("this")
    private final Map<Integer, Integer> duplicates = new HashMap<>(0);

    private final boolean isLibkqueue;

    /// EVFILT_* and `fflags` of each filter that the system has.
    private final int[] filters = new int[FILTER_COUNT];

    private final int[] fflags = new int[FILTER_COUNT];
    private final int all;
    private final int evfiltUser;
    private final int noteTrigger;

    /// The user data of the EVFILT_USER event. Triggering the event sets its user data as well.
    @GuardedBy("this")
    private long userData;

    private final int evAdd;
    private final int evDelete;
    private final int evReceipt;
    private final int evError;
    private final int evEof;
    private final int evClear;
    private final int evDispatch;

    /// Takes ownership of the descriptor of a kqueue.
    public KqueueInstance(KqueueLibc libc, int kq) {
        this.libc = libc;
        KqueueSystem system = libc.system();
        changes = new KeventArray(system, 2 * FILTER_COUNT);
        int available = 0;
        for (int i = 0; i < FILTER_COUNT; i++) {
            if (1 << i != EXCEPT || system.tellsUrgentData()) {
                filters[i] = system.number(FILTER_NAMES[i]);
                available |= 1 << i;
            }
        }
        all = available;
        // Without NOTE_FILE_POLL, FreeBSD does not report a regular file whose position is at its end.
        fflags[0] = system.has("NOTE_FILE_POLL") ? system.number("NOTE_FILE_POLL") : 0;
        fflags[2] = system.tellsUrgentData() ? system.number("NOTE_OOB") : 0;
        boolean hasUser = system.has("EVFILT_USER");
        evfiltUser = hasUser ? system.number("EVFILT_USER") : 0;
        noteTrigger = hasUser ? system.number("NOTE_TRIGGER") : 0;
        evAdd = system.number("EV_ADD");
        evDelete = system.number("EV_DELETE");
        evReceipt = system.number("EV_RECEIPT");
        evError = system.number("EV_ERROR");
        evEof = system.number("EV_EOF");
        evClear = system.number("EV_CLEAR");
        evDispatch = system.number("EV_DISPATCH");
        descriptor = new Descriptor(kq);
        isLibkqueue = system.isLibkqueue();
    }

    /// Creates a kqueue whose descriptor is close-on-exec.
    ///
    /// @throws NativeIOException if the system has no descriptors or memory left
    public static KqueueInstance create(KqueueLibc libc) throws NativeIOException {
        int kq = libc.kqueue(ErrnoCapture.current());
        if (kq < 0) {
            throw new NativeIOException("kqueue()", -kq);
        }
        try {
            Fcntl.setCloseOnExec(kq);
            return new KqueueInstance(libc, kq);
        } catch (Throwable t) {
            new Descriptor(kq).close();
            throw t;
        }
    }

    /// Returns the functions of kqueue that this instance calls.
    public KqueueLibc libc() {
        return libc;
    }

    /// Returns the descriptor, or -1 once it is closed.
    public int fileno() {
        return descriptor.fileno();
    }

    /// Returns the filters for POLL* flags of [PollFlags], including filters that this system lacks.
    public static int filters(int events) {
        return ((events & PollFlags.POLLIN) != 0 ? READ : 0)
                | ((events & PollFlags.POLLOUT) != 0 ? WRITE : 0)
                | ((events & PollFlags.POLLPRI) != 0 ? EXCEPT : 0);
    }

    /// Returns all filters that are reliable on this system.
    public int all() {
        return all;
    }

    /// Returns whether all given filters are reliable on this system.
    public boolean has(int set) {
        return (all & set) == set;
    }

    /// Changes the filters of a descriptor: removes filters, and adds others or the same.
    ///
    /// A filter that is removed and added in one call gets new flags, and the kernel checks its state again. EV_ADD of
    /// a registered filter would leave its flags as they are.
    ///
    /// @param removed the filters that are registered
    /// @param added the filters to register
    /// @param flags EV_* of the added filters, such as [#evClear]
    /// @param udata the user data of their events
    /// @return 0; `-errno` if a filter could not be added, and then none is registered; `-ENOENT` if a filter to remove
    ///     was not registered, and then all other changes were made
    public synchronized int change(int fd, int removed, int added, int flags, long udata) {
        if (isLibkqueue && added != 0 && !Fcntl.isOpen(fd)) {
            return -Errno.EBADF;
        }
        int ident = isLibkqueue ? duplicate(fd) : fd;
        int result = ident < 0 ? ident : applyChange(ident, removed, added, flags, udata);
        if (isLibkqueue && (added == 0 || (result < 0 && result != -Errno.ENOENT))) {
            closeDuplicate(fd);
        }
        return result;
    }

    @GuardedBy("this")
    private int applyChange(int ident, int removed, int added, int flags, long udata) {
        count = 0;
        append(ident, removed, evDelete, 0);
        int firstAdded = count;
        append(ident, added, evAdd | flags, udata);
        int result = count == 0 ? 0 : submit();
        if (result < 0) {
            return result;
        }
        int removeResult = firstError(0, firstAdded);
        int addResult = firstError(firstAdded, count);
        if (addResult < 0) {
            undo(ident, firstAdded, added);
        }
        return addResult < 0 ? addResult : removeResult;
    }

    /// Returns the duplicate of a descriptor, which no other code closes, or `-errno`.
    @GuardedBy("this")
    private int duplicate(int fd) {
        Integer existing = duplicates.get(fd);
        int duplicate = existing != null ? existing : Fcntl.duplicate(fd);
        if (existing == null && duplicate >= 0) {
            duplicates.put(fd, duplicate);
        }
        return duplicate;
    }

    @GuardedBy("this")
    private void closeDuplicate(int fd) {
        Integer duplicate = duplicates.remove(fd);
        if (duplicate != null) {
            new Descriptor(duplicate).close();
        }
    }

    /// Removes those of the added filters whose registration succeeded.
    @GuardedBy("this")
    private void undo(int ident, int first, int added) {
        int succeeded = 0;
        int index = first;
        for (int bits = added; bits != 0; bits &= bits - 1) {
            if (error(index++) == 0) {
                succeeded |= Integer.lowestOneBit(bits);
            }
        }
        count = 0;
        append(ident, succeeded, evDelete, 0);
        if (count > 0) {
            submit();
        }
    }

    /// Appends one change for each filter. With EV_RECEIPT, `kevent` makes all changes, takes no pending event, and
    /// returns the errno of each change.
    @GuardedBy("this")
    private void append(int ident, int set, int flags, long udata) {
        for (int bits = set; bits != 0; bits &= bits - 1) {
            int filter = Integer.numberOfTrailingZeros(bits);
            changes.set(count++, ident, filters[filter], flags | evReceipt, fflags[filter], 0, udata);
        }
    }

    @GuardedBy("this")
    private int submit() {
        int kq = descriptor.acquire();
        if (kq < 0) {
            return CLOSED;
        }
        try {
            // The receipts overwrite the changes, one for each.
            int result = libc.kevent(state, kq, changes, count, changes, count, NO_WAIT);
            return Math.min(result, 0);
        } finally {
            descriptor.release();
        }
    }

    @GuardedBy("this")
    private int firstError(int from, int to) {
        for (int i = from; i < to; i++) {
            int error = error(i);
            if (error != 0) {
                return -error;
            }
        }
        return 0;
    }

    /// Returns the errno of a receipt, or 0 after a success. Kernels mark a receipt with EV_ERROR; a kernel that does
    /// not know EV_RECEIPT, such as old versions of NetBSD, may return pending events instead. Receipts of libkqueue
    /// before 2.5.0 lack EV_ERROR.
    @GuardedBy("this")
    private int error(int index) {
        boolean isReceipt = isLibkqueue || (changes.flags(index) & evError) != 0;
        return isReceipt ? (int) changes.data(index) : 0;
    }

    /// Returns EV_CLEAR: report changes of the state, not the state.
    public int evClear() {
        return evClear;
    }

    /// Returns EV_DISPATCH: report one event and disable the filter. EV_ONESHOT, which removes the filter, makes the
    /// BSDs report the state at the time the event was queued, even if the data have been read meanwhile.
    public int evDispatch() {
        return evDispatch;
    }

    /// Returns the filter of an event: [#READ], [#WRITE] or [#EXCEPT], or 0 for another filter.
    public int filter(KeventArray events, int index) {
        int number = events.filter(index);
        for (int bits = all; bits != 0; bits &= bits - 1) {
            if (filters[Integer.numberOfTrailingZeros(bits)] == number) {
                return Integer.lowestOneBit(bits);
            }
        }
        return 0;
    }

    /// Converts an event to POLL* flags of [PollFlags]; 0 for another filter. EV_EOF of EVFILT_READ is POLLRDHUP.
    /// EV_EOF of EVFILT_WRITE is POLLHUP, since the reader has closed. Both report the error of a socket as POLLERR.
    public int pollEvents(KeventArray events, int index) {
        int flags = events.flags(index);
        boolean eof = (flags & evEof) != 0;
        int mask = switch (filter(events, index)) {
            case READ -> eof ? PollFlags.POLLIN | PollFlags.POLLRDHUP : PollFlags.POLLIN;
            case WRITE -> eof ? PollFlags.POLLOUT | PollFlags.POLLHUP : PollFlags.POLLOUT;
            case EXCEPT -> eof ? PollFlags.POLLHUP : PollFlags.POLLPRI;
            default -> 0;
        };
        boolean failed = (flags & evError) != 0 || (eof && events.fflags(index) != 0);
        return mask != 0 && failed ? mask | PollFlags.POLLERR : mask;
    }

    /// Returns whether the system has EVFILT_USER, which [#addUser] requires.
    public boolean hasUser() {
        return evfiltUser != 0;
    }

    /// Registers an EVFILT_USER event, which is reported once for each [#trigger]. Its `ident` may equal a descriptor,
    /// since each filter has its own. Returns 0 or `-errno`.
    public synchronized int addUser(long ident, long udata) {
        changes.set(0, ident, evfiltUser, evAdd | evClear | evReceipt, 0, 0, udata);
        count = 1;
        userData = udata;
        int result = submit();
        return result < 0 ? result : firstError(0, 1);
    }

    /// Triggers an EVFILT_USER event. Returns 0 or `-errno`.
    public synchronized int trigger(long ident) {
        changes.set(0, ident, evfiltUser, evReceipt, noteTrigger, 0, userData);
        count = 1;
        int result = submit();
        return result < 0 ? result : firstError(0, 1);
    }

    /// Waits until an event is pending or the timeout expires, as [KqueueWait#await] does. Several threads may wait at
    /// the same time, each with its own memory.
    public int await(
            KqueueWait wait,
            @Nullable KeventArray changelist,
            int nchanges,
            @Nullable KeventArray eventlist,
            int nevents,
            long nanos) {
        int kq = descriptor.acquire();
        if (kq < 0) {
            return CLOSED;
        }
        try {
            return wait.await(libc, kq, changelist, nchanges, eventlist, nevents, nanos);
        } finally {
            descriptor.release();
        }
    }

    /// Closes the descriptor, immediately or when the last waiting thread returns.
    public synchronized void close() {
        descriptor.close();
        for (int fd : List.copyOf(duplicates.keySet())) {
            closeDuplicate(fd);
        }
    }
}
