package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.fd.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The standard output, and what is to be written to it when it is writable.
final class Output implements Pollable {

    /// So much can be written to a pipe that is writable without waiting: PIPE_BUF.
    private static final int AT_ONCE = 4096;

    private final Fd stdout;
    private ByteBuffer pending = ByteBuffer.allocate(0);

    Output() throws IOException {
        stdout = Fd.stdout();
    }

    /// Gives it something to write, when it has nothing.
    void put(ByteBuffer bytes) {
        pending = bytes;
    }

    boolean isPending() {
        return pending.hasRemaining();
    }

    /// Writes what a pipe that is writable has room for.
    ///
    /// @throws IOException if nobody reads it any more, or the disk is full
    void write() throws IOException {
        int length = Math.min(pending.remaining(), AT_ONCE);
        int written = stdout.write(pending.slice(pending.position(), length));
        pending.position(pending.position() + written);
    }

    @Override
    public int fileno() {
        return stdout.fileno();
    }
}
