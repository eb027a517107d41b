package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixTerminals;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Signals;

/// Blocks a signal for the current thread until it is closed, which the same thread must do. The thread must not park
/// in between: a virtual thread would leave its carrier, whose signal mask this is.
public final class BlockedSignal implements AutoCloseable {

    private final ErrnoCapture state = ErrnoCapture.current();
    private final SigSet previous = new SigSet(0);

    /// Blocks a signal, such as `SIGTTOU`. This does not fail.
    public BlockedSignal(String name) {
        SigSet set = new SigSet(1L << (Signals.number(name) - 1));
        PosixTerminals.pthread_sigmask(state, Constants.SIG_BLOCK, set, previous);
    }

    /// Restores the previous signal mask.
    @Override
    public void close() {
        PosixTerminals.pthread_sigmask(state, Constants.SIG_SETMASK, previous, null);
    }
}
