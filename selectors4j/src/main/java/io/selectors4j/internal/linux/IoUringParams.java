package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct io_uring_params` (linux/io_uring.h), the same on every architecture: the arguments of `io_uring_setup`, and
/// its results.
public final class IoUringParams implements Memory {

    /// `struct io_sqring_offsets`: where the fields of the submission queue are in the mapped memory.
    public static final StructLayout SQ_OFFSETS = MemoryLayout.structLayout(
            JAVA_INT.withName("head"),
            JAVA_INT.withName("tail"),
            JAVA_INT.withName("ring_mask"),
            JAVA_INT.withName("ring_entries"),
            JAVA_INT.withName("flags"),
            JAVA_INT.withName("dropped"),
            JAVA_INT.withName("array"),
            JAVA_INT.withName("resv1"),
            MemoryLayout.paddingLayout(8));

    /// `struct io_cqring_offsets`: where the fields of the completion queue are in the mapped memory.
    public static final StructLayout CQ_OFFSETS = MemoryLayout.structLayout(
            JAVA_INT.withName("head"),
            JAVA_INT.withName("tail"),
            JAVA_INT.withName("ring_mask"),
            JAVA_INT.withName("ring_entries"),
            JAVA_INT.withName("overflow"),
            JAVA_INT.withName("cqes"),
            JAVA_INT.withName("flags"),
            JAVA_INT.withName("resv1"),
            MemoryLayout.paddingLayout(8));

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            JAVA_INT.withName("sq_entries"),
            JAVA_INT.withName("cq_entries"),
            JAVA_INT.withName("flags"),
            JAVA_INT.withName("sq_thread_cpu"),
            JAVA_INT.withName("sq_thread_idle"),
            JAVA_INT.withName("features"),
            JAVA_INT.withName("wq_fd"),
            MemoryLayout.paddingLayout(12),
            SQ_OFFSETS.withName("sq_off"),
            CQ_OFFSETS.withName("cq_off"));

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT);

    /// Creates the arguments.
    ///
    /// @param cqEntries the size of the completion queue, which counts only with IORING_SETUP_CQSIZE
    /// @param flags IORING_SETUP_* flags
    public IoUringParams(int cqEntries, int flags) {
        segment.set(JAVA_INT, Layouts.offset(LAYOUT, "cq_entries"), cqEntries);
        segment.set(JAVA_INT, Layouts.offset(LAYOUT, "flags"), flags);
    }

    /// Returns a field.
    public int get(String field) {
        return segment.get(JAVA_INT, Layouts.offset(LAYOUT, field));
    }

    /// Returns the offset of a field of the submission queue.
    int sqOffset(String field) {
        return segment.get(JAVA_INT, Layouts.offset(LAYOUT, "sq_off") + Layouts.offset(SQ_OFFSETS, field));
    }

    /// Returns the offset of a field of the completion queue.
    int cqOffset(String field) {
        return segment.get(JAVA_INT, Layouts.offset(LAYOUT, "cq_off") + Layouts.offset(CQ_OFFSETS, field));
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
