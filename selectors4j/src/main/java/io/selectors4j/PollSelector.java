package io.selectors4j;

import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.selector.Registration;
import io.selectors4j.internal.selector.Waker;
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
    private final PollFds asked;

    /// What the waiting thread has handed to the kernel.
    private final PollFds answered;

    private final PollWait wait;

    private PollSelector() throws IOException {
        asked = new PollFds();
        answered = new PollFds();
        wait = new PollWait();
        super(Waker.create());
        asked.add(waker.fileno(), PollMask.IN);
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

    private static int asked(Interest events) {
        return PollFlags.toSystem(PollMask.of(events));
    }

    @Override
    void add(Registration<A> registration) throws IOException {
        Fcntl.requireOpen(registration.fd());
        registration.setSlot(asked.add(registration.fd(), asked(registration.events())));
    }

    @Override
    void change(Registration<A> registration, Interest events, long changed) throws IOException {
        if (events.isEmpty()) {
            remove(registration);
            return;
        }
        Fcntl.requireOpen(registration.fd());
        if (registration.slot() < 0) {
            registration.setSlot(asked.add(registration.fd(), asked(events)));
        } else {
            asked.setEvents(registration.slot(), asked(events));
        }
    }

    @Override
    void remove(Registration<A> registration) {
        int slot = registration.slot();
        if (slot >= 0) {
            int last = asked.size() - 1;
            if (slot < last) {
                Objects.requireNonNull(table.get(asked.fd(last))).setSlot(slot);
            }
            asked.remove(slot);
            registration.setSlot(-1);
        }
    }

    @Override
    void disarm(Registration<A> registration) {
        remove(registration);
    }

    @Override
    void prepare() {
        answered.copyFrom(asked);
    }

    @Override
    int await(long nanos) throws IOException {
        int found = wait.await(answered, nanos, null);
        if (found < 0) {
            throw new NativeIOException(wait.call() + "(nfds=" + answered.size() + ")", -found);
        }
        return found;
    }

    @Override
    void collect(int found, Delivery<A> into) throws IOException {
        int left = found;
        if (answered.revents(0) != 0) {
            waker.drain();
            left--;
        }
        for (int i = 1; left > 0; i++) {
            int revents = answered.revents(i);
            if (revents != 0) {
                left--;
                Registration<A> registration = waitedFor(answered.fd(i));
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
