package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.EventfdValue;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.linux.LinuxNumbers;
import io.selectors4j.internal.sys.Descriptor;

/// A waker of Linux: an eventfd(2), which is one descriptor instead of a pipe's two and counts instead of filling up.
final class EventfdWaker implements Waker {

    private final Descriptor eventfd;
    private final EventfdValue drained = new EventfdValue();

    /// Creates the descriptor.
    ///
    /// @throws NativeIOException if there is none to be had
    EventfdWaker() throws NativeIOException {
        int fd = LinuxLibc.eventfd(CallState.current(), 0, LinuxNumbers.EFD_CLOEXEC | LinuxNumbers.EFD_NONBLOCK);
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
    public void signal() {
        int fd = eventfd.tryAcquire();
        if (fd >= 0) {
            try {
                // The counter is full after 2^64 signals, and then the descriptor is readable anyway.
                LinuxLibc.eventfd_write(CallState.current(), fd, 1);
            } finally {
                eventfd.release();
            }
        }
    }

    @Override
    public void drain() throws NativeIOException {
        int fd = eventfd.fileno();
        int result = LinuxLibc.eventfd_read(CallState.current(), fd, drained);
        if (result < 0 && result != -Errno.EAGAIN) {
            // Somebody else has closed it, and the waits would never end again.
            throw new NativeIOException("eventfd_read(fd=" + fd + ")", -result);
        }
    }

    @Override
    public void close() {
        eventfd.close();
    }
}
