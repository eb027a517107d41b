package io.selectors4j;

import io.selectors4j.Registration.State;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.SelectWait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A selector on `select()`: Python's `SelectSelector`. It takes every kind of descriptor, of any number: the library
/// allocates the sets, so FD_SETSIZE (1024) is no limit. The cost of a wait is proportional to the largest descriptor.
/// On a virtual thread, a helper thread of the library makes the system call.
///
/// `select()` cannot tell a hang-up from data, nor an error from readiness; see [Readiness].
///
/// Source: select(2).
///
/// @param <A> type of the data attached to the keys
public final class SelectSelector<A extends @Nullable Object> extends AbstractSelector<A> {

    private final FdSets sets;
    private final SelectWait wait;
    /// Whether the last wait failed with EBADF.
    private boolean someInvalid;

    private SelectSelector() throws IOException {
        sets = new FdSets();
        wait = new SelectWait();
        super(Waker.create());
        sets.add(FdSets.READ, waker.fileno());
    }

    /// Opens a selector. It has one descriptor of its own, an eventfd; on a system without eventfd the two of a pipe.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if `select()` is not available; the message says why
    public static <A extends @Nullable Object> SelectSelector<A> open() throws IOException {
        Backend.SELECT.ensureAvailable();
        return new SelectSelector<>();
    }

    @Override
    public Backend backend() {
        return Backend.SELECT;
    }

    @Override
    void addToKernel(Registration<A> registration) throws IOException {
        Fcntl.requireOpen(registration.fd());
        request(registration, registration.events());
    }

    @Override
    void modifyInKernel(Registration<A> registration, Interest events, long version) throws IOException {
        if (!events.isEmpty()) {
            Fcntl.requireOpen(registration.fd());
        }
        request(registration, events);
    }

    @Override
    void removeFromKernel(Registration<A> registration) {
        if (registration.state() != State.ABSENT) { // otherwise the bits may be those of another registration
            request(registration, Interest.NONE);
        }
    }

    @Override
    void disarm(Registration<A> registration) {
        request(registration, Interest.NONE);
    }

    private void request(Registration<A> registration, Interest events) {
        int fd = registration.fd();
        request(FdSets.READ, fd, events.contains(Interest.READ));
        request(FdSets.WRITE, fd, events.contains(Interest.WRITE));
        request(FdSets.EXCEPT, fd, events.contains(Interest.PRIORITY));
        registration.setState(events.isEmpty() ? State.ABSENT : State.WATCHED);
    }

    private void request(int set, int fd, boolean requested) {
        if (requested) {
            sets.add(set, fd);
        } else {
            sets.remove(set, fd);
        }
    }

    @Override
    void prepareWait() {
        sets.prepare();
    }

    @Override
    int await(long nanos) throws IOException {
        int found = wait.await(sets, nanos, null);
        someInvalid = found == -Errno.EBADF;
        if (found < 0 && !someInvalid) {
            throw new NativeIOException("pselect(nfds=" + sets.returnedNfds() + ")", -found);
        }
        return Math.abs(found);
    }

    @Override
    void drainEvents(int found, ReadyQueue<A> into) throws IOException {
        if (!someInvalid || pollWithoutInvalid(into)) {
            drainSets(into);
        }
    }

    /// Reports the closed descriptors, and polls the others. After EBADF `select` tells neither which descriptors are
    /// closed nor which others are ready.
    ///
    /// @return whether other descriptors are ready
    private boolean pollWithoutInvalid(ReadyQueue<A> into) throws IOException {
        Fcntl.requireOpen(waker.fileno());
        List<Registration<A>> invalid = new ArrayList<>();
        for (Registration<A> registration : table.all()) {
            if (registration.state() == State.WATCHED && !Fcntl.isOpen(registration.fd())) {
                invalid.add(registration);
                request(registration, Interest.NONE);
            }
        }
        try {
            sets.prepare();
            return wait.await(sets, 0, null) > 0;
        } finally {
            for (Registration<A> registration : invalid) {
                request(registration, registration.events());
                addReady(registration, PollMask.NVAL, into);
            }
        }
    }

    private void drainSets(ReadyQueue<A> into) throws IOException {
        int words = sets.returnedWords();
        for (int word = 0; word < words; word++) {
            long reads = sets.returned(FdSets.READ, word);
            long writes = sets.returned(FdSets.WRITE, word);
            long excepts = sets.returned(FdSets.EXCEPT, word);
            for (long any = reads | writes | excepts; any != 0; any &= any - 1) {
                int bit = Long.numberOfTrailingZeros(any);
                int mask = flag(reads, bit, PollMask.IN)
                        | flag(writes, bit, PollMask.OUT)
                        | flag(excepts, bit, PollMask.PRI);
                drainFd(word * Long.SIZE + bit, mask, into);
            }
        }
    }

    /// Adds the event of a descriptor. If a descriptor is closed during the wait, the kernel sets all requested bits,
    /// as if it were ready. Objects that own their descriptor unregister themselves; all others are checked.
    private void drainFd(int fd, int mask, ReadyQueue<A> into) throws IOException {
        if (fd == waker.fileno()) {
            waker.drain();
            return;
        }
        Registration<A> registration = forWaitedFd(fd);
        if (registration != null) {
            boolean invalid = canCloseUnnoticed(registration) && !Fcntl.isOpen(fd);
            addReady(registration, invalid ? PollMask.NVAL : mask, into);
        }
    }

    /// Returns whether other code can close the descriptor without a notice: a bare number, or one that an object
    /// borrows.
    private static boolean canCloseUnnoticed(Registration<?> registration) {
        CloseListeners listeners = registration.listeners();
        return listeners == null || !listeners.ownsFd();
    }

    private static int flag(long word, int bit, int flag) {
        return (word >>> bit & 1) != 0 ? flag : 0;
    }

    @Override
    void release() {
        // the waker is the only descriptor, and the superclass closes it
    }
}
