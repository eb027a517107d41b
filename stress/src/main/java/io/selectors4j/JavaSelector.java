package io.selectors4j;

import org.jspecify.annotations.Nullable;

/// A selector on a [JavaKernel]: all that the real ones have in common, and no system call. Objects are ready to read, or not at all.
///
/// @param <A> type of the data attached to the keys
public final class JavaSelector<A extends @Nullable Object> extends AbstractSelector<A> {

    private final JavaKernel kernel;

    /// What the selecting thread waits for, where that is not live.
    private long asked;

    private long found;

    /// Opens a selector.
    ///
    /// @param kernel a kernel of its own
    public JavaSelector(JavaKernel kernel) {
        this.kernel = kernel;
        super(kernel);
    }

    /// The registrations, for who reads them as a delivery does.
    ///
    /// @return the selector's own table
    public KeyTable<A> table() {
        return table;
    }

    @Override
    public Backend backend() {
        return Backend.POLL;
    }

    @Override
    void requireSupport(Interest events) {
        // all modes are the selector's own, or none's
    }

    @Override
    boolean isLive() {
        return kernel.isLive();
    }

    @Override
    boolean isPollCheap() {
        return kernel.isLive();
    }

    @Override
    void addToKernel(Registration<A> registration) {
        watch(registration, registration.events(), registration.token());
    }

    @Override
    void modifyInKernel(Registration<A> registration, Interest events, long version) {
        watch(registration, events, registration.token(version));
    }

    private void watch(Registration<A> registration, Interest events, long token) {
        if (events.contains(Interest.READ)) {
            kernel.watch(registration.fd(), token);
        } else {
            kernel.forget(registration.fd());
        }
    }

    @Override
    void removeFromKernel(Registration<A> registration) {
        kernel.forget(registration.fd());
    }

    @Override
    void disarm(Registration<A> registration) {
        kernel.forget(registration.fd());
    }

    @Override
    void prepareWait() {
        asked = kernel.watched();
    }

    @Override
    int await(long nanos) {
        found = kernel.await(asked, nanos);
        return Long.bitCount(found) + (kernel.isWoken() ? 1 : 0);
    }

    @Override
    void drainEvents(int count, ReadyQueue<A> into) {
        if (kernel.isWoken() && !kernel.isLive()) {
            kernel.drain();
        }
        for (long left = found; left != 0; left &= left - 1) {
            int fd = Long.numberOfTrailingZeros(left);
            Registration<A> registration = kernel.isLive() ? table.forToken(kernel.foundToken(fd)) : forWaitedFd(fd);
            if (registration != null) {
                addReady(registration, PollMask.IN, into);
            }
        }
    }

    @Override
    void release() {
        kernel.release();
    }
}
