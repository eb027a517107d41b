package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Bytes;
import io.selectors4j.internal.posix.IoctlRequest;
import io.selectors4j.internal.posix.UnixIoctl;
import java.nio.ByteBuffer;
import java.util.Objects;

/// Requests of ioctl(2) by number.
final class Ioctl {

    /// The least memory for an argument. Many requests state no size, and the size of some is wrong: that of TUNSETIFF
    /// is 4, and the kernel writes 40 bytes.
    private static final int LEAST_MEMORY = 1 << 16;

    /// No system maps memory below this address for a program.
    private static final int LEAST_ADDRESS = 1 << 16;

    private Ioctl() {}

    /// See [Fd#ioctl(long, int)].
    static int call(int fd, long request, int argument) throws NativeIOException {
        if (argument >= LEAST_ADDRESS) {
            throw new IllegalArgumentException("the argument of an ioctl is a number below " + LEAST_ADDRESS + ", not "
                    + argument + ", which could be an address");
        }
        return check(fd, request, UnixIoctl.ioctl(ErrnoCapture.current(), fd, requireRequest(request), argument));
    }

    /// See [Fd#ioctl(long, byte\[\])].
    static int call(int fd, long request, byte[] inOut) throws NativeIOException {
        int length = Objects.requireNonNull(inOut, "inOut").length;
        int size = IoctlRequest.size(requireRequest(request));
        if (length < size) {
            throw new IllegalArgumentException(
                    name(request) + " has an argument of " + size + " bytes, and the array has " + length);
        }
        Bytes memory = new Bytes(Math.max(length, LEAST_MEMORY));
        memory.put(ByteBuffer.wrap(inOut));
        int result = check(fd, request, UnixIoctl.ioctl(ErrnoCapture.current(), fd, request, memory));
        memory.get(ByteBuffer.wrap(inOut), length);
        return result;
    }

    private static long requireRequest(long request) {
        if (request >>> Integer.SIZE != 0) {
            throw new IllegalArgumentException("the request of an ioctl has 32 bits, unlike " + request);
        }
        return request;
    }

    private static String name(long request) {
        return "the ioctl 0x" + Long.toHexString(request);
    }

    private static int check(int fd, long request, int result) throws NativeIOException {
        if (result < 0) {
            throw new NativeIOException("ioctl(fd=" + fd + ", 0x" + Long.toHexString(request) + ")", -result);
        }
        return result;
    }
}
