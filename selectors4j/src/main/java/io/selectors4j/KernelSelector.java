package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.selector.PollerWait;
import io.selectors4j.internal.sys.Deadline;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A selector whose set the kernel keeps, under a descriptor of its own. Other selectors can wait for that descriptor,
/// and a virtual thread parks until it is readable.
///
/// @param <A> type of the data attached to the keys
abstract class KernelSelector<A extends @Nullable Object> extends AbstractSelector<A> implements Pollable {

    static {
        CloseListeners.addAccessor(new Accessor());
    }

    /// A class, because the first lambda of a program initializes the JDK's lambda machinery.
    private static final class Accessor implements Function<Pollable, @Nullable CloseListeners> {
        @Override
        public @Nullable CloseListeners apply(Pollable fileobj) {
            return fileobj instanceof KernelSelector<?> selector ? selector.listeners : null;
        }
    }

    private final CloseListeners listeners = new CloseListeners(true, true);

    /// The wait of the parked virtual thread that is selecting.
    private volatile @Nullable PollerWait parked;

    KernelSelector(Waker waker) {
        super(waker);
    }

    /// Returns the descriptor of the kernel set, or -1 after it is closed.
    abstract int kernelFileno();

    /// Waits in a system call of the calling thread; see [#await].
    abstract int awaitOnThisThread(long nanos) throws IOException;

    /// Waits in a system call of a helper thread; see [#await].
    abstract int awaitOnHelper(long nanos) throws IOException;

    /// Returns the descriptor of the kernel set, which is readable while something is ready.
    ///
    /// @return the descriptor, or -1 after the selector is closed
    @Override
    public final int fileno() {
        return isOpen() ? kernelFileno() : -1;
    }

    @Override
    boolean isLive() {
        return true;
    }

    @Override
    final void deregisterSelf() {
        int fd = kernelFileno();
        if (fd >= 0) {
            listeners.fireClosing(this, fd);
        }
    }

    @Override
    final boolean wakeParked() {
        PollerWait wait = parked;
        return wait != null && wait.wake();
    }

    @Override
    final void endPark() {
        endPark(PollerWait.CLOSED);
    }

    /// Moves the wait of a parked thread to a helper thread.
    final void moveToHelper() {
        endPark(PollerWait.NOT_POLLABLE);
    }

    private void endPark(int result) {
        PollerWait wait = parked;
        if (wait != null) {
            wait.cancel(result);
        }
    }

    /// Notifies the selectors that watch this one that its kernel set was replaced: same number, new open file.
    final void fireReplaced() throws IOException {
        listeners.fireReplaced(this, kernelFileno());
    }

    @Override
    final void onEventsLeft() {
        waker.signal(); // the events are in no kernel set, and the selectors that watch this one must see them
    }

    /// Called before the first of several [#isParkable].
    void prepareToPark() {}

    /// Returns whether the descriptor of the kernel set can stand for the wait of a parked thread.
    abstract boolean isParkable();

    /// Waits without occupying the carrier: polls, parks the virtual thread until the
    /// [io.selectors4j.internal.selector.Poller] finds the kernel set readable, and polls again. Where the poller
    /// cannot watch the set, a helper thread waits: the kernel limits how deep epoll instances are nested, and
    /// [#isParkable] may refuse.
    final int awaitParked(long nanos) throws IOException {
        long start = Deadline.start(nanos);
        long remaining = nanos;
        prepareToPark();
        while (isParkable()) {
            int found = awaitOnThisThread(0);
            if (found != 0 || remaining == 0 || Thread.currentThread().isInterrupted()) {
                return found;
            }
            PollerWait wait = new PollerWait(kernelFileno(), PollMask.IN);
            parked = wait;
            int result = !isOpen() ? PollerWait.CLOSED : isParkable() ? wait.await(remaining) : PollerWait.NOT_POLLABLE;
            parked = null;
            if (result == PollerWait.CLOSED) {
                throw new ClosedSelectorException();
            }
            if (result == PollerWait.WOKEN) {
                return 0;
            }
            remaining = Deadline.remaining(nanos, start);
            if (result == -Errno.EINVAL || result == PollerWait.NOT_POLLABLE) {
                break;
            }
            if (result < 0) {
                throw new NativeIOException(wait.describe(), -result);
            }
        }
        return awaitOnHelper(remaining);
    }
}
