package io.selectors4j;

import io.selectors4j.Registration.State;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.AfdEvents;
import io.selectors4j.internal.sys.AfdPort;
import io.selectors4j.internal.windows.AfdLibc;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A selector on AFD, the driver below Windows' sockets, and the best one of Windows. The cost of a wait is
/// proportional to the number of ready keys, not to the number of registered ones.
///
/// It takes sockets only; any other handle is refused with EBADF, as if it were not open. Keys are level-triggered or
/// one-shot. AFD reports a condition once: after an event, the next select asks for the key again, with one system
/// call. It also asks again for a key that has become ready since the last select, whose data may be read by then.
///
/// [Readiness] tells which conditions are told apart. AFD reports a reset connection to every key, as an error and a
/// hang-up. It reports that the peer has stopped sending to keys with [Interest#READ] alone, as
/// [Readiness#isReadClosed], and no hang-up after both sides have stopped. A socket that was never connected is not
/// ready.
///
/// ## Closed sockets
/// A socket that other code closes while it is registered is reported as [Readiness#isInvalid] in each select, until it
/// is unregistered or modified; also if its number has a new owner by then. There are two exceptions:
///
/// - If the socket has other handles, such as a duplicate or that of a child process, AFD goes on waiting for it. The
///   key is invalid with its next event, or after it.
/// - Between an event and the next select, AFD does not wait for the socket. If the number has a new owner by then, the
///   key reports that one's readiness.
///
/// ## Waiting
/// A select waits to the millisecond, rounded up. [#modify] makes up to three system calls. On a virtual thread, a
/// helper thread of the library makes the system call.
///
/// Written for Windows 10 and later. Tested under Wine, and on Linux with a simulated AFD.
///
/// Source: `NtDeviceIoControlFile`, `CreateIoCompletionPort` and `GetQueuedCompletionStatusEx` of the Windows SDK. The
/// SDK does not document polls of AFD; its programs use them through `select()` and `WSAPoll()`.
///
/// @param <A> type of the data attached to the keys
public final class AfdSelector<A extends @Nullable Object> extends AbstractSelector<A> {

    private static final int INITIAL_CAPACITY = 64;

    private final AfdPort port;

    /// The events of the last wait; belongs to the selecting thread.
    private final AfdEvents events = new AfdEvents(INITIAL_CAPACITY);

    /// The registrations whose polls have completed. The next wait starts them again.
    private final TokenList completed = new TokenList();

    /// The registrations whose sockets other code has closed. Each wait reports them.
    private final TokenList invalid = new TokenList();

    /// Whether the current wait reports [#invalid]; belongs to the selecting thread.
    private boolean reportsInvalid;

    private AfdSelector(AfdPort port) {
        this.port = port;
        super(new AfdWaker(port));
    }

    /// Opens a selector. It has two handles of its own, a completion port and a handle of AFD; and one more handle of
    /// AFD for each 256 keys.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no memory left for it
    /// @throws UnsupportedOperationException if AFD is not available; the message says why
    public static <A extends @Nullable Object> AfdSelector<A> open() throws IOException {
        Backend.AFD.ensureAvailable();
        return open(AfdLibc.current());
    }

    /// Opens a selector on the AFD of a given library.
    static <A extends @Nullable Object> AfdSelector<A> open(AfdLibc libc) throws IOException {
        AfdPort port = AfdPort.create(libc);
        AfdSelector<A> opened = null;
        try {
            opened = new AfdSelector<>(port);
            return opened;
        } finally {
            if (opened == null) {
                port.close();
            }
        }
    }

    @Override
    public Backend backend() {
        return Backend.AFD;
    }

    @Override
    boolean isLive() {
        return true;
    }

    @Override
    void addToKernel(Registration<A> registration) throws IOException {
        completed.reserve(table.size() + 1);
        invalid.reserve(table.size() + 1);
        start(registration, registration.events(), registration.token());
    }

    private void start(Registration<A> registration, Interest interest, long token) throws NativeIOException {
        int poll = port.start(registration.fd(), interest.pollMask(), token);
        if (poll < 0) {
            throw new NativeIOException(AfdPort.describe(registration.fd()), -poll);
        }
        registration.setPollIndex(poll);
        registration.setState(State.WATCHED);
    }

    /// Ends the poll of a registration, and starts another one; in this order, since AFD confuses two polls of one
    /// socket.
    @Override
    void modifyInKernel(Registration<A> registration, Interest interest, long version) throws IOException {
        if (interest.isEmpty()) {
            removeFromKernel(registration);
            return;
        }
        boolean watched = registration.state() == State.WATCHED;
        cancel(registration);
        try {
            start(registration, interest, registration.token(version));
        } catch (Throwable t) {
            if (watched) {
                restore(registration, t);
            }
            throw t;
        }
    }

    /// Starts the poll of a registration again that a failed change has canceled. If the system has no memory for it,
    /// the next select tries again.
    private void restore(Registration<A> registration, Throwable failure) {
        registration.setState(State.WATCHED);
        try {
            restart(registration);
        } catch (Throwable again) {
            completed.add(registration.token());
            failure.addSuppressed(again);
        }
        if (registration.pollIndex() < 0) {
            waker.signal(); // ends a wait in progress
        }
    }

    /// Cancels the poll of a registration, if it has one.
    private void cancel(Registration<A> registration) {
        int poll = registration.pollIndex();
        if (poll >= 0) {
            registration.setPollIndex(-1);
            port.cancel(poll);
        }
    }

    @Override
    void removeFromKernel(Registration<A> registration) {
        cancel(registration);
        registration.setState(State.ABSENT);
    }

    @Override
    void disarm(Registration<A> registration) {
        cancel(registration);
        registration.setState(State.FIRED);
    }

    private void invalidate(Registration<A> registration) {
        cancel(registration);
        registration.setState(State.INVALID);
        invalid.add(registration.token());
    }

    @Override
    void reregister(Registration<A> registration) throws IOException {
        if (registration.state() == State.WATCHED) {
            cancel(registration);
            start(registration, registration.events(), registration.token());
        } // after a failure the replaced selector notifies again
    }

    /// Starts the completed polls again, also those that have completed since the last wait: their conditions may have
    /// passed, as other code has read the data. If the system has no memory for one, it and the following ones stay in
    /// the list for the next select.
    @Override
    void prepareWait() throws IOException {
        port.refresh();
        int done = 0;
        try {
            while (done < completed.size()) {
                Registration<A> registration = table.forToken(completed.get(done));
                if (registration != null && registration.state() == State.WATCHED) {
                    restart(registration);
                }
                done++;
            }
        } finally {
            completed.removeFirst(done);
        }
        int kept = 0;
        for (int i = 0; i < invalid.size(); i++) {
            long token = invalid.get(i);
            Registration<A> registration = table.forToken(token);
            if (registration != null && registration.state() == State.INVALID) {
                invalid.set(kept++, token);
            }
        }
        invalid.truncate(kept);
        reportsInvalid = kept > 0;
    }

    /// Starts the poll of a registration again, if it is not pending.
    private void restart(Registration<A> registration) throws NativeIOException {
        int poll = registration.pollIndex();
        try {
            if (poll < 0) {
                start(registration, registration.events(), registration.token());
                return;
            }
            int result = port.restart(poll);
            if (result < 0) {
                throw new NativeIOException(AfdPort.describe(registration.fd()), -result);
            }
        } catch (NativeIOException e) {
            if (e.errno() != Errno.EBADF) {
                throw e;
            }
            invalidate(registration);
        }
    }

    @Override
    int await(long nanos) throws IOException {
        int found = port.await(events, reportsInvalid ? 0 : nanos);
        if (found < 0) {
            throw new NativeIOException("GetQueuedCompletionStatusEx", -found);
        }
        return reportsInvalid ? found + 1 : found;
    }

    /// Adds the events of a wait. If the wait has filled its memory, more polls may have completed: the memory grows,
    /// and polls without blocking collect the others. A poll completes once, so none comes twice.
    @Override
    void drainEvents(int found, ReadyQueue<A> into) throws IOException {
        while (true) {
            note();
            try {
                for (int i = 0; i < events.count(); i++) {
                    drainEvent(events.token(i), events.flags(i), into);
                }
            } finally {
                events.clear(); // what was not added is reported again, since its poll starts again
            }
            if (!events.isFull()) {
                break;
            }
            events.grow();
            if (port.awaitOnThisThread(events, 0) <= 0) {
                break;
            }
        }
        for (int i = 0; i < invalid.size(); i++) {
            Registration<A> registration = table.forToken(invalid.get(i));
            if (registration != null && registration.state() == State.INVALID) {
                addReady(registration, PollMask.NVAL, into);
            }
        }
    }

    /// Adds an event, unless its registration has ended or has changed.
    private void drainEvent(long token, int mask, ReadyQueue<A> into) {
        if ((mask & PollMask.NVAL) != 0) {
            return; // among the invalid registrations
        }
        SelectorKey<A> key = table.liveKey(token);
        if (key != null) {
            addReady(key, mask, into);
            return;
        }
        Registration<A> registration = table.forToken(token);
        if (registration != null) {
            addReady(registration, mask, into);
        }
    }

    /// Notes which polls have completed, before events are dispatched: that may fail for lack of memory, and each
    /// completion comes once.
    private void note() {
        for (int i = 0; i < events.count(); i++) {
            long token = events.token(i);
            boolean closed = (events.flags(i) & PollMask.NVAL) != 0;
            if (!closed && table.liveKey(token) != null) {
                completed.add(token);
                continue;
            }
            Registration<A> registration = table.forToken(token);
            if (registration != null && !closed) {
                completed.add(token);
            } else if (registration != null && registration.state() == State.WATCHED) {
                invalidate(registration);
            }
        }
    }

    @Override
    void release() {
        port.close();
    }
}
