package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.sys.Descriptor;
import io.selectors4j.internal.sys.DescriptorFactory;
import java.nio.ByteBuffer;

/// The waker of systems without eventfd: a non-blocking pipe. When the pipe is full, its read end is readable, so a
/// signal that does not fit can be dropped.
final class PipeWaker implements Waker {

    /// The pipe of Windows is a pair of sockets.
    private static final ByteIo.Calls CALLS = Platform.IS_WINDOWS ? ByteIo.Calls.SOCKET : ByteIo.Calls.FILE;

    private final Descriptor reader;
    private final Descriptor writer;
    private final ByteBuffer signalByte = ByteBuffer.allocateDirect(1);
    private final ByteBuffer drainBuffer = ByteBuffer.allocateDirect(512);

    PipeWaker() throws NativeIOException {
        this(DescriptorFactory.current());
    }

    PipeWaker(DescriptorFactory descriptors) throws NativeIOException {
        Ints fds = new Ints(-1, -1);
        int result = descriptors.pipe(ErrnoCapture.current(), fds, false);
        if (result < 0) {
            throw new NativeIOException(descriptors.call("pipe"), -result);
        }
        reader = new Descriptor(fds.get(0));
        writer = new Descriptor(fds.get(1));
    }

    @Override
    public int fileno() {
        return reader.fileno();
    }

    @Override
    public boolean isOwn(int fd) {
        return fd == reader.fileno() || fd == writer.fileno();
    }

    @Override
    public int signal() {
        int fd = writer.acquire();
        if (fd < 0) {
            return 0;
        }
        try {
            long result;
            do {
                result = ByteIo.current().write(CALLS, fd, signalByte.duplicate(), 0, false);
            } while (result == -Errno.EINTR);
            return result < 0 && result != -Errno.EAGAIN ? (int) result : 0;
        } finally {
            writer.release();
        }
    }

    @Override
    public void drain() throws NativeIOException {
        int fd = reader.fileno();
        long result;
        do {
            result = ByteIo.current().read(CALLS, fd, drainBuffer.clear(), 0, false);
        } while (result == drainBuffer.capacity() || result == -Errno.EINTR);
        if (result == 0) { // other code has closed the write end, and each wait would return at once
            throw new NativeIOException("read(pipe, fd=" + fd + ") without a write end", Errno.EBADF);
        }
        if (result < 0 && result != -Errno.EAGAIN) {
            throw new NativeIOException("read(pipe, fd=" + fd + ")", (int) -result);
        }
    }

    @Override
    public void close() {
        writer.close();
        reader.close();
    }
}
