package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.SelectWait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A selector on `select()`: Python's `SelectSelector`. It takes every kind of descriptor, of any number: the sets are this
/// library's own, so FD_SETSIZE (1024) is no limit. Each wait costs time in proportion to the largest descriptor.
///
/// It cannot tell a hang-up from data, nor an error from readiness; see [Readiness]. Source: select(2).
///
/// @param <A> type of the data attached to the keys
public final class SelectSelector<A extends @Nullable Object> extends AbstractSelector<A> {

    /// The slot of a registration that is in the sets; -1 if it is not.
    private static final int ASKED = 0;

    private final FdSets sets;
    private final SelectWait wait;
    private boolean someInvalid;

    private SelectSelector() throws IOException {
        sets = new FdSets();
        wait = new SelectWait();
        super(Waker.create());
        sets.add(FdSets.READ, waker.fileno());
    }

    /// Opens a selector, which has one descriptor of its own (an eventfd), or the two of a pipe where there is no eventfd.
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
    void add(Registration<A> registration) throws IOException {
        Fcntl.requireOpen(registration.fd());
        ask(registration, registration.events());
    }

    @Override
    void change(Registration<A> registration, Interest events, long changed) throws IOException {
        if (!events.isEmpty()) {
            Fcntl.requireOpen(registration.fd());
        }
        ask(registration, events);
    }

    @Override
    void remove(Registration<A> registration) {
        ask(registration, Interest.NONE);
    }

    @Override
    void disarm(Registration<A> registration) {
        ask(registration, Interest.NONE);
    }

    private void ask(Registration<A> registration, Interest events) {
        int fd = registration.fd();
        ask(FdSets.READ, fd, events.contains(Interest.READ));
        ask(FdSets.WRITE, fd, events.contains(Interest.WRITE));
        ask(FdSets.EXCEPT, fd, events.contains(Interest.PRIORITY));
        registration.setSlot(events.isEmpty() ? -1 : ASKED);
    }

    private void ask(int set, int fd, boolean wanted) {
        if (wanted) {
            sets.add(set, fd);
        } else {
            sets.remove(set, fd);
        }
    }

    @Override
    void prepare() {
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
    void collect(int found, ReadyQueue<A> into) throws IOException {
        if (!someInvalid || lookWithoutInvalid(into)) {
            collect(into);
        }
    }

    /// The call says neither which descriptor is closed nor what the others are ready for: finds both out.
    ///
    /// @return whether there is an answer for the others
    private boolean lookWithoutInvalid(ReadyQueue<A> into) throws IOException {
        Fcntl.requireOpen(waker.fileno());
        List<Registration<A>> invalid = new ArrayList<>();
        for (Registration<A> registration : table.all()) {
            if (registration.slot() == ASKED && !Fcntl.isOpen(registration.fd())) {
                invalid.add(registration);
                ask(registration, Interest.NONE);
            }
        }
        sets.prepare();
        int found = wait.await(sets, 0, null);
        for (Registration<A> registration : invalid) {
            ask(registration, registration.events());
            found(registration, PollMask.NVAL, into);
        }
        return found > 0;
    }

    private void collect(ReadyQueue<A> into) throws IOException {
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
                found(word * Long.SIZE + bit, mask, into);
            }
        }
    }

    private static int flag(long word, int bit, int flag) {
        return (word >>> bit & 1) != 0 ? flag : 0;
    }

    private void found(int fd, int mask, ReadyQueue<A> into) throws IOException {
        if (fd == waker.fileno()) {
            waker.drain();
            return;
        }
        Registration<A> registration = waitedFor(fd);
        if (registration != null) {
            found(registration, mask, into);
        }
    }

    @Override
    void release() {
        // The waker is the only descriptor, and the superclass closes it.
    }
}
