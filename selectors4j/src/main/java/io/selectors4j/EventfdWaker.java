package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.sys.Descriptor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The waker of Linux: an eventfd(2). It needs one descriptor, a pipe two, and its counter does not fill up.
final class EventfdWaker implements Waker {

    private final Descriptor eventfd;

    /// Allocated by the first [#drain]; most wakers are watched edge-triggered.
    private @Nullable ByteBuffer counter;

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
            // EAGAIN: the counter is full after 2^64 signals, and the descriptor is readable.
            return result == -Errno.EAGAIN ? 0 : result;
        } finally {
            eventfd.release();
        }
    }

    @Override
    public void drain() throws NativeIOException {
        int fd = eventfd.fileno();
        ByteBuffer memory = counter;
        if (memory == null) {
            memory = ByteBuffer.allocateDirect(Long.BYTES);
            counter = memory;
        }
        // Not eventfd_read: if the number has another owner and a short read, it fails without setting errno.
        long count;
        do {
            count = ByteIo.current().read(ByteIo.Calls.FILE, fd, memory.clear(), 0, false);
        } while (count == -Errno.EINTR);
        if (count != Long.BYTES && count != -Errno.EAGAIN) {
            // Other code has closed the descriptor, and each wait would return at once.
            throw new NativeIOException("read(eventfd, fd=" + fd + ")", count < 0 ? (int) -count : Errno.EBADF);
        }
    }

    @Override
    public void close() {
        eventfd.close();
    }
}
