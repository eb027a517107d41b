package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixTerminals;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Signals;

/// Keeps a signal from the current thread until it is closed, by the same thread. Between the two, nothing may wait in Java:
/// a virtual thread would leave its carrier, whose mask it is.
public final class BlockedSignal implements AutoCloseable {

    private final ErrnoCapture state = ErrnoCapture.current();
    private final SigSet before = new SigSet(0);

    /// Blocks a signal. That does not fail.
    ///
    /// @param name its name, such as `SIGTTOU`
    public BlockedSignal(String name) {
        SigSet set = new SigSet(1L << (Signals.number(name) - 1));
        PosixTerminals.pthread_sigmask(state, Constants.SIG_BLOCK, set, before);
    }

    /// Has the mask as it was before.
    @Override
    public void close() {
        PosixTerminals.pthread_sigmask(state, Constants.SIG_SETMASK, before, null);
    }
}
