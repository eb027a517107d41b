package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.Bytes;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixSockets;
import java.nio.ByteBuffer;
import java.util.Objects;

/// Sets and gets socket options as bytes.
final class SocketOptionBytes {

    /// The greatest length of a value: far more than any option has.
    static final int MAX_LENGTH = 1 << 26;

    /// The size of a `struct sock_filter`.
    private static final int FILTER_INSTRUCTION = 8;

    private SocketOptionBytes() {}

    /// Sets an option to the remaining bytes of a buffer.
    static int set(int fd, int level, int option, ByteBuffer value) throws NativeIOException {
        int length = requireLength(Objects.requireNonNull(value, "value").remaining());
        int result = PosixSockets.setsockopt(ErrnoCapture.current(), fd, level, option, new Bytes(value), length);
        if (result < 0) {
            throw new NativeIOException(
                    "setsockopt(fd=" + fd + ", " + level + ", " + option + ", " + length + " bytes)", -result);
        }
        value.position(value.position() + length);
        return result;
    }

    /// Returns the value of an option, at most some bytes.
    static byte[] get(int fd, int level, int option, int maxLength) throws NativeIOException {
        int room = requireLength(maxLength);
        Bytes value = new Bytes(room + FILTER_INSTRUCTION);
        return value.toArray(get(fd, level, option, value, room));
    }

    /// Reads the value of an option into a buffer, whose bytes are passed to the kernel.
    static int get(int fd, int level, int option, ByteBuffer target) throws NativeIOException {
        Fd.requireWritable(target);
        int room = requireLength(target.remaining());
        Bytes value = new Bytes(room + FILTER_INSTRUCTION);
        value.put(target);
        int length = get(fd, level, option, value, room);
        value.get(target, length);
        return length;
    }

    /// Gets an option and returns its length.
    ///
    /// The kernel cuts a value that is longer than the memory, without a notice. So the first call passes memory for
    /// one byte more. Some options require their exact length; they refuse this call with EINVAL.
    ///
    /// @param value memory for the value and one more unit of it
    /// @param room the number of bytes that the caller takes
    /// @throws IllegalArgumentException if the value is longer
    private static int get(int fd, int level, int option, Bytes value, int room) throws NativeIOException {
        int unit = unit(level, option);
        Ints length = new Ints(room / unit + 1);
        ErrnoCapture state = ErrnoCapture.current();
        int result = PosixSockets.getsockopt(state, fd, level, option, value, length);
        if (result == -Errno.EINVAL) {
            length.set(0, room / unit);
            result = PosixSockets.getsockopt(state, fd, level, option, value, length);
        }
        if (result < 0) {
            throw new NativeIOException("getsockopt(fd=" + fd + ", " + level + ", " + option + ")", -result);
        }
        long size = Integer.toUnsignedLong(length.get(0)) * unit;
        if (size > room) {
            throw new IllegalArgumentException("the socket option " + level + ", " + option + " of fd " + fd
                    + " has more than " + room + " bytes");
        }
        return (int) size;
    }

    /// Returns the unit of an option's length: for SO_GET_FILTER an instruction, else a byte.
    static int unit(int level, int option) {
        boolean filter = Platform.CURRENT.os() == Os.LINUX
                && level == Constants.SOL_SOCKET
                && option == LinuxConstants.SO_GET_FILTER;
        return filter ? FILTER_INSTRUCTION : 1;
    }

    private static int requireLength(int length) {
        if (length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the length of a socket option is 0 to " + MAX_LENGTH + ", not " + length);
        }
        return length;
    }
}
