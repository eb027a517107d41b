package io.selectors4j.examples;

import io.selectors4j.fd.SignalFd;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The exit code of a program that a signal ends.
final class ExitCode {

    private static final int SIGNALED = 128;

    private ExitCode() {}

    /// Reads a signal and returns the exit code as a shell does: 128 plus its number.
    static int readFrom(SignalFd signals) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(1);
        signals.read(number);
        return SIGNALED + number.get(0);
    }
}
