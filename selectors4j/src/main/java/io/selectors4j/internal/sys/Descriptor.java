package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.PosixLibc;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/// A descriptor of the library's own and who uses it. Every system call on it that may meet [#close] happens between [#acquire] and
/// [#release]; the number goes back to the kernel when it was closed and the last user has left. So no call can hit a new owner
/// of the number.
public final class Descriptor {

    private static final UseCount<Descriptor> USES =
            new UseCount<>(AtomicIntegerFieldUpdater.newUpdater(Descriptor.class, "uses"));

    private final int fd;

    @SuppressWarnings("unused") // by USES
    private volatile int uses = UseCount.OWNED;

    /// Takes charge of a descriptor.
    ///
    /// @param fd its number, not negative
    public Descriptor(int fd) {
        this.fd = fd;
    }

    /// The number.
    ///
    /// @return the number, or -1 once closing has begun
    public int fileno() {
        return USES.isOpen(this) ? fd : -1;
    }

    /// Starts to use the descriptor if it is open. Only then must [#release] follow.
    ///
    /// @return the number, or -1 once closing has begun
    public int acquire() {
        return USES.acquire(this) ? fd : -1;
    }

    /// Ends the use that [#acquire] began.
    ///
    /// @return 0, or `-errno` of `close` if this was the last use of a closed descriptor
    public int release() {
        return USES.release(this) ? PosixLibc.close(ErrnoCapture.current(), fd) : 0;
    }

    /// Gives the number back, now or when the last user leaves. Closing again does nothing.
    ///
    /// @return 0, or `-errno` of `close`
    public int close() {
        return USES.beginClose(this) ? release() : 0;
    }
}
