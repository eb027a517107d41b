package io.selectors4j;

import io.selectors4j.Registration.State;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.PollWait;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A selector on `poll()`: Python's `PollSelector`. It takes every kind of descriptor and tells all conditions apart;
/// see [Readiness]. The cost of a wait is proportional to the number of registered keys. On a virtual thread, a helper
/// thread of the library makes the system call.
///
/// Source: poll(2).
///
/// @param <A> type of the data attached to the keys
public final class PollSelector<A extends @Nullable Object> extends AbstractSelector<A> {

    /// The descriptors to wait for, the waker first.
    private final PollFds requested;

    /// The copy that the current wait passes to the kernel.
    private final PollFds returned;

    private final PollWait wait;

    private PollSelector() throws IOException {
        requested = new PollFds();
        returned = new PollFds();
        wait = PollWait.forSelector();
        super(Waker.create());
        requested.add(waker.fileno(), PollMask.IN);
    }

    /// Opens a selector. It has one descriptor of its own, an eventfd; on a system without eventfd the two of a pipe.
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
        return PollFlags.toSystem(events.pollMask());
    }

    @Override
    void addToKernel(Registration<A> registration) throws IOException {
        Fcntl.requireOpen(registration.fd());
        add(registration, registration.events());
    }

    @Override
    void modifyInKernel(Registration<A> registration, Interest events, long version) throws IOException {
        if (events.isEmpty()) {
            removeFromKernel(registration);
            return;
        }
        Fcntl.requireOpen(registration.fd());
        if (registration.pollIndex() < 0) {
            add(registration, events);
        } else {
            requested.setEvents(registration.pollIndex(), requested(events));
        }
    }

    private void add(Registration<A> registration, Interest events) {
        registration.setPollIndex(requested.add(registration.fd(), requested(events)));
        registration.setState(State.WATCHED);
    }

    /// Removes an entry; the last one takes its place.
    @Override
    void removeFromKernel(Registration<A> registration) {
        int index = registration.pollIndex();
        if (index >= 0) {
            int last = requested.size() - 1;
            if (index < last) {
                Objects.requireNonNull(table.get(requested.fd(last))).setPollIndex(index);
            }
            requested.remove(index);
            registration.setPollIndex(-1);
            registration.setState(State.ABSENT);
        }
    }

    @Override
    void disarm(Registration<A> registration) {
        removeFromKernel(registration);
    }

    @Override
    void prepareWait() {
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
    void drainEvents(int found, ReadyQueue<A> into) throws IOException {
        int remaining = found;
        if (returned.revents(0) != 0) {
            waker.drain();
            remaining--;
        }
        for (int i = 1; remaining > 0; i++) {
            int revents = returned.revents(i);
            if (revents != 0) {
                remaining--;
                Registration<A> registration = forWaitedFd(returned.fd(i));
                if (registration != null) {
                    addReady(registration, PollFlags.fromSystem(revents), into);
                }
            }
        }
    }

    @Override
    void release() {
        // the waker is the only descriptor, and the superclass closes it
    }
}
