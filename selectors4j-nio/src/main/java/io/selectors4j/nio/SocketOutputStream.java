package io.selectors4j.nio;

import java.io.IOException;
import java.io.OutputStream;

/// Writes bytes to a blocking channel: the output of its [SocketAdaptor]. Any number of threads may write; the bytes of
/// one write stay together, because it holds the channel's write lock. Closing the stream closes the channel.
final class SocketOutputStream extends OutputStream {

    private final FdSocketChannel channel;

    SocketOutputStream(FdSocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        channel.blockingWriteFully(source, offset, length);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
