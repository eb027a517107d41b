package io.selectors4j.internal.sys;

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

/// A kqueue: its descriptor, and the calls on it by number. All methods may be called by any thread; all but [#await] are
/// over at once. Each returns the call's value or `-errno`.
///
/// What waits for a descriptor is up to three filters; here they are bits of a set.
public final class KqueueInstance {

    /// EVFILT_READ: something to read, a connection to accept, or the end.
    public static final int READ = 1;

    /// EVFILT_WRITE: room to write.
    public static final int WRITE = 1 << 1;

    /// EVFILT_EXCEPT with NOTE_OOB: out-of-band data.
    public static final int EXCEPT = 1 << 2;

    private static final int FILTERS = 3;
    private static final int CLOSED = -Errno.EBADF;
    private static final String[] NAMES = {"EVFILT_READ", "EVFILT_WRITE", "EVFILT_EXCEPT"};

    private static final Timespec NO_WAIT = new Timespec();

    private final KqueueLibc libc;
    private final Descriptor descriptor;
    private final ErrnoCapture state = new ErrnoCapture();

    /// What is handed over, and how much of it counts.
    private final KeventArray changes;

    private int count;

    /// Of what is waited for, where the library must not see a descriptor close.
    private final Map<Integer, Integer> duplicates = new HashMap<>(0);

    private final boolean emulated;

    /// The number of each filter, as far as the system has it, and the flags it is asked with.
    private final int[] filters = new int[FILTERS];

    private final int[] notes = new int[FILTERS];
    private final int all;
    private final int user;
    private final int trigger;

    /// What the triggered event carries: to trigger is to set it as well.
    private long userData;

    private final int evAdd;
    private final int evDelete;
    private final int evReceipt;
    private final int evError;
    private final int evEof;
    private final int evClear;
    private final int evDispatch;

    /// Takes charge of a kqueue.
    ///
    /// @param libc the functions
    /// @param kq the descriptor, which is closed with this instance
    public KqueueInstance(KqueueLibc libc, int kq) {
        this.libc = libc;
        KqueueSystem system = libc.system();
        changes = new KeventArray(system, 2 * FILTERS);
        int known = 0;
        for (int i = 0; i < FILTERS; i++) {
            if (1 << i != EXCEPT || system.tellsUrgentData()) {
                filters[i] = system.number(NAMES[i]);
                known |= 1 << i;
            }
        }
        all = known;
        // Without it FreeBSD does not report a regular file whose position is at the end.
        notes[0] = system.has("NOTE_FILE_POLL") ? system.number("NOTE_FILE_POLL") : 0;
        notes[2] = system.tellsUrgentData() ? system.number("NOTE_OOB") : 0;
        boolean hasUser = system.has("EVFILT_USER");
        user = hasUser ? system.number("EVFILT_USER") : 0;
        trigger = hasUser ? system.number("NOTE_TRIGGER") : 0;
        evAdd = system.number("EV_ADD");
        evDelete = system.number("EV_DELETE");
        evReceipt = system.number("EV_RECEIPT");
        evError = system.number("EV_ERROR");
        evEof = system.number("EV_EOF");
        evClear = system.number("EV_CLEAR");
        evDispatch = system.number("EV_DISPATCH");
        descriptor = new Descriptor(kq);
        emulated = system.isLibkqueue();
    }

    /// Creates a kqueue, which a child process does not inherit.
    ///
    /// @param libc the functions
    /// @return a new instance
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    public static KqueueInstance create(KqueueLibc libc) throws NativeIOException {
        int kq = libc.kqueue(ErrnoCapture.current());
        if (kq < 0) {
            throw new NativeIOException("kqueue()", -kq);
        }
        boolean created = false;
        try {
            Fcntl.setCloseOnExec(kq);
            KqueueInstance instance = new KqueueInstance(libc, kq);
            created = true;
            return instance;
        } finally {
            if (!created) {
                new Descriptor(kq).close();
            }
        }
    }

    /// The functions.
    ///
    /// @return the functions that this is used with
    public KqueueLibc libc() {
        return libc;
    }

    /// The descriptor.
    ///
    /// @return its number, or -1 once it is closed
    public int fileno() {
        return descriptor.fileno();
    }

    /// The filters that wait for something.
    ///
    /// @param events POLL* flags of [PollFlags]
    /// @return the filters, whether this system has them or not
    public static int filters(int events) {
        return ((events & PollFlags.POLLIN) != 0 ? READ : 0)
                | ((events & PollFlags.POLLOUT) != 0 ? WRITE : 0)
                | ((events & PollFlags.POLLPRI) != 0 ? EXCEPT : 0);
    }

    /// All filters of this system that can be relied on.
    ///
    /// @return the filters
    public int all() {
        return all;
    }

    /// Whether the system has filters that can be relied on.
    ///
    /// @param set filters
    /// @return whether it has all of them
    public boolean has(int set) {
        return (all & set) == set;
    }

    /// Changes what is waited for on a descriptor: takes filters out, and puts others, or the same, in.
    ///
    /// Taking out and putting in again is more than changing: it works for the flags too, which a filter keeps for as long
    /// as it is in, and has the kernel look again.
    ///
    /// @param fd the descriptor
    /// @param out the filters that are in
    /// @param in the filters to be in
    /// @param flags EV_* for them, such as [#evClear]
    /// @param data the user data of their events
    /// @return 0; or `-errno` if one could not be put in, and then none of them is in; or ENOENT, negated, if one was not in
    ///     that should have been, and all others were done
    public synchronized int change(int fd, int out, int in, int flags, long data) {
        if (emulated && in != 0 && !Fcntl.isOpen(fd)) {
            return -Errno.EBADF;
        }
        int ident = emulated ? duplicate(fd) : fd;
        int result = ident < 0 ? ident : changeOf(ident, out, in, flags, data);
        if (emulated && (in == 0 || (result < 0 && result != -Errno.ENOENT))) {
            drop(fd);
        }
        return result;
    }

    private int changeOf(int ident, int out, int in, int flags, long data) {
        count = 0;
        list(ident, out, evDelete, 0);
        int outs = count;
        list(ident, in, evAdd | flags, data);
        int result = count == 0 ? 0 : apply();
        if (result < 0) {
            return result;
        }
        int removed = firstError(0, outs);
        int added = firstError(outs, count);
        if (added < 0) {
            takeBack(ident, outs, in);
        }
        return added < 0 ? added : removed;
    }

    /// The duplicate of a descriptor, which nobody else closes, or `-errno`.
    private int duplicate(int fd) {
        Integer known = duplicates.get(fd);
        int duplicate = known != null ? known : Fcntl.duplicate(fd);
        if (known == null && duplicate >= 0) {
            duplicates.put(fd, duplicate);
        }
        return duplicate;
    }

    private void drop(int fd) {
        Integer duplicate = duplicates.remove(fd);
        if (duplicate != null) {
            new Descriptor(duplicate).close();
        }
    }

    /// Takes out those of the filters that were put in.
    private void takeBack(int fd, int from, int in) {
        int done = 0;
        int index = from;
        for (int bits = in; bits != 0; bits &= bits - 1) {
            if (changes.data(index++) == 0) {
                done |= Integer.lowestOneBit(bits);
            }
        }
        count = 0;
        list(fd, done, evDelete, 0);
        if (count > 0) {
            apply();
        }
    }

    /// Appends one change for each filter. Each is answered by a receipt, so that all of them are made, nothing pending is
    /// taken, and each tells its own errno.
    private void list(int fd, int set, int flags, long data) {
        for (int bits = set; bits != 0; bits &= bits - 1) {
            int filter = Integer.numberOfTrailingZeros(bits);
            changes.set(count++, fd, filters[filter], flags | evReceipt, notes[filter], 0, data);
        }
    }

    private int apply() {
        int kq = descriptor.acquire();
        if (kq < 0) {
            return CLOSED;
        }
        try {
            // The answers come where the questions were, as many as there were.
            int result = libc.kevent(state, kq, changes, count, changes, count, NO_WAIT);
            return Math.min(result, 0);
        } finally {
            descriptor.release();
        }
    }

    /// Returns the first error of a range of receipts, or 0. `data` of a receipt is the errno, and 0 after a success: kern_event.c
    /// of macOS, FreeBSD, OpenBSD, NetBSD and DragonFly, and libkqueue. EV_ERROR is not checked, since the receipts of libkqueue
    /// before 2.5.0 lack it.
    private int firstError(int from, int to) {
        for (int i = from; i < to; i++) {
            if (changes.data(i) != 0) {
                return (int) -changes.data(i);
            }
        }
        return 0;
    }

    /// EV_CLEAR: report a change, not a state.
    ///
    /// @return the flag
    public int evClear() {
        return evClear;
    }

    /// EV_DISPATCH: report one event, and disable the filter. EV_ONESHOT, which takes it out, has the BSDs report what was ready
    /// when it was queued, though it may have been read meanwhile.
    ///
    /// @return the flag
    public int evDispatch() {
        return evDispatch;
    }

    /// The filter that an event is of.
    ///
    /// @param events where it is
    /// @param index which one
    /// @return [#READ], [#WRITE] or [#EXCEPT]; 0 for another one
    public int filter(KeventArray events, int index) {
        int number = events.filter(index);
        for (int bits = all; bits != 0; bits &= bits - 1) {
            if (filters[Integer.numberOfTrailingZeros(bits)] == number) {
                return Integer.lowestOneBit(bits);
            }
        }
        return 0;
    }

    /// What an event comes to in the words of `poll`. The end of what can be read is POLLRDHUP; that nothing can be written
    /// any more, since nobody reads, is POLLHUP. A socket's error comes with either.
    ///
    /// @param events where it is
    /// @param index which one
    /// @return POLL* flags of [PollFlags]; 0 for the event of another filter
    public int conditions(KeventArray events, int index) {
        int flags = events.flags(index);
        boolean end = (flags & evEof) != 0;
        int mask = switch (filter(events, index)) {
            case READ -> end ? PollFlags.POLLIN | PollFlags.POLLRDHUP : PollFlags.POLLIN;
            case WRITE -> end ? PollFlags.POLLOUT | PollFlags.POLLHUP : PollFlags.POLLOUT;
            case EXCEPT -> end ? PollFlags.POLLHUP : PollFlags.POLLPRI;
            default -> 0;
        };
        boolean failed = (flags & evError) != 0 || (end && events.fflags(index) != 0);
        return mask != 0 && failed ? mask | PollFlags.POLLERR : mask;
    }

    /// Whether the system has EVFILT_USER.
    ///
    /// @return whether [#addUser] works
    public boolean hasUser() {
        return user != 0;
    }

    /// Puts in an event that [#trigger] triggers. It is reported once each time.
    ///
    /// @param ident its number, which is none of a descriptor: filters have numbers of their own
    /// @param data the user data
    /// @return 0 or `-errno`
    public synchronized int addUser(long ident, long data) {
        changes.set(0, ident, user, evAdd | evClear | evReceipt, 0, 0, data);
        count = 1;
        userData = data;
        int result = apply();
        return result < 0 ? result : firstError(0, 1);
    }

    /// Triggers such an event.
    ///
    /// @param ident its number
    /// @return 0 or `-errno`
    public synchronized int trigger(long ident) {
        changes.set(0, ident, user, evReceipt, trigger, 0, userData);
        count = 1;
        int result = apply();
        return result < 0 ? result : firstError(0, 1);
    }

    /// Waits until an event is pending or the time is over; see [KqueueWait#await]. Many threads may wait, each with memory
    /// of its own.
    ///
    /// @param wait the waiting thread's memory
    /// @param news changes to make before, or null
    /// @param size how many there are
    /// @param events where to put the events, or null for none
    /// @param max how many events at most, and not more than fit
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @return how many events there are; 0 if the time is over; `-errno`
    public int await(
            KqueueWait wait, @Nullable KeventArray news, int size, @Nullable KeventArray events, int max, long nanos) {
        int kq = descriptor.acquire();
        if (kq < 0) {
            return CLOSED;
        }
        try {
            return wait.await(libc, kq, news, size, events, max, nanos);
        } finally {
            descriptor.release();
        }
    }

    /// Closes the descriptor, now or when the last thread that waits on it returns.
    public synchronized void close() {
        descriptor.close();
        List.copyOf(duplicates.keySet()).forEach(this::drop);
    }
}
