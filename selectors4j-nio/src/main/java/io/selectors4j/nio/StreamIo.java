package io.selectors4j.nio;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;

/// The bytes of a connection, and its two halves, which can be shut down. Failures are those of the JDK's channels.
///
/// The caller holds the lock of the direction.
final class StreamIo extends FdIo {

    private final SocketFd fd;

    private volatile boolean isInputClosed;

    /// Written with the monitor held.
    private volatile boolean isOutputClosed;

    /// Whether the peer has reset the connection. All later reads fail too. Guarded by the lock of the reads.
    private boolean isReset;

    /// Whether SO_LINGER was set.
    private volatile boolean mayLinger;

    StreamIo(SelectableChannel channel, SocketFd fd) {
        this.fd = fd;
        super(channel, fd);
    }

    private boolean isInputAtEnd() throws SocketException {
        if (isReset && !isInputClosed) {
            throw new SocketException("Connection reset");
        }
        return isInputClosed;
    }

    @Override
    int read(ByteBuffer target) throws IOException {
        if (isInputAtEnd()) {
            return -1;
        }
        try {
            return super.read(target);
        } catch (IOException e) {
            throw failedRead(e);
        }
    }

    @Override
    long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        if (isInputAtEnd()) {
            return -1;
        }
        try {
            return super.read(targets, offset, length);
        } catch (IOException e) {
            throw failedRead(e);
        }
    }

    /// Reads, and waits for the first byte, in any mode of the channel.
    ///
    /// @param target a buffer that is not full
    /// @param nanos the longest wait, [Blocking#FOREVER] for no limit
    /// @return the number of bytes, -1 at the end
    /// @throws SocketTimeoutException after the timeout
    int read(ByteBuffer target, long nanos) throws IOException {
        if (isInputAtEnd()) {
            return -1;
        }
        Blocking.begin(channel);
        long start = Blocking.start(nanos);
        try {
            int count = fd.read(target);
            while (count == 0) {
                if (!Blocking.await(channel, fd, Interest.READ, Blocking.remaining(nanos, start))) {
                    throw new SocketTimeoutException("Read timed out");
                }
                count = fd.read(target);
            }
            return count;
        } catch (IOException e) {
            throw failedRead(Blocking.closedDuring(e));
        }
    }

    private IOException failedRead(IOException failure) {
        if (failure instanceof NativeIOException e && e.errnoName().equals("ECONNRESET")) {
            isReset = true;
            return (IOException) new SocketException("Connection reset").initCause(e);
        }
        return Failures.ofStream(failure);
    }

    /// Returns the number of bytes that a read returns without waiting.
    int available() throws IOException {
        try {
            return isInputClosed ? 0 : fd.available();
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    private void requireOutput() throws AsynchronousCloseException {
        if (isOutputClosed) {
            throw new AsynchronousCloseException(); // the JDK's type, also for a shutdown before the call
        }
    }

    @Override
    int write(ByteBuffer source) throws IOException {
        requireOutput();
        try {
            return super.write(source);
        } catch (IOException e) {
            throw failedWrite(Failures.ofStream(e));
        }
    }

    @Override
    long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        requireOutput();
        try {
            return super.write(sources, offset, length);
        } catch (IOException e) {
            throw failedWrite(Failures.ofStream(e));
        }
    }

    /// Writes all bytes to a blocking channel.
    void writeFully(ByteBuffer source) throws IOException {
        if (isOutputClosed) {
            throw new ClosedChannelException();
        }
        write(source);
        while (source.hasRemaining()) { // a part was written before a failure
            if (!channel.isOpen()) {
                throw new AsynchronousCloseException();
            }
            write(source);
        }
    }

    /// Sends a byte of out-of-band data.
    ///
    /// @return the number of bytes sent; 0 if there is no room and the channel is non-blocking
    int sendOutOfBand(byte data) throws IOException {
        requireOutput();
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {data});
        try {
            int count = fd.send(buffer, SocketFd.MSG_OOB);
            while (count == 0 && channel.isBlocking()) {
                Blocking.await(channel, fd, Interest.WRITE, Blocking.FOREVER);
                count = fd.send(buffer, SocketFd.MSG_OOB);
            }
            return count;
        } catch (IOException e) {
            throw failedWrite(Failures.ofSocket(e));
        }
    }

    /// Returns the exception of a failed write: if another thread has shut down the output meanwhile, the same as for a
    /// close. Waits until a shutdown in progress has ended.
    private synchronized IOException failedWrite(IOException failure) {
        return isOutputClosed && failure.getCause() instanceof NativeIOException
                ? (IOException) new AsynchronousCloseException().initCause(failure)
                : failure;
    }

    synchronized void shutdownInput() throws IOException {
        if (!isInputClosed) {
            Sockets.shutdown(fd::shutdownInput);
            isInputClosed = true;
        }
    }

    synchronized void shutdownOutput() throws IOException {
        if (!isOutputClosed) {
            Sockets.shutdown(fd::shutdownOutput);
            isOutputClosed = true;
        }
    }

    /// Learns that the program has set an option.
    void optionSet(SocketOption<?> option) {
        if (option.equals(StandardSocketOptions.SO_LINGER)) {
            mayLinger = true;
        }
    }

    /// Closes the descriptor.
    ///
    /// @param registered whether the channel is registered with a selector; then this does not wait for SO_LINGER,
    ///     which would block the thread that selects
    void close(boolean registered) throws IOException {
        try (fd) {
            if (mayLinger && registered && fd.getOption(StandardSocketOptions.SO_LINGER) > 0) {
                fd.setOption(StandardSocketOptions.SO_LINGER, -1);
            }
        }
    }

    boolean isInputOpen() {
        return !isInputClosed;
    }

    boolean isOutputOpen() {
        return !isOutputClosed;
    }
}
