package io.selectors4j.internal.windows;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// An array of `OVERLAPPED_ENTRY` (minwinbase.h), the completions that one call dequeues, followed by the `ULONG` with
/// their number.
///
/// ```c
/// typedef struct _OVERLAPPED_ENTRY {
///     ULONG_PTR   lpCompletionKey;             // 0
///     OVERLAPPED *lpOverlapped;                // 8, here a number
///     ULONG_PTR   Internal;                    // 16
///     DWORD       dwNumberOfBytesTransferred;  // 24
/// } OVERLAPPED_ENTRY;                          // 32 bytes
/// ```
public final class OverlappedEntries implements Memory {

    /// The struct, the same on every 64-bit architecture.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("lpCompletionKey"),
            ValueLayout.ADDRESS.withName("lpOverlapped"),
            ValueLayout.JAVA_LONG.withName("Internal"),
            ValueLayout.JAVA_INT.withName("dwNumberOfBytesTransferred"),
            MemoryLayout.paddingLayout(4));

    private static final long OVERLAPPED = Layouts.offset(LAYOUT, "lpOverlapped");
    private static final long SIZE = LAYOUT.byteSize();

    private final int capacity;
    private final MemorySegment segment;
    private final MemorySegment removed;

    /// Allocates an array for a number of completions.
    public OverlappedEntries(int capacity) {
        this.capacity = capacity;
        segment = NativeMemory.allocate(capacity * SIZE + Long.BYTES, Long.BYTES);
        removed = segment.asSlice(capacity * SIZE);
    }

    /// Returns the number of completions that fit.
    public int capacity() {
        return capacity;
    }

    /// Returns the completion key.
    public long key(int index) {
        return segment.get(ValueLayout.JAVA_LONG, index * SIZE);
    }

    /// Returns the value that was passed in place of the address of an `OVERLAPPED`.
    public long overlapped(int index) {
        return segment.get(ValueLayout.JAVA_LONG, index * SIZE + OVERLAPPED);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    /// Returns the segment of the number of completions.
    MemorySegment removed() {
        return removed;
    }

    /// Returns the number of completions that the last call has dequeued.
    int count() {
        return removed.get(ValueLayout.JAVA_INT, 0);
    }
}
