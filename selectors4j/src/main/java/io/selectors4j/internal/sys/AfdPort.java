package io.selectors4j.internal.sys;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.windows.AfdLibc;
import io.selectors4j.internal.windows.AfdPolls;
import io.selectors4j.internal.windows.HandleRef;
import io.selectors4j.internal.windows.NtStatus;
import io.selectors4j.internal.windows.ObjectAttributes;
import io.selectors4j.internal.windows.OverlappedEntries;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// An I/O completion port, and the polls of AFD that complete on it. A poll waits for one socket, and completes once. A
/// poll is named by a number, which its owner gets from [#start] and gives back with [#cancel].
///
/// The kernel writes to the memory of a poll until its completion was dequeued. So a poll that is canceled stays
/// allocated, without an owner, until then: it is an orphan. AFD confuses two polls of one socket on one port, so the
/// owner cancels the old poll before it starts the next one; a cancellation takes effect before it returns.
///
/// Any thread may call any method. Methods that return an `int` return `-errno` after a failure.
public final class AfdPort {

    /// Any name below the device is possible. It appears in the lists of handles of diagnostic tools.
    private static final String DEVICE = "\\Device\\Afd\\selectors4j";

    /// The completion keys.
    private static final long POLL_KEY = 0;

    private static final long WAKE_KEY = 1;

    /// The number of orphans from which [#start] dequeues completions, if no thread waits.
    private static final int MANY_ORPHANS = 64;

    /// The longest time that [#close] waits for the completions of canceled polls, in nanoseconds.
    private static final long PATIENCE = 1_000_000_000;

    private static final int CLOSING_MILLIS = 10;

    /// The conditions that do not pass.
    private static final int LASTING = PollFlags.POLLERR | PollFlags.POLLHUP | PollFlags.POLLNVAL;

    /// All open ports. A port that the program loses is never collected, since the kernel has the memory of its polls.
    /// The same holds for a closed port that the kernel has not given all polls back to.
    private static final Set<AfdPort> OPEN = ConcurrentHashMap.newKeySet();

    private final AfdLibc libc;
    private final long port;
    private final ErrnoCapture state = new ErrnoCapture();
    private final HandleRef handleRef = new HandleRef();

    /// Memory for results that nothing reads.
    private final AfdPolls scratch = new AfdPolls(1, 0);

    /// Receives completions for [#collect] and [#close].
    private final OverlappedEntries entries = new OverlappedEntries(MANY_ORPHANS);

    @GuardedBy("this")
    private AfdGroup[] groups = {};

    /// A stack of the numbers of free polls.
    @GuardedBy("this")
    private int[] free = {};

    @GuardedBy("this")
    private int freeCount;

    /// The number of polls that the kernel has, with the orphans.
    @GuardedBy("this")
    private int pending;

    @GuardedBy("this")
    private int orphans;

    /// The numbers of the [AfdGroup#COLLECTED] polls.
    @GuardedBy("this")
    private int[] collected = {};

    @GuardedBy("this")
    private int collectedCount;

    /// Whether [#collect] has dequeued a signal of [#wake].
    @GuardedBy("this")
    private boolean woken;

    /// The number of threads that wait.
    @GuardedBy("this")
    private int waiters;

    @GuardedBy("this")
    private boolean closed;

    private AfdPort(AfdLibc libc, long port) {
        this.libc = libc;
        this.port = port;
    }

    /// Creates a port.
    ///
    /// @throws NativeIOException if a call fails, for lack of memory
    public static AfdPort create(AfdLibc libc) throws NativeIOException {
        long handle = libc.CreateIoCompletionPort(ErrnoCapture.current(), AfdLibc.INVALID_HANDLE_VALUE, 0, 0);
        if (handle < 0) {
            throw exception("CreateIoCompletionPort", (int) -handle);
        }
        AfdPort created = null;
        boolean complete = false;
        try {
            created = new AfdPort(libc, handle);
            created.addGroup();
            OPEN.add(created);
            complete = true;
            return created;
        } finally {
            if (created == null) {
                libc.CloseHandle(ErrnoCapture.current(), handle);
            } else if (!complete) {
                created.close();
            }
        }
    }

    private static NativeIOException exception(String call, int error) {
        return new NativeIOException(call, NtStatus.errnoOfError(error), "error " + error);
    }

    /// Opens one more handle of AFD.
    private synchronized void addGroup() throws NativeIOException {
        int first = groups.length * AfdGroup.SIZE;
        AfdPolls polls = new AfdPolls(AfdGroup.SIZE, first + 1L);
        AfdGroup[] more = Arrays.copyOf(groups, groups.length + 1);
        int[] moreFree = Arrays.copyOf(free, first + AfdGroup.SIZE);
        int[] moreCollected = Arrays.copyOf(collected, moreFree.length);
        ObjectAttributes name = new ObjectAttributes(DEVICE);
        int status = libc.NtCreateFile(state, handleRef, name, scratch);
        if (NtStatus.isError(status)) {
            throw new NativeIOException(
                    "NtCreateFile(" + DEVICE + ")", NtStatus.errno(status), "status 0x" + Integer.toHexString(status));
        }
        long handle = handleRef.get();
        boolean complete = false;
        try {
            AfdGroup group = new AfdGroup(polls, handle);
            long associated = libc.CreateIoCompletionPort(state, handle, port, POLL_KEY);
            if (associated < 0) {
                throw exception("CreateIoCompletionPort(" + DEVICE + ")", (int) -associated);
            }
            int result = libc.SetFileCompletionNotificationModes(state, handle);
            if (result < 0) {
                throw exception("SetFileCompletionNotificationModes(" + DEVICE + ")", -result);
            }
            more[groups.length] = group;
            complete = true;
        } finally {
            if (!complete) {
                libc.CloseHandle(state, handle);
            }
        }
        groups = more;
        free = moreFree;
        collected = moreCollected;
        for (int poll = first + AfdGroup.SIZE - 1; poll >= first; poll--) {
            free[freeCount++] = poll;
        }
    }

    /// Returns a description of the call that starts a poll.
    public static String describe(int fd) {
        return "NtDeviceIoControlFile(IOCTL_AFD_POLL, fd=" + fd + ")";
    }

    @GuardedBy("this")
    private AfdGroup group(int poll) {
        return groups[poll / AfdGroup.SIZE];
    }

    private static int index(int poll) {
        return poll % AfdGroup.SIZE;
    }

    /// Starts a poll of a socket.
    ///
    /// @param flags POLL* flags of [PollFlags] to wait for
    /// @param token returned with the event
    /// @return the number of the poll; -EBADF if the socket is not open or no socket
    /// @throws NativeIOException if the system has no memory left for another handle of AFD
    public synchronized int start(int fd, int flags, long token) throws NativeIOException {
        if (closed) {
            return -Errno.EBADF;
        }
        if (orphans >= MANY_ORPHANS && waiters == 0) {
            collect();
        }
        if (freeCount == 0) {
            addGroup();
        }
        int poll = free[freeCount - 1];
        // A provider may be layered on top of the one that AFD knows.
        long base = libc.WSAIoctl(state, fd, handleRef) < 0 ? fd : handleRef.get();
        group(poll).set(index(poll), base, AfdFlags.toAfd(flags), token);
        int result = submit(poll);
        if (result < 0) {
            return result;
        }
        freeCount--;
        return poll;
    }

    /// Starts a poll again that has completed: for the same events of the same socket. Does nothing if it has not.
    ///
    /// @return 0, or `-errno` as [#start]
    public synchronized int restart(int poll) {
        if (closed) {
            return -Errno.EBADF;
        }
        return group(poll).state(index(poll)) == AfdGroup.COMPLETED ? submit(poll) : 0;
    }

    /// Gives a poll to the kernel. STATUS_SUCCESS and STATUS_PENDING both mean that a completion follows.
    @GuardedBy("this")
    private int submit(int poll) {
        AfdGroup group = group(poll);
        int index = index(poll);
        int before = group.state(index);
        group.prepare(index);
        group.setState(index, AfdGroup.PENDING);
        pending++;
        int status = libc.NtDeviceIoControlFile(state, group.handle, group.polls, index);
        if (!NtStatus.isError(status)) {
            return 0;
        }
        pending--;
        group.setState(index, before);
        return -NtStatus.errno(status);
    }

    /// Ends a poll, whether it has completed or not. The number is not valid afterwards; an event that was returned
    /// before stays.
    public synchronized void cancel(int poll) {
        if (closed) {
            return;
        }
        AfdGroup group = group(poll);
        int index = index(poll);
        switch (group.state(index)) {
            case AfdGroup.PENDING -> {
                group.setState(index, AfdGroup.ORPHANED);
                orphans++;
                // STATUS_NOT_FOUND: the completion is in the queue.
                libc.NtCancelIoFileEx(state, group.handle, group.polls, index, scratch);
            }
            case AfdGroup.COLLECTED -> {
                int at = 0;
                while (collected[at] != poll) {
                    at++;
                }
                collected[at] = collected[--collectedCount];
                release(poll);
            }
            case AfdGroup.COMPLETED -> release(poll);
            default -> throw new IllegalStateException("poll " + poll + " has no owner");
        }
    }

    @GuardedBy("this")
    private void release(int poll) {
        group(poll).setState(index(poll), AfdGroup.FREE);
        free[freeCount++] = poll;
    }

    /// Dequeues completions while no thread waits, since the orphans of a program that changes its registrations and
    /// does not select would be more and more.
    @GuardedBy("this")
    private void collect() {
        int count;
        do {
            count = libc.GetQueuedCompletionStatusEx(state, port, entries, 0);
            for (int i = 0; i < count; i++) {
                if (entries.key(i) != POLL_KEY) {
                    woken = true;
                } else if (complete(poll(entries, i))) {
                    int poll = poll(entries, i);
                    group(poll).setState(index(poll), AfdGroup.COLLECTED);
                    collected[collectedCount++] = poll;
                }
            }
        } while (count == entries.capacity());
    }

    /// Starts those polls again that have completed before this call, and whose events a wait has not returned: a
    /// condition that has passed since then is not reported, and one that lasts completes the poll again. An error or
    /// the end of a connection does not pass, and is reported.
    public synchronized void refresh() {
        if (closed) {
            return;
        }
        collect();
        int kept = 0;
        for (int i = 0; i < collectedCount; i++) {
            int poll = collected[i];
            AfdGroup group = group(poll);
            int reported = group.reported(index(poll));
            int result = (reported & LASTING) == 0 ? submit(poll) : 1;
            if (result != 0) {
                collected[kept++] = poll;
            }
            if (result == -Errno.EBADF) {
                group.setReported(index(poll), PollFlags.POLLNVAL);
            }
        }
        collectedCount = kept;
    }

    /// Returns the number of the poll that a completion belongs to.
    private static int poll(OverlappedEntries from, int index) {
        return (int) from.overlapped(index) - 1;
    }

    /// Notes the completion of a poll. Ignores a completion without a poll, which other code has posted.
    ///
    /// @return whether the poll has an owner
    @GuardedBy("this")
    private boolean complete(int poll) {
        int state = poll >= 0 && poll < free.length ? group(poll).state(index(poll)) : AfdGroup.FREE;
        if (state == AfdGroup.PENDING) {
            pending--;
            AfdGroup group = group(poll);
            group.setState(index(poll), AfdGroup.COMPLETED);
            group.setReported(index(poll), group.pollFlags(index(poll)));
            return true;
        }
        if (state == AfdGroup.ORPHANED) {
            pending--;
            orphans--;
            release(poll);
        }
        return false;
    }

    /// Waits until a poll has completed, the timeout is over, or [#wake] was called; on a helper thread if the calling
    /// thread is virtual. The call does not wait while `into` has events.
    ///
    /// @param into receives the events
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @return 0 after the timeout; otherwise positive, also if `into` has no events, because the thread was woken;
    ///     `-errno`, -EBADF after [#close]
    public int await(AfdEvents into, long nanos) {
        return BlockingCalls.isNeeded(nanos)
                ? BlockingCalls.call(() -> awaitOnThisThread(into, nanos))
                : awaitOnThisThread(into, nanos);
    }

    /// Waits like [#await], always in a system call of the calling thread.
    public int awaitOnThisThread(AfdEvents into, long nanos) {
        long start = Deadline.start(nanos);
        long remaining = nanos;
        while (true) {
            int early = beginWait(into);
            if (early < 0) {
                return early;
            }
            int millis = early > 0 ? 0 : Deadline.millis(remaining);
            int result = libc.GetQueuedCompletionStatusEx(into.state, port, into.entries(), millis);
            int found = endWait(into, result, early > 0);
            if (found != 0) {
                return found;
            }
            // Windows may return a tick early. Orphans alone are no reason to return.
            remaining = into.isFull() ? remaining : Deadline.remaining(nanos, start);
            if (remaining == 0 && !into.isFull()) {
                return 0;
            }
        }
    }

    /// Begins a wait. Moves the events of collected polls to the wait's events.
    ///
    /// @return whether the thread must not block: positive, 0, or -EBADF after [#close]
    private synchronized int beginWait(AfdEvents into) {
        if (closed) {
            return -Errno.EBADF;
        }
        into.reserve(collectedCount);
        while (collectedCount > 0) {
            int poll = collected[--collectedCount];
            group(poll).setState(index(poll), AfdGroup.COMPLETED);
            into.add(group(poll).token(index(poll)), group(poll).reported(index(poll)));
        }
        waiters++;
        boolean ready = woken || into.count() > 0;
        woken = false;
        return ready ? 1 : 0;
    }

    /// Ends a wait, and adds the events of its completions.
    ///
    /// @param result of `GetQueuedCompletionStatusEx`
    /// @return the result of [#await], or 0 to wait on
    private int endWait(AfdEvents into, int result, boolean early) {
        boolean last;
        boolean signaled = early;
        synchronized (this) {
            for (int i = 0; i < result; i++) {
                if (into.entries().key(i) != POLL_KEY) {
                    signaled = true;
                } else {
                    int poll = poll(into.entries(), i);
                    AfdGroup group = group(poll);
                    if (complete(poll)) {
                        into.add(group.token(index(poll)), group.reported(index(poll)));
                    }
                }
            }
            into.setFull(result == into.entries().capacity());
            waiters--;
            last = closed && waiters == 0;
            if (closed) {
                result = -Errno.EBADF;
            } else if (result < 0) {
                result = result == -NtStatus.WAIT_TIMEOUT ? 0 : -NtStatus.errnoOfError(-result);
            } else {
                result = 0;
            }
        }
        if (last) {
            finishClose();
        }
        return result < 0 ? result : into.count() > 0 || signaled ? Math.max(1, into.count()) : 0;
    }

    /// Wakes a waiting thread, or the next one that waits. Does nothing after [#close].
    ///
    /// @return 0, or `-errno` if other code has closed the port
    public synchronized int wake() {
        return closed ? 0 : signal();
    }

    @GuardedBy("this")
    private int signal() {
        int result = libc.PostQueuedCompletionStatus(state, port, WAKE_KEY);
        return result < 0 ? -NtStatus.errnoOfError(-result) : 0;
    }

    /// Cancels all polls and closes the handles; the port itself when the last waiting thread has returned.
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            for (AfdGroup group : groups) {
                libc.NtCancelIoFileEx(state, group.handle, null, 0, scratch);
                libc.CloseHandle(state, group.handle);
            }
            for (int i = 0; i < waiters; i++) {
                signal();
            }
            if (waiters > 0) {
                return;
            }
        }
        finishClose();
    }

    /// Dequeues the completions of all polls, and closes the port. A poll that does not complete in time keeps its
    /// memory for ever.
    private synchronized void finishClose() {
        long start = System.nanoTime();
        while (pending > 0 && System.nanoTime() - start < PATIENCE) {
            int count = libc.GetQueuedCompletionStatusEx(state, port, entries, CLOSING_MILLIS);
            if (count < 0 && count != -NtStatus.WAIT_TIMEOUT) {
                break; // other code has closed the port
            }
            for (int i = 0; i < count; i++) {
                pending -= entries.key(i) == POLL_KEY ? 1 : 0;
            }
        }
        libc.CloseHandle(state, port);
        if (pending == 0) {
            OPEN.remove(this);
        }
    }
}
