package io.selectors4j.fd;

import io.selectors4j.internal.posix.ByteIo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads and writes the number of an eventfd or timerfd: eight bytes in native byte order.
final class EightByteCounter {

    private EightByteCounter() {}

    /// Reads the number, which is above 0. Waits for it if the descriptor is blocking.
    ///
    /// @return the number, unsigned; 0 if there is none and the descriptor is non-blocking
    static long read(Fd fd) throws IOException {
        ByteBuffer number = bytes();
        return fd.toWriteResult("read", read(fd, number)) == 0 ? 0 : number.getLong(0);
    }

    /// Reads the number into a buffer. Returns 8 or `-errno`: EINVAL if the buffer has less room.
    static long read(Fd fd, ByteBuffer target) throws IOException {
        long count;
        do {
            // timerfd_create(2): read returns 0 if the clock was set back after the expiration. The timer is still
            // armed.
            count = fd.retryOnEintr(raw -> fd.byteIo().read(ByteIo.ReadCall.READ, raw, target, 0, false));
        } while (count == 0 && fd.isOpen());
        return count;
    }

    /// Writes a number. Waits until it fits if the descriptor is blocking.
    ///
    /// @return whether it was written; false only if the descriptor is non-blocking
    static boolean write(Fd fd, long value) throws IOException {
        ByteBuffer number = bytes().putLong(0, value);
        long count = fd.retryOnEintr(raw -> fd.byteIo().write(ByteIo.WriteCall.WRITE, raw, number, 0, false));
        return fd.toWriteResult("write", count) > 0;
    }

    private static ByteBuffer bytes() {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    }
}
