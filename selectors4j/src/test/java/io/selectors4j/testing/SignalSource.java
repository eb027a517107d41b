package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.internal.posix.Signals;
import java.io.IOException;
import java.util.Objects;

/// A signalfd for one signal.
final class SignalSource implements ReadySource {

    private static final String SIGNAL = "SIGUSR1";

    private final SignalFd signals = SignalFd.open(SIGNAL);

    /// Receives each signal after `signals` does.
    private final SignalFd confirmation = SignalFd.open(SIGNAL);

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
        Objects.requireNonNull(confirmation.read());
    }

    @Override
    public void consume() throws IOException {
        while (signals.read() != null) {}
    }

    @Override
    public void close() throws IOException {
        try (signals;
                confirmation) {
            // try-with-resources closes both
        }
    }
}
