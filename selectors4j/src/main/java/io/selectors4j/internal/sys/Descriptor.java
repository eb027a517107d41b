package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.posix.PosixLibc;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/// A descriptor's number and who uses it. Every system call on it happens between [#acquire] and [#release]; the number
/// goes back to the kernel when it was closed and the last user has left. So no call can hit a new owner of the number.
///
/// The state counts the users; the owner is one of them until [#finishClose]. Its highest bit says that closing has
/// begun, from which on nobody else gets in.
public final class Descriptor {

    private static final int CLOSING = 1 << 31;
    private static final AtomicIntegerFieldUpdater<Descriptor> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Descriptor.class, "state");

    private final int fd;
    private final boolean owned;

    /// In this object itself: one place in memory less for each call.
    private volatile int state = 1;

    /// Takes charge of a descriptor.
    ///
    /// @param fd its number, not negative
    /// @param owned whether closing this gives the number back to the kernel
    public Descriptor(int fd, boolean owned) {
        this.fd = fd;
        this.owned = owned;
    }

    /// The number.
    ///
    /// @return the number, or -1 once closing has begun
    public int fileno() {
        return isOpen() ? fd : -1;
    }

    /// Whether closing this gives the number back to the kernel.
    ///
    /// @return whether the descriptor is owned
    public boolean isOwned() {
        return owned;
    }

    /// Whether closing has not begun.
    ///
    /// @return whether it is open
    public boolean isOpen() {
        return state >= 0;
    }

    /// Starts using the descriptor. [#release] must follow.
    ///
    /// @return the number
    /// @throws ClosedChannelException if closing has begun
    public int acquire() throws ClosedChannelException {
        int acquired = tryAcquire();
        if (acquired < 0) {
            throw new ClosedChannelException();
        }
        return acquired;
    }

    /// Starts using the descriptor if it is open. Only then must [#release] follow.
    ///
    /// @return the number, or -1 if closing has begun
    public int tryAcquire() {
        int users = state;
        while (users >= 0) {
            if (STATE.compareAndSet(this, users, users + 1)) {
                return fd;
            }
            users = state;
        }
        return -1;
    }

    /// Ends the use that [#acquire] began.
    ///
    /// @return 0, or `-errno` of `close` if this was the last use of a closed descriptor
    public int release() {
        return STATE.decrementAndGet(this) == CLOSING && owned ? PosixLibc.close(CallState.current(), fd) : 0;
    }

    /// Begins to close: from now on [#acquire] is refused. The number stays valid until [#finishClose].
    ///
    /// @return the number, or -1 if closing had begun before
    public int beginClose() {
        int users = state;
        while (users >= 0) {
            if (STATE.compareAndSet(this, users, users | CLOSING)) {
                return fd;
            }
            users = state;
        }
        return -1;
    }

    /// Whether somebody else than the one who closes is using the descriptor.
    ///
    /// @return whether a call is under way
    public boolean isInUse() {
        return (state & ~CLOSING) > 1;
    }

    /// Ends what [#beginClose] began: gives the number back, now or when the last user leaves.
    ///
    /// @return 0, or `-errno` of `close`
    public int finishClose() {
        return release();
    }

    /// Closes in one step.
    ///
    /// @return 0, or `-errno` of `close`
    public int close() {
        return beginClose() < 0 ? 0 : finishClose();
    }
}
