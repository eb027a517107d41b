package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.selector.PollerWait;
import io.selectors4j.internal.sys.Deadline;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A selector whose set is kept by the kernel, under a descriptor: others can wait for that, and a virtual thread parks
/// until it is readable.
///
/// @param <A> type of the data attached to the keys
abstract class KernelSelector<A extends @Nullable Object> extends AbstractSelector<A> implements Pollable {

    static {
        CloseListeners.addAccessor(new Access());
    }

    /// A class, since the first lambda of a program starts machinery of the JDK's.
    private static final class Access implements Function<Pollable, @Nullable CloseListeners> {
        @Override
        public @Nullable CloseListeners apply(Pollable fileobj) {
            return fileobj instanceof KernelSelector<?> selector ? selector.membership : null;
        }
    }

    private final CloseListeners membership = new CloseListeners();

    /// The wait of the virtual thread that is selecting.
    private volatile @Nullable PollerWait parked;

    KernelSelector(Waker waker) {
        super(waker);
    }

    /// The number of the set's descriptor, or -1 once it was given back.
    abstract int kernelFileno();

    /// Waits in the kernel; see [#await].
    abstract int awaitOnThisThread(long nanos) throws IOException;

    /// The descriptor of the kernel's set, which becomes readable when something is ready.
    ///
    /// @return the descriptor's number, or -1 once the selector is closed
    @Override
    public final int fileno() {
        return isOpen() ? kernelFileno() : -1;
    }

    @Override
    boolean isLive() {
        return true;
    }

    @Override
    final void leaveOthers() {
        int fd = kernelFileno();
        if (fd >= 0) {
            membership.fireClosing(this, fd);
        }
    }

    @Override
    final void endWait() {
        PollerWait watch = parked;
        if (watch != null) {
            watch.onClosing(this, -1);
        }
    }

    /// Tells the selectors that this one is registered with that another set has come under its number.
    final void renewOthers() throws IOException {
        membership.fireReplaced(this, kernelFileno());
    }

    @Override
    final void handedOut(boolean inFull) {
        if (!inFull) {
            waker.signal(); // it is in no set of the kernel, and who watches this selector has to see it
        }
    }

    @Override
    int await(long nanos) throws IOException {
        boolean parked = nanos != 0 && isParkable() && Thread.currentThread().isVirtual();
        return parked ? awaitParked(nanos) : awaitOnThisThread(nanos);
    }

    /// Whether the set's descriptor becomes readable when something is ready.
    boolean isParkable() {
        return true;
    }

    /// A wait in the kernel would take the carrier away from all other virtual threads.
    private int awaitParked(long nanos) throws IOException {
        long start = Deadline.start(nanos);
        long left = nanos;
        while (true) {
            int found = awaitOnThisThread(0);
            if (found != 0 || left == 0 || Thread.currentThread().isInterrupted()) {
                return found;
            }
            int fd = kernelFileno();
            PollerWait watch = new PollerWait(fd, PollMask.IN);
            parked = watch;
            int ready = isOpen() ? watch.await(left) : PollerWait.CLOSED;
            parked = null;
            if (ready == PollerWait.CLOSED) {
                throw new ClosedSelectorException();
            }
            if (ready == -Errno.EINVAL || ready == -Errno.ELOOP) {
                return awaitOnThisThread(left); // the kernel limits how deep sets are nested: on a thread of its own
            }
            if (ready < 0) {
                throw new NativeIOException(watch.describe(), -ready);
            }
            left = Deadline.left(nanos, start);
        }
    }
}
