package io.selectors4j.fd;

import io.selectors4j.internal.posix.ByteIo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Moves the number that an eventfd or a timerfd holds: eight bytes in the byte order of the host.
final class EightByteCounter {

    private EightByteCounter() {}

    /// Reads the number, which is not 0. Waits for it if the descriptor is blocking.
    ///
    /// @return the number, unsigned; 0 if there is none now and the descriptor is non-blocking
    static long read(Fd fd) throws IOException {
        ByteBuffer number = bytes();
        return fd.toWriteResult("read", read(fd, number)) == 0 ? 0 : number.getLong(0);
    }

    /// One read into a buffer with room for the number, or what the kernel says of one without.
    ///
    /// @return 8 or `-errno`
    static long read(Fd fd, ByteBuffer target) throws IOException {
        long count;
        do {
            // A timer whose clock was set back after it had expired reads as no bytes, and goes on.
            count = fd.retryOnEintr(raw -> fd.byteIo().read(ByteIo.ReadCall.READ, raw, target, 0, false));
        } while (count == 0 && fd.isOpen());
        return count;
    }

    /// Writes a number. Waits for room if the descriptor is blocking.
    ///
    /// @return whether there was room; false only if the descriptor is non-blocking
    static boolean write(Fd fd, long value) throws IOException {
        ByteBuffer number = bytes().putLong(0, value);
        long count = fd.retryOnEintr(raw -> fd.byteIo().write(ByteIo.WriteCall.WRITE, raw, number, 0, false));
        return fd.toWriteResult("write", count) > 0;
    }

    private static ByteBuffer bytes() {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    }
}
