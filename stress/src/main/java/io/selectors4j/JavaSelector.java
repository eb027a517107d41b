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
    boolean isLookCheap() {
        return kernel.isLive();
    }

    @Override
    void add(Registration<A> registration) {
        watch(registration, registration.events(), registration.token());
    }

    @Override
    void change(Registration<A> registration, Interest events, long changed) {
        watch(registration, events, registration.token(changed));
    }

    private void watch(Registration<A> registration, Interest events, long token) {
        if (events.contains(Interest.READ)) {
            kernel.watch(registration.fd(), token);
        } else {
            kernel.forget(registration.fd());
        }
    }

    @Override
    void remove(Registration<A> registration) {
        kernel.forget(registration.fd());
    }

    @Override
    void disarm(Registration<A> registration) {
        kernel.forget(registration.fd());
    }

    @Override
    void prepare() {
        asked = kernel.watched();
    }

    @Override
    int await(long nanos) {
        found = kernel.await(asked, nanos);
        return Long.bitCount(found) + (kernel.isWoken() ? 1 : 0);
    }

    @Override
    void collect(int count, ReadyQueue<A> into) {
        if (kernel.isWoken() && !kernel.isLive()) {
            kernel.drain();
        }
        for (long left = found; left != 0; left &= left - 1) {
            int fd = Long.numberOfTrailingZeros(left);
            Registration<A> registration = kernel.isLive() ? table.forToken(kernel.foundToken(fd)) : waitedFor(fd);
            if (registration != null) {
                found(registration, PollMask.IN, into);
            }
        }
    }

    @Override
    void release() {
        kernel.release();
    }
}
