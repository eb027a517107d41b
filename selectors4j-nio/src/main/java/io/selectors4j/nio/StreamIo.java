package io.selectors4j.nio;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
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

    StreamIo(SelectableChannel channel, SocketFd fd) {
        this.fd = fd;
        super(channel, fd);
    }

    private void requireNotReset() throws SocketException {
        if (isReset) {
            throw new SocketException("Connection reset");
        }
    }

    @Override
    int read(ByteBuffer target) throws IOException {
        requireNotReset();
        try {
            return isInputClosed ? -1 : super.read(target);
        } catch (IOException e) {
            throw failedRead(e);
        }
    }

    @Override
    long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        requireNotReset();
        try {
            return isInputClosed ? -1 : super.read(targets, offset, length);
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
        requireNotReset();
        Blocking.begin(channel);
        long start = Blocking.start(nanos);
        try {
            int count = isInputClosed ? -1 : fd.read(target);
            while (count == 0) {
                if (!Blocking.await(channel, fd, Interest.READ, Blocking.remaining(nanos, start))) {
                    throw new SocketTimeoutException("Read timed out");
                }
                count = fd.read(target);
            }
            return count;
        } catch (IOException e) {
            throw failedRead(e);
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

    private void requireOutput() throws ClosedChannelException {
        if (isOutputClosed) {
            throw new ClosedChannelException();
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

    boolean isInputOpen() {
        return !isInputClosed;
    }

    boolean isOutputOpen() {
        return !isOutputClosed;
    }
}
