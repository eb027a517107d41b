package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.sys.Descriptor;
import java.nio.ByteBuffer;

/// A waker of Linux: an eventfd(2), which is one descriptor instead of a pipe's two and counts instead of filling up.
final class EventfdWaker implements Waker {

    private final Descriptor eventfd;
    private final ByteBuffer drained = ByteBuffer.allocateDirect(Long.BYTES);

    /// Creates the descriptor.
    ///
    /// @throws NativeIOException if there is none to be had
    EventfdWaker() throws NativeIOException {
        int fd = LinuxLibc.eventfd(ErrnoCapture.current(), 0, LinuxConstants.EFD_CLOEXEC | LinuxConstants.EFD_NONBLOCK);
        if (fd < 0) {
            throw new NativeIOException("eventfd(0, EFD_CLOEXEC|EFD_NONBLOCK)", -fd);
        }
        eventfd = new Descriptor(fd);
    }

    @Override
    public int fileno() {
        return eventfd.fileno();
    }

    @Override
    public int signal() {
        int fd = eventfd.acquire();
        if (fd < 0) {
            return 0;
        }
        try {
            int result;
            do {
                result = LinuxLibc.eventfd_write(ErrnoCapture.current(), fd, 1);
            } while (result == -Errno.EINTR);
            // The counter is full after 2^64 signals, and then the descriptor is readable anyway.
            return result == -Errno.EAGAIN ? 0 : result;
        } finally {
            eventfd.release();
        }
    }

    @Override
    public void drain() throws NativeIOException {
        int fd = eventfd.fileno();
        // Not eventfd_read, which leaves errno as it was where another file has come in the place and has less to read.
        long count;
        do {
            count = ByteIo.current().read(ByteIo.Calls.FILE, fd, drained.clear(), 0, false);
        } while (count == -Errno.EINTR);
        if (count != Long.BYTES && count != -Errno.EAGAIN) {
            // Somebody else has closed it, and every wait would end at once.
            throw new NativeIOException("read(eventfd, fd=" + fd + ")", count < 0 ? (int) -count : Errno.EBADF);
        }
    }

    @Override
    public void close() {
        eventfd.close();
    }
}
