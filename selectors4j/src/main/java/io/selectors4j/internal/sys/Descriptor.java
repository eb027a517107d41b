package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.PosixLibc;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/// A descriptor that the library owns, with the count of its users. Every system call that may run concurrently with
/// [#close] must be between [#acquire] and [#release]. The descriptor is closed when [#close] was called and the last
/// user has released it, so no call can hit another file that got the same number.
public final class Descriptor {

    private static final UseCount<Descriptor> USES =
            new UseCount<>(AtomicIntegerFieldUpdater.newUpdater(Descriptor.class, "uses"));

    private final int fd;

    @SuppressWarnings("unused") // accessed by USES
    private volatile int uses = UseCount.OWNED;

    /// Takes ownership of a descriptor.
    public Descriptor(int fd) {
        this.fd = fd;
        OwnedDescriptors.opened(this, fd);
    }

    /// Returns the number, or -1 once closing has begun.
    public int fileno() {
        return USES.isOpen(this) ? fd : -1;
    }

    /// Acquires the descriptor and returns its number; the caller must release it. Returns -1 once closing has begun;
    /// then there is nothing to release.
    public int acquire() {
        return USES.acquire(this) ? fd : -1;
    }

    /// Releases the descriptor. Returns 0, or `-errno` of `close` if this was the last use after [#close].
    public int release() {
        return USES.release(this) ? PosixLibc.close(ErrnoCapture.current(), fd) : 0;
    }

    /// Closes the descriptor, or leaves that to its last user. Has no effect if closing has begun. Returns 0 or
    /// `-errno` of `close`.
    public int close() {
        if (!USES.beginClose(this)) {
            return 0;
        }
        OwnedDescriptors.closing(this, fd);
        return release();
    }
}
