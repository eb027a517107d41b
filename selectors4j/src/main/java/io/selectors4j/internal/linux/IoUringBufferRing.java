package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/// A ring of buffers of one size, from which the kernel takes one when it has bytes. The kernel reads the ring, and
/// only this object writes it. The owner serializes the calls.
public final class IoUringBufferRing {

    /// `struct io_uring_buf`. The tail of the ring is in the field `resv` of the first one.
    public static final StructLayout BUF = MemoryLayout.structLayout(
            JAVA_LONG.withName("addr"),
            JAVA_INT.withName("len"),
            JAVA_SHORT.withName("bid"),
            JAVA_SHORT.withName("resv"));

    /// `struct io_uring_buf_reg`: the argument of the registration.
    public static final StructLayout BUF_REG = MemoryLayout.structLayout(
            JAVA_LONG.withName("ring_addr"),
            JAVA_INT.withName("ring_entries"),
            JAVA_SHORT.withName("bgid"),
            MemoryLayout.paddingLayout(26));

    private static final long PAGE = 65_536; // the largest page of a supported architecture
    private static final long LEN = Layouts.offset(BUF, "len");
    private static final long BID = Layouts.offset(BUF, "bid");
    private static final long TAIL = Layouts.offset(BUF, "resv");
    private static final VarHandle SHORT = JAVA_SHORT.varHandle();

    private final int count;
    private final int size;
    private final MemorySegment ring;
    private final ByteBuffer bytes;
    private final long address;
    private short tail;

    /// Allocates the ring and the buffers. The ring is empty.
    ///
    /// @param count the number of buffers, a power of two up to 32768
    /// @param size the size of a buffer in bytes; all of them together have at most 2 GiB
    public IoUringBufferRing(int count, int size) {
        this(count, size, NativeMemory.allocate(count * BUF.byteSize(), PAGE), NativeMemory.buffer(count * size));
    }

    /// Creates the ring in given memory.
    IoUringBufferRing(int count, int size, MemorySegment ring, ByteBuffer bytes) {
        this.count = count;
        this.size = size;
        this.ring = ring;
        this.bytes = bytes;
        address = MemorySegment.ofBuffer(bytes).address();
    }

    /// Returns the argument of the registration.
    ///
    /// @param group the number of the group
    public Memory registration(int group) {
        MemorySegment argument = NativeMemory.allocate(BUF_REG);
        argument.set(JAVA_LONG, 0, ring.address());
        argument.set(JAVA_INT, Layouts.offset(BUF_REG, "ring_entries"), count);
        argument.set(JAVA_SHORT, Layouts.offset(BUF_REG, "bgid"), (short) group);
        return () -> argument;
    }

    /// Returns the memory of a buffer.
    public ByteBuffer slice(int id) {
        return bytes.slice(id * size, size);
    }

    /// Copies bytes of a buffer to the position of another one, which advances. Their number is at most that of the
    /// other one's remaining bytes.
    public void copy(int id, int offset, ByteBuffer target, int count) {
        int position = target.position();
        target.put(position, bytes, id * size + offset, count);
        target.position(position + count);
    }

    /// Returns the number of buffers.
    public int count() {
        return count;
    }

    /// Returns the size of a buffer in bytes.
    public int size() {
        return size;
    }

    /// Gives a buffer to the kernel.
    public void add(int id) {
        long buf = (tail & (count - 1)) * BUF.byteSize();
        ring.set(JAVA_LONG, buf, address + (long) id * size);
        ring.set(JAVA_INT, buf + LEN, size);
        ring.set(JAVA_SHORT, buf + BID, (short) id);
        tail++;
        SHORT.setRelease(ring, TAIL, tail);
    }
}
