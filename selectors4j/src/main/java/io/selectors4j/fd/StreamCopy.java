package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.linux.LinuxFiles;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.Set;

/// One call of [Transfer#copy].
final class StreamCopy {

    private static final int BUFFER_SIZE = 64 * 1024;

    /// The interval in which a wait for room notices that an object was closed.
    private static final long CHECK_NANOS = 100_000_000;

    private final Fd source;
    private final int in;
    private final Fd target;
    private final int out;
    private final long count;
    private long copied;

    /// The calls of the kernel, in the order in which they are tried.
    private enum Call {
        COPY_FILE_RANGE("copy_file_range"),
        SENDFILE("sendfile"),
        SPLICE("splice");

        private final String function;

        Call(String function) {
            this.function = function;
        }

        private long make(int in, int out, long count) {
            ErrnoCapture state = ErrnoCapture.current();
            return switch (this) {
                case COPY_FILE_RANGE -> LinuxFiles.copy_file_range(state, in, null, out, null, count, 0);
                case SENDFILE -> LinuxFiles.sendfile(state, out, in, null, count);
                case SPLICE -> LinuxFiles.splice(state, in, null, out, null, count, 0);
            };
        }
    }

    /// The errors that mean that a call of Linux cannot transfer between two descriptors.
    private static final class Refusals {
        static final Set<Integer> ERRORS = Set.of(
                Errno.EINVAL,
                Errno.ENOSYS,
                Errno.EOPNOTSUPP,
                Errno.EBADF,
                Errno.EPERM,
                Errno.number("EXDEV"),
                Errno.number("ESPIPE"),
                Errno.number("EOVERFLOW"));
    }

    /// Creates a copy between two descriptors that the caller keeps open.
    StreamCopy(Fd source, int in, Fd target, int out, long count) {
        this.source = source;
        this.in = in;
        this.target = target;
        this.out = out;
        this.count = count;
    }

    long run() throws IOException {
        if (Platform.CURRENT.os() == Os.LINUX) {
            for (Call call : Call.values()) {
                long result = repeat(call);
                boolean refused = result < 0 && Refusals.ERRORS.contains((int) -result);
                // A result of 0 may be the end of the data, or a file of procfs that has no size: a read tells.
                if (result > 0 || (result < 0 && !refused)) {
                    return copied > 0
                            ? copied
                            : Transfer.toCount(call.function, result, source, in, target, out, false);
                }
            }
        }
        try {
            return copy();
        } catch (IOException e) {
            if (copied > 0) {
                return copied;
            }
            throw e;
        }
    }

    /// Makes a call until all bytes are copied or it fails, and returns its last result.
    private long repeat(Call call) {
        long result;
        do {
            result = call.make(in, out, Transfer.ofOneCall(count - copied));
            copied += Math.max(result, 0);
        } while (copied < count && Transfer.continues(result, source, target));
        return result;
    }

    /// Copies with reads and writes.
    private long copy() throws IOException {
        boolean peeks = source instanceof SocketFd && isNonBlocking(target);
        boolean rewinds = !peeks && !Platform.IS_WINDOWS && FilePosition.isRegularFile(in);
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(count - copied, BUFFER_SIZE));
        while (copied < count) {
            buffer.clear().limit((int) Math.min(count - copied, buffer.capacity()));
            int read = peeks ? ((SocketFd) source).receive(buffer, SocketFd.MSG_PEEK) : source.read(buffer);
            if (read <= 0) {
                return copied > 0 ? copied : read;
            }
            buffer.flip();
            int left;
            try {
                write(buffer, !peeks && !rewinds);
            } finally {
                left = buffer.remaining();
                if (peeks) {
                    discard(buffer);
                } else if (rewinds && left > 0) {
                    FilePosition.seek(in, -left, Constants.SEEK_CUR);
                }
            }
            if (left > 0) {
                return copied;
            }
        }
        return copied;
    }

    /// Returns whether a descriptor is non-blocking. Windows tells it of sockets only.
    private static boolean isNonBlocking(Fd fd) throws IOException {
        return (!Platform.IS_WINDOWS || fd instanceof SocketFd) && !fd.isBlocking();
    }

    /// Writes.
    ///
    /// @param all whether to wait until a non-blocking target has taken all bytes
    private void write(ByteBuffer buffer, boolean all) throws IOException {
        do {
            copied += target.write(buffer);
        } while (all && buffer.hasRemaining() && awaitRoom());
    }

    private boolean awaitRoom() throws IOException {
        while (SingleFdPoll.await(out, PollFlags.POLLOUT, CHECK_NANOS) == 0) {
            if (!target.isOpen() || !source.isOpen()) {
                throw new AsynchronousCloseException();
            }
        }
        return true;
    }

    /// Removes the bytes that were written from the socket that they were read from.
    private void discard(ByteBuffer buffer) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining() && source.read(buffer) > 0) {
            // reads the same bytes again
        }
    }
}
