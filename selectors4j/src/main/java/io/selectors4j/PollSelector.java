package io.selectors4j;

import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.PollWait;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A selector on `poll()`: Python's `PollSelector`. It takes every kind of descriptor. Each wait costs time in proportion
/// to the number of registered objects.
///
/// It tells all conditions apart; see [Readiness]. Source: poll(2).
///
/// @param <A> type of the data attached to the keys
public final class PollSelector<A extends @Nullable Object> extends AbstractSelector<A> {

    /// What is asked for, with the waker first. A registration's slot is its index here, or -1 while nothing is asked for.
    private final PollFds requested;

    /// What the waiting thread has handed to the kernel.
    private final PollFds returned;

    private final PollWait wait;

    private PollSelector() throws IOException {
        requested = new PollFds();
        returned = new PollFds();
        wait = new PollWait();
        super(Waker.create());
        requested.add(waker.fileno(), PollMask.IN);
    }

    /// Opens a selector, which has one descriptor of its own (an eventfd), or the two of a pipe where there is no eventfd.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if `poll()` is not available; the message says why
    public static <A extends @Nullable Object> PollSelector<A> open() throws IOException {
        Backend.POLL.ensureAvailable();
        return new PollSelector<>();
    }

    @Override
    public Backend backend() {
        return Backend.POLL;
    }

    private static int requested(Interest events) {
        return PollFlags.toSystem(PollMask.of(events));
    }

    @Override
    void add(Registration<A> registration) throws IOException {
        Fcntl.requireOpen(registration.fd());
        registration.setSlot(requested.add(registration.fd(), requested(registration.events())));
    }

    @Override
    void change(Registration<A> registration, Interest events, long changed) throws IOException {
        if (events.isEmpty()) {
            remove(registration);
            return;
        }
        Fcntl.requireOpen(registration.fd());
        if (registration.slot() < 0) {
            registration.setSlot(requested.add(registration.fd(), requested(events)));
        } else {
            requested.setEvents(registration.slot(), requested(events));
        }
    }

    @Override
    void remove(Registration<A> registration) {
        int slot = registration.slot();
        if (slot >= 0) {
            int last = requested.size() - 1;
            if (slot < last) {
                Objects.requireNonNull(table.get(requested.fd(last))).setSlot(slot);
            }
            requested.remove(slot);
            registration.setSlot(-1);
        }
    }

    @Override
    void disarm(Registration<A> registration) {
        remove(registration);
    }

    @Override
    void prepare() {
        returned.copyFrom(requested);
    }

    @Override
    int await(long nanos) throws IOException {
        int found = wait.await(returned, nanos, null);
        if (found < 0) {
            throw new NativeIOException(wait.call() + "(nfds=" + returned.size() + ")", -found);
        }
        return found;
    }

    @Override
    void collect(int found, ReadyQueue<A> into) throws IOException {
        int left = found;
        if (returned.revents(0) != 0) {
            waker.drain();
            left--;
        }
        for (int i = 1; left > 0; i++) {
            int revents = returned.revents(i);
            if (revents != 0) {
                left--;
                Registration<A> registration = waitedFor(returned.fd(i));
                if (registration != null) {
                    found(registration, PollFlags.fromSystem(revents), into);
                }
            }
        }
    }

    @Override
    void release() {
        // The waker is the only descriptor, and the superclass closes it.
    }
}
