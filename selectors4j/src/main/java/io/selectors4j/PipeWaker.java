package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.sys.Descriptor;
import io.selectors4j.internal.sys.DescriptorFactory;
import java.nio.ByteBuffer;

/// A pipe that never blocks, where there is no eventfd. When it is full, its reading end is readable anyway, and the next
/// signal has nothing to add.
final class PipeWaker implements Waker {

    private final Descriptor reader;
    private final Descriptor writer;
    private final ByteBuffer one = ByteBuffer.allocateDirect(1);
    private final ByteBuffer drained = ByteBuffer.allocateDirect(512);

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
    public int signal() {
        int fd = writer.acquire();
        if (fd < 0) {
            return 0;
        }
        try {
            long result;
            do {
                result = ByteIo.current().write(ByteIo.WriteCall.WRITE, fd, one.duplicate(), 0, false);
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
            result = ByteIo.current().read(ByteIo.ReadCall.READ, fd, drained.clear(), 0, false);
        } while (result == drained.capacity() || result == -Errno.EINTR);
        if (result == 0) { // the end: somebody else has closed the writing end, and the waits would never end again
            throw new NativeIOException("read(pipe, fd=" + fd + ") without a writing end", Errno.EBADF);
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
