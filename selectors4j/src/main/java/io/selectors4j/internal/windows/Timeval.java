package io.selectors4j.internal.windows;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.posix.Ints;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/// `struct timeval` of Windows (winsock2.h): two 32-bit numbers.
///
/// ```c
/// struct timeval { long tv_sec;   // 0
///                  long tv_usec; }; // 4 (8)
/// ```
public final class Timeval implements Memory {

    /// The struct.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("tv_sec"), ValueLayout.JAVA_INT.withName("tv_usec"));

    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Ints numbers = new Ints(0, 0);

    /// Sets a timeout in nanoseconds, rounded up to microseconds, and returns this object.
    public Timeval set(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
        long micros = (nanos % NANOS_PER_SECOND + NANOS_PER_MICRO - 1) / NANOS_PER_MICRO;
        long carry = TimeUnit.MICROSECONDS.toSeconds(micros);
        numbers.set(0, (int) Math.min(Integer.MAX_VALUE, seconds + carry));
        numbers.set(1, (int) (micros - TimeUnit.SECONDS.toMicros(carry)));
        return this;
    }

    @Override
    public MemorySegment segment() {
        return numbers.segment();
    }
}
