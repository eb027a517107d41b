package io.selectors4j.stress.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The queues of one instance of a [SimulatedIoUring], in memory that ends at an inaccessible page. All offsets are
/// written out here, independently of the library.
public final class SimulatedRing {

    private static final long SQ_HEAD = 0;
    private static final long SQ_TAIL = 64;
    private static final long SQ_FLAGS = 128;
    private static final long CQ_HEAD = 192;
    private static final long CQ_TAIL = 256;
    private static final long ARRAY = 320;
    private static final int IORING_SQ_CQ_OVERFLOW = 2;

    private static final VarHandle INT = JAVA_INT.varHandle();

    private final int sqEntries;
    private final int cqEntries;
    private final long cqes;
    private final MemorySegment queues;
    private final MemorySegment sqes;

    /// Completions that found no room.
    private final Deque<Completion> overflow = new ArrayDeque<>();

    private int sqHead;
    private int cqTail;

    /// A submission entry.
    record Submission(
            int opcode, int flags, int ioprio, int fd, long addr, int len, int opFlags, long data, int group) {}

    /// A completion.
    record Completion(long data, int result, int flags) {}

    /// Creates an instance, and writes its sizes and offsets to a `struct io_uring_params`.
    SimulatedRing(int sqEntries, int cqEntries, MemorySegment params) {
        this.sqEntries = sqEntries;
        this.cqEntries = cqEntries;
        cqes = ARRAY + 4L * Math.max(4, sqEntries);
        queues = NativeMemory.allocate(cqes + 16L * cqEntries, 64);
        sqes = NativeMemory.allocate(64L * sqEntries, 64);
        params.set(JAVA_INT, 0, sqEntries);
        params.set(JAVA_INT, 4, cqEntries);
        params.set(JAVA_INT, 40, (int) SQ_HEAD);
        params.set(JAVA_INT, 44, (int) SQ_TAIL);
        params.set(JAVA_INT, 56, (int) SQ_FLAGS);
        params.set(JAVA_INT, 64, (int) ARRAY);
        params.set(JAVA_INT, 80, (int) CQ_HEAD);
        params.set(JAVA_INT, 84, (int) CQ_TAIL);
        params.set(JAVA_INT, 100, (int) cqes);
    }

    MemorySegment queues() {
        return queues;
    }

    MemorySegment submissionEntries() {
        return sqes;
    }

    /// Takes the next submission entry, or returns null.
    @Nullable
    Submission take() {
        if ((int) INT.getAcquire(queues, SQ_TAIL) == sqHead) {
            return null;
        }
        int slot = queues.get(JAVA_INT, ARRAY + 4L * (sqHead & (sqEntries - 1)));
        MemorySegment sqe = sqes.asSlice(64L * slot, 64);
        Submission taken = new Submission(
                sqe.get(JAVA_BYTE, 0),
                sqe.get(JAVA_BYTE, 1),
                sqe.get(JAVA_SHORT, 2),
                sqe.get(JAVA_INT, 4),
                sqe.get(JAVA_LONG, 16),
                sqe.get(JAVA_INT, 24),
                sqe.get(JAVA_INT, 28),
                sqe.get(JAVA_LONG, 32),
                Short.toUnsignedInt(sqe.get(JAVA_SHORT, 40)));
        INT.setRelease(queues, SQ_HEAD, ++sqHead);
        return taken;
    }

    /// Returns the number of completions in the queue.
    int available() {
        return cqTail - (int) INT.getAcquire(queues, CQ_HEAD);
    }

    /// Returns whether a completion would find room.
    boolean hasRoom() {
        return overflow.isEmpty() && available() < cqEntries;
    }

    /// Adds a completion. It waits here if there is no room.
    void complete(Completion completion) {
        if (hasRoom()) {
            write(completion);
        } else {
            overflow.add(completion);
            queues.set(JAVA_INT, SQ_FLAGS, IORING_SQ_CQ_OVERFLOW);
        }
    }

    /// Moves completions to the queue that had no room.
    void flush() {
        while (!overflow.isEmpty() && available() < cqEntries) {
            write(overflow.remove());
        }
        if (overflow.isEmpty()) {
            queues.set(JAVA_INT, SQ_FLAGS, 0);
        }
    }

    private void write(Completion completion) {
        MemorySegment cqe = queues.asSlice(cqes + 16L * (cqTail & (cqEntries - 1)), 16);
        cqe.set(JAVA_LONG, 0, completion.data());
        cqe.set(JAVA_INT, 8, completion.result());
        cqe.set(JAVA_INT, 12, completion.flags());
        INT.setRelease(queues, CQ_TAIL, ++cqTail);
    }

    /// Adds any completion, if there is room.
    public void post(long data, int result, int flags) {
        if (hasRoom()) {
            write(new Completion(data, result, flags));
        }
    }

    /// Writes any number to the head of the submission queue.
    public void writeSubmissionHead(int number) {
        queues.set(JAVA_INT, SQ_HEAD, number);
    }

    /// Writes any number to the flags of the submission queue.
    public void writeSubmissionFlags(int number) {
        queues.set(JAVA_INT, SQ_FLAGS, number);
    }

    /// Writes any number to the tail of the completion queue.
    public void writeCompletionTail(int number) {
        queues.set(JAVA_INT, CQ_TAIL, number);
    }

    /// Writes any number somewhere into the completion queue.
    public void writeCompletion(int index, long number) {
        queues.set(JAVA_LONG, cqes + 8L * Math.floorMod(index, 2 * cqEntries), number);
    }

    /// Makes the indices right again. The completion queue is empty then.
    void repair() {
        overflow.clear();
        cqTail = (int) INT.getAcquire(queues, CQ_HEAD);
        queues.set(JAVA_INT, CQ_TAIL, cqTail);
        queues.set(JAVA_INT, SQ_HEAD, sqHead);
        queues.set(JAVA_INT, SQ_FLAGS, 0);
    }

    /// Returns the nanoseconds of a `struct timespec`.
    static long nanos(MemorySegment timespec) {
        return timespec.get(JAVA_LONG, 0) * 1_000_000_000 + timespec.get(JAVA_LONG, 8);
    }

    /// Returns memory at an address.
    @SuppressWarnings("restricted")
    static MemorySegment memory(long address, long size) {
        return MemorySegment.ofAddress(address).reinterpret(size);
    }

    /// Returns whether a descriptor is ready.
    static boolean isReady(int fd, int events) {
        try {
            return SingleFdPoll.await(fd, events, 0) != 0;
        } catch (NativeIOException e) {
            throw new AssertionError(e);
        }
    }
}
