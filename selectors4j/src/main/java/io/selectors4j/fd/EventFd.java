package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;

/// An eventfd: a counter that is readable while it is above 0 and writable while 1 can be added. Another thread, native
/// code, or another process with the descriptor can wake a selector with it.
///
/// The counter is an unsigned 64-bit number of at most 2^64-2. Format numbers above [Long#MAX_VALUE] with
/// [Long#toUnsignedString(long)].
///
/// [#read(ByteBuffer)] and [#write(ByteBuffer)] transfer the same number as eight bytes in native byte order; shorter
/// buffers fail with EINVAL.
///
/// Source: eventfd(2).
public final class EventFd extends Fd {

    private EventFd(int fd) {
        super(fd, true);
    }

    /// Creates a counter. A read returns the whole value and resets it to 0.
    ///
    /// @param initial the initial value
    /// @return a new descriptor, blocking
    /// @throws IllegalArgumentException if the value is negative
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files
    public static EventFd open(int initial) throws IOException {
        return open(initial, LinuxConstants.EFD_CLOEXEC, "EFD_CLOEXEC");
    }

    /// Creates a semaphore: a counter that each read decrements by 1.
    ///
    /// @param initial the initial value
    /// @return a new descriptor, blocking
    /// @throws IllegalArgumentException if the value is negative
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files
    public static EventFd openSemaphore(int initial) throws IOException {
        return open(initial, LinuxConstants.EFD_CLOEXEC | LinuxConstants.EFD_SEMAPHORE, "EFD_CLOEXEC|EFD_SEMAPHORE");
    }

    private static EventFd open(int initial, int flags, String names) throws IOException {
        if (initial < 0) {
            throw new IllegalArgumentException("negative counter " + initial);
        }
        return new EventFd(create(initial, flags, names));
    }

    /// Creates the descriptor without an object.
    static int create(int initial, int flags, String names) throws IOException {
        LinuxOnly.require("eventfd", "Selector.wakeup() wakes a waiting thread");
        return SystemCall.check(
                LinuxLibc.eventfd(ErrnoCapture.current(), initial, flags),
                () -> "eventfd(" + initial + ", " + names + ")");
    }

    /// Reads the counter: returns the value and resets it to 0, or returns 1 and decrements a semaphore. Waits while
    /// the counter is 0 if the descriptor is blocking.
    ///
    /// @return the value, unsigned; 0 if the counter is 0 and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call; closing does not end the wait
    /// @throws NativeIOException if the read fails
    public long read() throws IOException {
        return EightByteCounter.read(this);
    }

    /// Adds a value to the counter. Waits until the sum fits if the descriptor is blocking.
    ///
    /// @param value the value, unsigned; 0 adds nothing
    /// @return whether it was added; false if the sum would be above 2^64-2 and the descriptor is non-blocking
    /// @throws IllegalArgumentException if the value is -1, that is 2^64-1, above the maximum of a counter
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call; closing does not end the wait
    /// @throws NativeIOException if the write fails
    public boolean write(long value) throws IOException {
        if (value == -1) {
            throw new IllegalArgumentException("a counter holds at most 2^64-2, not " + Long.toUnsignedString(value));
        }
        return EightByteCounter.write(this, value);
    }

    /// Duplicates the descriptor. The duplicate has the same counter.
    ///
    /// @return a new object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public EventFd dup() throws IOException {
        return new EventFd(duplicate());
    }
}
