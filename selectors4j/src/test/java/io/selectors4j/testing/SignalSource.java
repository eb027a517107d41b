package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.internal.posix.Signals;
import java.io.IOException;
import java.util.Objects;

/// Signals of one kind.
final class SignalSource implements ReadySource {

    private static final String SIGNAL = "SIGUSR1";

    private final SignalFd signals = SignalFd.open(SIGNAL);

    /// It hears of each signal after the other one.
    private final SignalFd witness = SignalFd.open(SIGNAL);

    SignalSource() throws IOException {
        signals.setBlocking(false);
    }

    @Override
    public Pollable pollable() {
        return signals;
    }

    @Override
    public void fire() throws IOException {
        Libc.kill(ProcessHandle.current().pid(), Signals.number(SIGNAL));
        Objects.requireNonNull(witness.read());
    }

    @Override
    public void consume() throws IOException {
        while (signals.read() != null) {}
    }

    @Override
    public void close() throws IOException {
        try (signals;
                witness) {
            // nothing but to close both
        }
    }
}
