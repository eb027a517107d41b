package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// A time span in seconds and nanoseconds.
///
/// ```c
/// struct timespec {
///     time_t tv_sec;   // 64 bits on every LP64 system
///     long   tv_nsec;
/// };
/// ```
public final class Timespec implements Memory {

    /// The struct, the same on every LP64 architecture.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("tv_sec"), ValueLayout.JAVA_LONG.withName("tv_nsec"));

    private static final long TV_SEC = Layouts.offset(LAYOUT, "tv_sec");
    private static final long TV_NSEC = Layouts.offset(LAYOUT, "tv_nsec");
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT);

    /// Sets the time in nanoseconds, not negative. Returns this.
    public Timespec set(long nanos) {
        segment.set(ValueLayout.JAVA_LONG, TV_SEC, nanos / NANOS_PER_SECOND);
        segment.set(ValueLayout.JAVA_LONG, TV_NSEC, nanos % NANOS_PER_SECOND);
        return this;
    }

    /// Returns `tv_sec`.
    public long seconds() {
        return segment.get(ValueLayout.JAVA_LONG, TV_SEC);
    }

    /// Returns `tv_nsec`.
    public long nanos() {
        return segment.get(ValueLayout.JAVA_LONG, TV_NSEC);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
