package io.selectors4j;

import org.jspecify.annotations.Nullable;

/// A selector on a [JavaKernel]: the common part of all backends, without system calls. Objects are readable or not
/// ready.
///
/// @param <A> type of the data attached to the keys
public final class JavaSelector<A extends @Nullable Object> extends AbstractSelector<A> {

    private final JavaKernel kernel;

    /// The numbers that a wait requests, unless the kernel is live.
    private long requested;

    private long found;

    /// Opens a selector.
    ///
    /// @param kernel a kernel of its own
    public JavaSelector(JavaKernel kernel) {
        this.kernel = kernel;
        super(kernel);
    }

    /// Returns the table of the registrations, for reads as in a dispatch.
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
        // the selector itself supports all modes
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
        requested = kernel.watched();
    }

    @Override
    int await(long nanos) {
        found = kernel.await(requested, nanos);
        return Long.bitCount(found) + (kernel.isWoken() ? 1 : 0);
    }

    @Override
    void drainEvents(int count, ReadyQueue<A> into) {
        if (kernel.isWoken() && !kernel.isLive()) {
            kernel.drain();
        }
        for (long remaining = found; remaining != 0; remaining &= remaining - 1) {
            int fd = Long.numberOfTrailingZeros(remaining);
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
