package io.selectors4j.testing;

import io.selectors4j.PollableChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/// One end of a connection. Bytes arrive at once, and the receiver's buffer has a bound
/// ([Simulation.Builder#streamBuffer]). The end reports what a connected Unix stream socket does. Closing it while it
/// has unread bytes resets the connection.
public final class SimulatedStream extends SimulatedDescriptor implements PollableChannel {

    private final StreamFile file;

    SimulatedStream(StreamFile file, int fd) {
        this.file = file;
        super(file, fd);
    }

    /// Reads the bytes that have arrived; only some of them with [Simulation.Builder#shortTransfers].
    ///
    /// @param target the buffer
    /// @return the number of bytes; 0 if there are none yet; -1 at the end of the stream
    /// @throws ClosedChannelException if this object is closed
    /// @throws io.selectors4j.NativeIOException ECONNRESET once after a reset; or a planned failure
    @Override
    public int read(ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        try (var _ = kernel().acquire()) {
            requireOpen();
            return file.read(fileno(), target);
        }
    }

    /// Writes as many bytes as the peer's buffer has room for; fewer with [Simulation.Builder#shortTransfers].
    ///
    /// @param source the buffer
    /// @return the number of bytes; 0 if there is no room
    /// @throws ClosedChannelException if this object is closed
    /// @throws io.selectors4j.NativeIOException EPIPE if the peer is closed, or after [#shutdownOutput]; ECONNRESET
    ///     once after a reset; or a planned failure
    @Override
    public int write(ByteBuffer source) throws IOException {
        try (var _ = kernel().acquire()) {
            requireOpen();
            return file.write(fileno(), source);
        }
    }

    /// Returns the number of bytes that can be read.
    ///
    /// @return the number of bytes
    public int available() {
        try (var _ = kernel().acquire()) {
            return file.available();
        }
    }

    /// Ends the stream to the peer, which reads the end after the bytes before it: a half-close.
    ///
    /// @throws ClosedChannelException if this object is closed
    public void shutdownOutput() throws ClosedChannelException {
        try (var _ = kernel().acquire()) {
            requireOpen();
            file.shutdownOutput();
        }
    }

    /// Ends the stream from the peer, whose writes then fail.
    ///
    /// @throws ClosedChannelException if this object is closed
    public void shutdownInput() throws ClosedChannelException {
        try (var _ = kernel().acquire()) {
            requireOpen();
            file.shutdownInput();
        }
    }

    /// Closes this end with a reset: the bytes on their way are lost, and the peer's next read or write fails with
    /// ECONNRESET. Does nothing if this object is closed.
    public void reset() {
        try (var _ = kernel().acquire()) {
            if (isOpen()) {
                file.reset();
            }
        }
        close();
    }
}
