package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// A growing array of `struct pollfd`.
///
/// ```c
/// struct pollfd {
///     int   fd;       // 0
///     short events;   // 4
///     short revents;  // 6
/// };                  // 8 bytes
/// ```
public final class PollFds implements Memory {

    /// The struct, the same on every architecture.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("fd"),
            ValueLayout.JAVA_SHORT.withName("events"),
            ValueLayout.JAVA_SHORT.withName("revents"));

    private static final long FD = Layouts.offset(LAYOUT, "fd");
    private static final long EVENTS = Layouts.offset(LAYOUT, "events");
    private static final long REVENTS = Layouts.offset(LAYOUT, "revents");
    private static final long SIZE = LAYOUT.byteSize();
    private static final int UNSIGNED_SHORT = 0xFFFF;

    private MemorySegment segment = allocate(16);
    private int size;

    /// Returns the number of entries.
    public int size() {
        return size;
    }

    /// Appends an entry with POLL* flags in `events`, and returns its index.
    public int add(int fd, int events) {
        ensureCapacity(size + 1);
        segment.set(ValueLayout.JAVA_INT, size * SIZE + FD, fd);
        setEvents(size, events);
        return size++;
    }

    /// Sets the requested POLL* flags of an entry.
    public void setEvents(int index, int events) {
        segment.set(ValueLayout.JAVA_SHORT, index * SIZE + EVENTS, (short) events);
    }

    /// Removes an entry. The last entry takes its index.
    public void remove(int index) {
        size--;
        MemorySegment.copy(segment, size * SIZE, segment, index * SIZE, SIZE);
    }

    /// Copies all entries of another array.
    public void copyFrom(PollFds other) {
        size = 0;
        ensureCapacity(other.size);
        MemorySegment.copy(other.segment, 0, segment, 0, other.size * SIZE);
        size = other.size;
    }

    /// Returns the descriptor of an entry.
    public int fd(int index) {
        return segment.get(ValueLayout.JAVA_INT, index * SIZE + FD);
    }

    /// Returns the POLL* flags of an entry that the last call returned, or 0.
    public int revents(int index) {
        return segment.get(ValueLayout.JAVA_SHORT, index * SIZE + REVENTS) & UNSIGNED_SHORT;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    private void ensureCapacity(int needed) {
        long capacity = segment.byteSize() / SIZE;
        if (needed > capacity) {
            MemorySegment larger = allocate(Math.max(needed, 2 * capacity));
            MemorySegment.copy(segment, 0, larger, 0, size * SIZE);
            segment = larger;
        }
    }

    private static MemorySegment allocate(long entries) {
        return NativeMemory.allocate(MemoryLayout.sequenceLayout(entries, LAYOUT));
    }
}
