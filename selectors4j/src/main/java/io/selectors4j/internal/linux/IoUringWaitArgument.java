package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.posix.Timespec;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct io_uring_getevents_arg` (linux/io_uring.h) with a timeout: the last argument of `io_uring_enter`. For one
/// call at a time.
public final class IoUringWaitArgument implements Memory {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            JAVA_LONG.withName("sigmask"),
            JAVA_INT.withName("sigmask_sz"),
            MemoryLayout.paddingLayout(4),
            JAVA_LONG.withName("ts"));

    static final long SIZE = LAYOUT.byteSize();

    private static final long TS = Layouts.offset(LAYOUT, "ts");

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT);

    /// The struct points to it, so it has to be reachable as long.
    private final Timespec timeout = new Timespec();

    /// Sets the timeout in nanoseconds, not negative. Returns this.
    public IoUringWaitArgument set(long nanos) {
        segment.set(JAVA_LONG, TS, timeout.set(nanos).segment().address());
        return this;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
