package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/// The queues of an io_uring, and the kernel's side of them in Java: it makes no system call, so that tools for races
/// can see every step. Each queue has two entries.
///
/// All fields of an entry have the same small number, so a reader sees whether it has read the entry of one writer.
final class JavaRings {

    /// The result of a read without an entry.
    static final int NONE = 0;

    /// The result of a read of an entry whose fields differ.
    static final int TORN = -1;

    /// The number of entries of each queue.
    static final int ENTRIES = 2;

    /// The size of a provided buffer.
    static final int BUFFER_SIZE = 2;

    // A layout of our own: the library uses the offsets that the kernel returns.
    private static final int SQ_HEAD = 0;
    private static final int SQ_TAIL = 16;
    private static final int CQ_HEAD = 32;
    private static final int CQ_TAIL = 48;
    private static final int ARRAY = 64;
    private static final int CQES = 80;

    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle SHORT = JAVA_SHORT.varHandle();
    private static final IoUringParams PARAMS = params();

    final IoUringRings rings;
    final IoUringBufferRing buffers;

    private final MemorySegment ring = memory(CQES + ENTRIES * 16);
    private final MemorySegment sqes = memory(ENTRIES * 64);
    private final MemorySegment bufs = memory(ENTRIES * 16);
    private final ByteBuffer bytes = ByteBuffer.allocate(ENTRIES * BUFFER_SIZE);

    // The indices that the kernel writes.
    private int sqHead;
    private int cqTail;
    private short bufHead;

    JavaRings() {
        rings = new IoUringRings(PARAMS, Arena.global(), ring, sqes);
        buffers = new IoUringBufferRing(ENTRIES, BUFFER_SIZE, bufs, bytes);
    }

    private static MemorySegment memory(int size) {
        return MemorySegment.ofArray(new long[size / Long.BYTES]);
    }

    private static IoUringParams params() {
        IoUringParams params = new IoUringParams(ENTRIES, 0);
        MemorySegment struct = params.segment();
        struct.set(JAVA_INT, 0, ENTRIES); // sq_entries
        struct.set(JAVA_INT, 40, SQ_HEAD);
        struct.set(JAVA_INT, 44, SQ_TAIL);
        struct.set(JAVA_INT, 64, ARRAY);
        struct.set(JAVA_INT, 80, CQ_HEAD);
        struct.set(JAVA_INT, 84, CQ_TAIL);
        struct.set(JAVA_INT, 100, CQES);
        return params;
    }

    /// Prepares a submission entry.
    void add(int number) {
        rings.add(number, number, number, number, number, number, number, number, number, number, number);
    }

    /// Takes a submission entry, as the kernel does.
    ///
    /// @return its number, [#NONE] or [#TORN]
    int takeSubmission() {
        if ((int) INT.getAcquire(ring, (long) SQ_TAIL) == sqHead) {
            return NONE;
        }
        long slot = ring.getAtIndex(JAVA_INT, ARRAY / Integer.BYTES + sqHead % ENTRIES);
        MemorySegment sqe = sqes.asSlice(slot * 64, 64);
        int number = sqe.get(JAVA_INT, 4);
        boolean whole = sqe.get(JAVA_BYTE, 0) == number
                && sqe.get(JAVA_BYTE, 1) == number
                && sqe.get(JAVA_SHORT, 2) == number
                && sqe.get(JAVA_LONG, 8) == number
                && sqe.get(JAVA_LONG, 16) == number
                && sqe.get(JAVA_INT, 24) == number
                && sqe.get(JAVA_INT, 28) == number
                && sqe.get(JAVA_LONG, 32) == number
                && sqe.get(JAVA_SHORT, 40) == number
                && sqe.get(JAVA_INT, 44) == number;
        INT.setRelease(ring, (long) SQ_HEAD, ++sqHead);
        return whole ? number : TORN;
    }

    /// Adds a completion, as the kernel does.
    ///
    /// @return false if there is no room
    boolean complete(int number) {
        if (cqTail - (int) INT.getAcquire(ring, (long) CQ_HEAD) == ENTRIES) {
            return false;
        }
        MemorySegment cqe = ring.asSlice(CQES + cqTail % ENTRIES * 16, 16);
        cqe.set(JAVA_LONG, 0, number);
        cqe.set(JAVA_INT, 8, number);
        cqe.set(JAVA_INT, 12, number);
        INT.setRelease(ring, (long) CQ_TAIL, ++cqTail);
        return true;
    }

    /// Takes a completion, as the library does.
    ///
    /// @return its number, [#NONE] or [#TORN]
    int takeCompletion() {
        if (rings.available() == 0) {
            return NONE;
        }
        int number = rings.result(0);
        boolean whole = rings.userData(0) == number && rings.flags(0) == number;
        rings.advance(1);
        return whole ? number : TORN;
    }

    /// Takes a provided buffer, as the kernel does, and writes a number into each of its bytes.
    ///
    /// @return the id of the buffer plus 1, [#NONE] or [#TORN]
    int takeBuffer(int number) {
        if ((short) SHORT.getAcquire(bufs, 14L) == bufHead) {
            return NONE;
        }
        MemorySegment buf = bufs.asSlice(16L * (bufHead++ % ENTRIES), 16);
        int id = buf.get(JAVA_SHORT, 12);
        int offset = id * BUFFER_SIZE;
        if (buf.get(JAVA_INT, 8) != BUFFER_SIZE || buf.get(JAVA_LONG, 0) != bufferAddress(id)) {
            return TORN;
        }
        for (int i = 0; i < BUFFER_SIZE; i++) {
            bytes.put(offset + i, (byte) number);
        }
        return id + 1;
    }

    private long bufferAddress(int id) {
        return MemorySegment.ofBuffer(buffers.slice(id)).address();
    }

    /// Reads a provided buffer, as the library does.
    ///
    /// @return the number in each of its bytes, or [#TORN]
    int readBuffer(int id) {
        ByteBuffer target = ByteBuffer.allocate(BUFFER_SIZE);
        buffers.copy(id, 0, target, BUFFER_SIZE);
        return target.get(0) == target.get(1) ? target.get(0) : TORN;
    }
}
