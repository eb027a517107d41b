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

/// A counter that can be waited for: readable while it is above 0, writable while 1 can be added. It wakes a selector from
/// another thread, from native code, or from another process that has the descriptor.
///
/// The counter is an unsigned number of 64 bits and holds at most 2^64-2. Format numbers above [Long#MAX_VALUE] with
/// [Long#toUnsignedString(long)].
///
/// [#read(ByteBuffer)] and [#write(ByteBuffer)] move the same number as eight bytes in the byte order of the host; other
/// lengths fail with EINVAL.
///
/// Source: eventfd(2).
public final class EventFd extends Fd {

    private EventFd(int fd) {
        super(fd, true);
    }

    /// Creates a counter whose whole value is taken by one read.
    ///
    /// @param initial what it begins with, an unsigned int in C
    /// @return a new descriptor, blocking
    /// @throws IllegalArgumentException if the value is negative
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files
    public static EventFd open(int initial) throws IOException {
        return open(initial, LinuxConstants.EFD_CLOEXEC, "EFD_CLOEXEC");
    }

    /// Creates a semaphore: a counter of which each read takes 1.
    ///
    /// @param initial what it begins with, an unsigned int in C
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

    /// The descriptor alone.
    static int create(int initial, int flags, String names) throws IOException {
        LinuxOnly.require("eventfd");
        return SystemCall.check(
                LinuxLibc.eventfd(ErrnoCapture.current(), initial, flags),
                () -> "eventfd(" + initial + ", " + names + ")");
    }

    /// Takes the counter: returns it and sets it to 0; a semaphore returns 1 and is decremented. Waits while the counter is
    /// 0 if the descriptor is blocking.
    ///
    /// @return the value, unsigned; 0 if the counter is 0 and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed while this call waited, which goes on until something else ends it
    /// @throws NativeIOException if the read fails
    public long read() throws IOException {
        return EightByteCounter.read(this);
    }

    /// Adds to the counter. Waits until the sum fits if the descriptor is blocking.
    ///
    /// @param value what to add, unsigned; 0 adds nothing
    /// @return whether it was added; false if the sum would be above 2^64-2 now and the descriptor is non-blocking
    /// @throws IllegalArgumentException if the value is -1, that is 2^64-1, which no counter can hold
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed while this call waited, which goes on until something else ends it
    /// @throws NativeIOException if the write fails
    public boolean write(long value) throws IOException {
        if (value == -1) {
            throw new IllegalArgumentException("a counter holds at most 2^64-2, not " + Long.toUnsignedString(value));
        }
        return EightByteCounter.write(this, value);
    }

    /// Duplicates the descriptor: both have the same counter.
    ///
    /// @return an object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public EventFd dup() throws IOException {
        return new EventFd(duplicate());
    }
}
