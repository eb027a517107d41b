package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.selector.IoUringStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/// Reads into and writes from several buffers, for the classes that are scattering and gathering channels.
final class ScatterGather {

    private ScatterGather() {}

    /// Reads with one system call. See [PipeFd#read(ByteBuffer[], int, int)] and
    /// [SocketFd#read(ByteBuffer[], int, int)].
    static long read(Fd fd, ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            Fd.requireWritable(targets[i]);
        }
        int number = fd.acquire();
        long count;
        try {
            int start = skipEmpty(targets, offset, end);
            if (start == end) {
                if (length == 0 || fd.zeroIsEnd()) {
                    return 0;
                }
                start = end - 1; // receives a message into an empty buffer
            }
            do {
                IoUringStream stream = fd.stream();
                count = stream == null
                        ? fd.byteIo().read(fd.calls(), number, targets, start, end, fd.preservesMessages())
                        : read(stream, fd.byteIo(), targets, start, end);
            } while (count == -Errno.EINTR && fd.isOpen());
        } finally {
            fd.release();
        }
        return fd.toCount(fd.calls().scatterName(), count, fd.zeroIsEnd());
    }

    /// Reads the bytes of a batched socket into the buffers from index `start` up to `end`.
    private static long read(IoUringStream stream, ByteIo io, ByteBuffer[] targets, int start, int end) {
        long total = 0;
        for (int i = start; i < end; i++) {
            if (targets[i].hasRemaining()) {
                long count = stream.read(io, targets[i]);
                if (count <= 0) {
                    return total > 0 ? total : count;
                }
                total += count;
                if (targets[i].hasRemaining()) {
                    return total;
                }
            }
        }
        return total;
    }

    /// Writes everything if the descriptor is blocking; a message with one system call. See
    /// [PipeFd#write(ByteBuffer[], int, int)] and [SocketFd#write(ByteBuffer[], int, int)].
    static long write(Fd fd, ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            Objects.requireNonNull(sources[i], "source");
        }
        boolean wholeMessage = fd.preservesMessages();
        long written = 0;
        int number = fd.acquire();
        try {
            long count;
            int start = skipEmpty(sources, offset, end);
            if (start == end) {
                if (length == 0 || !wholeMessage) {
                    return 0;
                }
                start = end - 1; // sends an empty message
            }
            do {
                IoUringStream stream = fd.stream();
                count = stream == null
                        ? fd.byteIo().write(fd.calls(), number, sources, start, end, fd.sendFlags(), wholeMessage)
                        : stream.write(fd.byteIo(), sources[start]);
                written += Math.max(count, 0);
                if (!wholeMessage) {
                    start = skipEmpty(sources, start, end);
                } else if (count >= 0) {
                    start = end;
                }
            } while (start < end && fd.isOpen() && (count > 0 || count == -Errno.EINTR));
            return written > 0 ? written : fd.toCount(fd.calls().gatherName(), count, false);
        } catch (IllegalStateException | WrongThreadException e) {
            if (written == 0) {
                throw e;
            }
            return written; // the next call fails with the buffer that follows
        } finally {
            fd.release();
        }
    }

    /// Returns the index of the first buffer with remaining bytes, or the end.
    static int skipEmpty(ByteBuffer[] buffers, int start, int end) {
        int index = start;
        while (index < end && !buffers[index].hasRemaining()) {
            index++;
        }
        return index;
    }
}
