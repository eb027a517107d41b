package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.posix.Timespec;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/// The setting of a timer: the time of its first expiration, and the interval of the following ones.
///
/// ```c
/// struct itimerspec {
///     struct timespec it_interval;  // 0
///     struct timespec it_value;     // 16
/// };                                // 32 bytes
/// ```
public final class Itimerspec implements Memory {

    /// The struct, the same on every LP64 architecture.
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(Timespec.LAYOUT.withName("it_interval"), Timespec.LAYOUT.withName("it_value"));

    private static final long IT_INTERVAL = Layouts.offset(LAYOUT, "it_interval");
    private static final long IT_VALUE = Layouts.offset(LAYOUT, "it_value");
    private static final long TV_SEC = Layouts.offset(Timespec.LAYOUT, "tv_sec");
    private static final long TV_NSEC = Layouts.offset(Timespec.LAYOUT, "tv_nsec");
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT);

    /// Sets both times in nanoseconds, not negative. The kernel counts nanoseconds in 63 bits, too.
    ///
    /// @param value the time until the first expiration, or an absolute time; 0 disarms the timer
    /// @param interval the interval of the following expirations; 0 for none
    public Itimerspec set(long value, long interval) {
        put(IT_VALUE, value);
        put(IT_INTERVAL, interval);
        return this;
    }

    /// Returns `it_value`.
    public Duration value() {
        return duration(IT_VALUE);
    }

    /// Returns `it_interval`.
    public Duration interval() {
        return duration(IT_INTERVAL);
    }

    private void put(long timespec, long nanos) {
        segment.set(ValueLayout.JAVA_LONG, timespec + TV_SEC, nanos / NANOS_PER_SECOND);
        segment.set(ValueLayout.JAVA_LONG, timespec + TV_NSEC, nanos % NANOS_PER_SECOND);
    }

    private Duration duration(long timespec) {
        return Duration.ofSeconds(
                segment.get(ValueLayout.JAVA_LONG, timespec + TV_SEC),
                segment.get(ValueLayout.JAVA_LONG, timespec + TV_NSEC));
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
