package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import java.nio.ByteBuffer;

/// Memory that the kernel may use after the call that was given its address: as long as its owner is reachable.
///
/// @param address the address of the first byte
/// @param count the number of bytes or elements
public record StableMemory(long address, int count) {

    /// Returns the remaining bytes of a buffer. The caller keeps the buffer reachable while the kernel may use them.
    /// Another thread may change the position and the limit concurrently, so they are read once.
    ///
    /// @throws IllegalArgumentException if the buffer is a heap buffer, which the garbage collector moves; or if it was
    ///     made from a memory segment, whose arena can be closed at any time
    public static StableMemory of(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("a heap buffer, which the kernel cannot use after the call: " + buffer
                    + "; use ByteBuffer.allocateDirect");
        }
        DirectMemory memory = new DirectMemory(buffer);
        if (memory.isCloseable()) {
            throw new IllegalArgumentException("a buffer of a memory segment, whose arena may be closed while the"
                    + " kernel uses it: " + buffer + "; use ByteBuffer.allocateDirect");
        }
        int position = buffer.position();
        int count = Math.max(0, buffer.limit() - position);
        return new StableMemory(memory.address(position, count), count);
    }

    /// Returns a struct, or an array of structs. The caller keeps it reachable while the kernel may use it.
    ///
    /// @param count the number of elements, or what else the kernel gets beside the address
    public static StableMemory of(Memory memory, int count) {
        return new StableMemory(memory.segment().address(), count);
    }
}
