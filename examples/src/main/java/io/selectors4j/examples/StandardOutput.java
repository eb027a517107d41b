package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.fd.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The standard output with the bytes that wait to be written.
final class StandardOutput implements Pollable {

    /// A writable pipe has room for so many bytes: PIPE_BUF.
    private static final int PIPE_BUF = 4096;

    private final Fd stdout;
    private ByteBuffer pending = ByteBuffer.allocate(0);

    StandardOutput() throws IOException {
        stdout = Fd.stdout();
    }

    /// Sets the bytes to write. None must be pending.
    void put(ByteBuffer bytes) {
        pending = bytes;
    }

    boolean isPending() {
        return pending.hasRemaining();
    }

    /// Writes as many bytes as a writable pipe has room for.
    ///
    /// @throws IOException if the reader has closed the pipe, or the disk is full
    void write() throws IOException {
        int length = Math.min(pending.remaining(), PIPE_BUF);
        int written = stdout.write(pending.slice(pending.position(), length));
        pending.position(pending.position() + written);
    }

    @Override
    public int fileno() {
        return stdout.fileno();
    }
}
