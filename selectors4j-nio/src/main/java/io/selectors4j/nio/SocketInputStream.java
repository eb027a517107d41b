package io.selectors4j.nio;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntSupplier;

/// Reads bytes from a blocking channel: the input of its [SocketAdaptor]. Any number of threads may read; each read
/// takes the channel's read lock. Closing the stream closes the channel.
final class SocketInputStream extends InputStream {

    private final FdSocketChannel channel;
    private final IntSupplier timeout;

    /// Creates a stream.
    ///
    /// @param timeout returns the longest wait in milliseconds, 0 for no limit; called by each read
    SocketInputStream(FdSocketChannel channel, IntSupplier timeout) {
        this.channel = channel;
        this.timeout = timeout;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return channel.blockingRead(target, offset, length, SocketAdaptor.toNanos(timeout.getAsInt()));
    }

    @Override
    public int available() throws IOException {
        return channel.available();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
