package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// The submission queue and the completion queue of one io_uring instance, in memory that the process shares with the
/// kernel. The owner serializes the calls.
///
/// Of the four indices, the kernel writes the head of the submission queue and the tail of the completion queue, and
/// this object the other two. Each side stores an index with release semantics after the entries before it, and loads
/// the index of the other side with acquire semantics.
///
/// Whatever the shared memory contains, no access leaves it: the sizes are those that `io_uring_setup` has returned,
/// and every index is masked. After [#close] each access throws an [IllegalStateException].
public final class IoUringRings implements AutoCloseable {

    /// `struct io_uring_sqe`, with one name for each member of its unions.
    public static final StructLayout SQE = MemoryLayout.structLayout(
            JAVA_BYTE.withName("opcode"),
            JAVA_BYTE.withName("flags"),
            JAVA_SHORT.withName("ioprio"),
            JAVA_INT.withName("fd"),
            JAVA_LONG.withName("off"),
            JAVA_LONG.withName("addr"),
            JAVA_INT.withName("len"),
            JAVA_INT.withName("rw_flags"),
            JAVA_LONG.withName("user_data"),
            JAVA_SHORT.withName("buf_index"),
            JAVA_SHORT.withName("personality"),
            JAVA_INT.withName("splice_fd_in"),
            JAVA_LONG.withName("addr3"),
            MemoryLayout.paddingLayout(8));

    /// `struct io_uring_cqe`.
    public static final StructLayout CQE = MemoryLayout.structLayout(
            JAVA_LONG.withName("user_data"), JAVA_INT.withName("res"), JAVA_INT.withName("flags"));

    private static final long SQE_FLAGS = Layouts.offset(SQE, "flags");
    private static final long SQE_IOPRIO = Layouts.offset(SQE, "ioprio");
    private static final long SQE_FD = Layouts.offset(SQE, "fd");
    private static final long SQE_OFF = Layouts.offset(SQE, "off");
    private static final long SQE_ADDR = Layouts.offset(SQE, "addr");
    private static final long SQE_LEN = Layouts.offset(SQE, "len");
    private static final long SQE_OP_FLAGS = Layouts.offset(SQE, "rw_flags");
    private static final long SQE_USER_DATA = Layouts.offset(SQE, "user_data");
    private static final long SQE_BUF_INDEX = Layouts.offset(SQE, "buf_index");
    private static final long SQE_SPLICE_FD = Layouts.offset(SQE, "splice_fd_in");
    private static final long CQE_RES = Layouts.offset(CQE, "res");
    private static final long CQE_FLAGS = Layouts.offset(CQE, "flags");

    private static final VarHandle INT = JAVA_INT.varHandle();

    private final Arena arena;
    private final MemorySegment ring;
    private final MemorySegment sqes;

    private final long sqHead;
    private final long sqTail;
    private final long sqFlags;
    private final int sqEntries;

    private final long cqHead;
    private final long cqTail;
    private final long cqes;
    private final int cqEntries;

    /// The tail of the submission queue with the entries that are not yet published.
    private int tail;

    /// The head of the completion queue.
    private int head;

    /// Creates the queues in memory of an arena, which [#close] closes.
    IoUringRings(IoUringParams params, Arena arena, MemorySegment ring, MemorySegment sqes) {
        sqEntries = params.get("sq_entries");
        cqEntries = params.get("cq_entries");
        this.arena = arena;
        this.ring = ring;
        this.sqes = sqes;
        sqHead = params.sqOffset("head");
        sqTail = params.sqOffset("tail");
        sqFlags = params.sqOffset("flags");
        cqHead = params.cqOffset("head");
        cqTail = params.cqOffset("tail");
        cqes = params.cqOffset("cqes");
        long array = params.sqOffset("array");
        for (int i = 0; i < sqEntries; i++) {
            ring.setAtIndex(JAVA_INT, array / Integer.BYTES + i, i);
        }
        tail = ring.get(JAVA_INT, sqTail);
        head = ring.get(JAVA_INT, cqHead);
    }

    @SuppressWarnings("restricted") // the purpose of this class; an ErrnoCapture has checked native access
    private static MemorySegment mapped(Arena arena, long address, long size) {
        return MemorySegment.ofAddress(address)
                .reinterpret(size, arena, memory -> LinuxMappings.munmap(ErrnoCapture.current(), address, size));
    }

    /// Maps the memory of an instance. Needs IORING_FEAT_SINGLE_MMAP.
    ///
    /// @param fd the descriptor of the instance
    /// @param params the result of `io_uring_setup`
    /// @param errno receives `-errno` of `mmap` if it fails
    /// @return the queues; null after a failure
    public static @Nullable IoUringRings map(ErrnoCapture state, int fd, IoUringParams params, int[] errno) {
        long ring = mmap(state, fd, ringSize(params), IoUringConstants.IORING_OFF_SQ_RING);
        long sqes = ring < 0 ? ring : mmap(state, fd, sqesSize(params), IoUringConstants.IORING_OFF_SQES);
        if (sqes >= 0) {
            Arena arena = Arena.ofShared();
            return new IoUringRings(
                    params, arena, mapped(arena, ring, ringSize(params)), mapped(arena, sqes, sqesSize(params)));
        }
        if (ring >= 0) {
            LinuxMappings.munmap(state, ring, ringSize(params));
        }
        errno[0] = (int) sqes;
        return null;
    }

    private static long mmap(ErrnoCapture state, int fd, long size, long offset) {
        return LinuxMappings.mmap(
                state,
                size,
                LinuxMappings.PROT_READ | LinuxMappings.PROT_WRITE,
                LinuxMappings.MAP_SHARED | LinuxMappings.MAP_POPULATE,
                fd,
                offset);
    }

    private static long ringSize(IoUringParams params) {
        return Math.max(
                params.sqOffset("array") + (long) params.get("sq_entries") * Integer.BYTES,
                params.cqOffset("cqes") + params.get("cq_entries") * CQE.byteSize());
    }

    private static long sqesSize(IoUringParams params) {
        return params.get("sq_entries") * SQE.byteSize();
    }

    /// Returns the number of entries of the submission queue, a power of two.
    public int sqEntries() {
        return sqEntries;
    }

    /// Returns the number of entries of the completion queue, a power of two.
    public int cqEntries() {
        return cqEntries;
    }

    /// Returns the number of submission entries that the kernel has not consumed, published or not.
    public int pending() {
        return tail - (int) INT.getAcquire(ring, sqHead);
    }

    /// Returns the tail of the submission queue.
    public int tail() {
        return tail;
    }

    /// Returns whether the kernel has consumed all submission entries before a tail.
    public boolean isConsumed(int beforeTail) {
        return (int) INT.getAcquire(ring, sqHead) - beforeTail >= 0;
    }

    /// Fills the next free submission entry; the caller has checked that there is one. The kernel sees it after
    /// [#publish].
    ///
    /// @param opcode one of IORING_OP_*
    /// @param flags IOSQE_* flags
    /// @param ioprio the flags of the operation that are in the field `ioprio`
    /// @param opFlags the flags of the operation that are in the union with `rw_flags`
    /// @param bufIndex the index of a registered buffer, or the group of provided buffers
    /// @param userData returned with each completion
    public void add(
            int opcode,
            int flags,
            int ioprio,
            int fd,
            long off,
            long addr,
            int len,
            int opFlags,
            int bufIndex,
            int spliceFd,
            long userData) {
        long sqe = (tail & (sqEntries - 1)) * SQE.byteSize();
        for (long offset = sqe; offset < sqe + SQE.byteSize(); offset += Long.BYTES) {
            sqes.set(JAVA_LONG, offset, 0);
        }
        sqes.set(JAVA_BYTE, sqe, (byte) opcode);
        sqes.set(JAVA_BYTE, sqe + SQE_FLAGS, (byte) flags);
        sqes.set(JAVA_SHORT, sqe + SQE_IOPRIO, (short) ioprio);
        sqes.set(JAVA_INT, sqe + SQE_FD, fd);
        sqes.set(JAVA_LONG, sqe + SQE_OFF, off);
        sqes.set(JAVA_LONG, sqe + SQE_ADDR, addr);
        sqes.set(JAVA_INT, sqe + SQE_LEN, len);
        sqes.set(JAVA_INT, sqe + SQE_OP_FLAGS, opFlags);
        sqes.set(JAVA_LONG, sqe + SQE_USER_DATA, userData);
        sqes.set(JAVA_SHORT, sqe + SQE_BUF_INDEX, (short) bufIndex);
        sqes.set(JAVA_INT, sqe + SQE_SPLICE_FD, spliceFd);
        tail++;
    }

    /// Replaces the descriptor of a submission entry that is not published.
    ///
    /// @param age 1 for the last entry, 2 for the one before
    public void setFd(int age, int fd) {
        sqes.set(JAVA_INT, ((tail - age) & (sqEntries - 1)) * SQE.byteSize() + SQE_FD, fd);
    }

    /// Removes the last entries that are not published.
    public void discard(int count) {
        tail -= count;
    }

    /// Publishes the entries that [#add] has filled.
    ///
    /// @return the number of entries that the kernel has not consumed
    public int publish() {
        INT.setRelease(ring, sqTail, tail);
        return pending();
    }

    /// Returns the number of completions in the queue.
    public int available() {
        return Math.clamp((int) INT.getAcquire(ring, cqTail) - head, 0, cqEntries);
    }

    /// Returns whether the kernel keeps completions for which the queue had no room. It moves them to the queue when a
    /// thread asks for completions.
    public boolean hasOverflow() {
        return ((int) INT.getAcquire(ring, sqFlags) & IoUringConstants.IORING_SQ_CQ_OVERFLOW) != 0;
    }

    /// Returns the user data of a completion, below [#available].
    public long userData(int index) {
        return ring.get(JAVA_LONG, cqe(index));
    }

    /// Returns the result of a completion, which may be `-errno`.
    public int result(int index) {
        return ring.get(JAVA_INT, cqe(index) + CQE_RES);
    }

    /// Returns the IORING_CQE_F_* flags of a completion.
    public int flags(int index) {
        return ring.get(JAVA_INT, cqe(index) + CQE_FLAGS);
    }

    private long cqe(int index) {
        return cqes + ((head + index) & (cqEntries - 1)) * CQE.byteSize();
    }

    /// Removes the oldest completions from the queue.
    public void advance(int count) {
        head += count;
        INT.setRelease(ring, cqHead, head);
    }

    /// Unmaps the memory.
    @Override
    public void close() {
        arena.close();
    }
}
