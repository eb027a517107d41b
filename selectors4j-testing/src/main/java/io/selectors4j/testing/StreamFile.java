package io.selectors4j.testing;

import io.selectors4j.internal.simulation.Simulations;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One end of a connection, which behaves as a Unix stream socket: a hang-up is both directions at their end, and
/// unread bytes at a close reset the peer.
final class StreamFile extends OpenFile {

    private final ByteQueue received;
    private @Nullable StreamFile peer;
    private boolean inputShut;
    private boolean outputShut;
    private @Nullable String error;

    private StreamFile(Kernel kernel, int capacity) {
        super(kernel);
        received = new ByteQueue(capacity);
    }

    /// Creates a connection and returns one of its ends.
    static StreamFile connected(Kernel kernel) {
        StreamFile one = new StreamFile(kernel, kernel.settings.streamBuffer);
        StreamFile other = new StreamFile(kernel, kernel.settings.streamBuffer);
        one.peer = other;
        other.peer = one;
        return one;
    }

    /// Returns the other end.
    StreamFile peer() {
        if (peer == null) {
            throw new IllegalStateException("not connected");
        }
        return peer;
    }

    private boolean isPeerGone() {
        return peer().outputShut && peer().inputShut;
    }

    private boolean isAtEnd() {
        return inputShut || peer().outputShut;
    }

    private boolean isBroken() {
        return outputShut || peer().inputShut;
    }

    @Override
    int mask() {
        return (received.size() > 0 || isAtEnd() ? Poll.IN : 0)
                | (peer().received.room() > 0 || isBroken() ? Poll.OUT : 0)
                | (isAtEnd() ? Poll.RDHUP : 0)
                | (isPeerGone() || (isAtEnd() && isBroken()) ? Poll.HUP : 0)
                | (error == null ? 0 : Poll.ERR);
    }

    int available() {
        return received.size();
    }

    /// Throws the error of the connection, once.
    private void throwError(String call, int fd) throws IOException {
        String errno = error;
        if (errno != null) {
            error = null;
            throw Simulations.failure(call + "(fd=" + fd + ")", errno);
        }
    }

    int read(int fd, ByteBuffer target) throws IOException {
        checkFault(Operation.READ, fd);
        int possible = Math.min(received.size(), target.remaining());
        if (possible == 0) {
            if (received.size() == 0) {
                throwError("read", fd);
            }
            return target.hasRemaining() && isAtEnd() ? -1 : 0;
        }
        int count = kernel.transferred(possible);
        boolean wasFull = received.room() == 0;
        received.remove(target, count);
        if (wasFull) {
            peer().fire();
        }
        return count;
    }

    int write(int fd, ByteBuffer source) throws IOException {
        checkFault(Operation.WRITE, fd);
        throwError("write", fd);
        if (isBroken()) {
            throw Simulations.failure("write(fd=" + fd + ")", "EPIPE");
        }
        int count =
                kernel.transferred(Math.min(source.remaining(), peer().received.room()));
        peer().received.add(source, count);
        if (count > 0) {
            peer().fire();
        }
        return count;
    }

    void shutdownOutput() {
        outputShut = true;
        fire();
        peer().fire();
    }

    void shutdownInput() {
        inputShut = true;
        fire();
        peer().fire();
    }

    /// Loses the bytes to both ends, and fails the next call of the peer.
    void reset() {
        received.clear();
        peer().received.clear();
        peer().error = "ECONNRESET";
    }

    @Override
    void onLastClose() {
        if (received.size() > 0) {
            peer().error = "ECONNRESET";
        }
        received.clear();
        inputShut = true;
        outputShut = true;
        peer().fire();
    }

    @Override
    public String toString() {
        return "stream, " + received.size() + " to read";
    }
}
