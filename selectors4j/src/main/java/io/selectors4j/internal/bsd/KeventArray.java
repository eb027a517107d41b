package io.selectors4j.internal.bsd;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An array of `struct kevent` in the layout of one system.
public final class KeventArray implements Memory {

    private static final int FLAG_BITS = 0xFFFF;

    private final long size;
    private final boolean wide;
    private final long filter;
    private final long flags;
    private final long fflags;
    private final long data;
    private final long udata;
    private final MemorySegment segment;
    private final int capacity;

    /// Allocates an array for a number of events in the layout of a system.
    public KeventArray(KqueueSystem system, int capacity) {
        KeventLayout layout = system.layout();
        size = layout.layout().byteSize();
        wide = layout.width("filter") == Integer.BYTES;
        filter = layout.offset("filter");
        flags = layout.offset("flags");
        fflags = layout.offset("fflags");
        data = layout.offset("data");
        udata = layout.offset("udata");
        this.capacity = capacity;
        segment = NativeMemory.allocate(capacity * size, Long.BYTES);
    }

    /// Returns the number of events that fit.
    public int capacity() {
        return capacity;
    }

    /// Sets all fields of an event. The field `ext`, which some systems have, becomes zero.
    ///
    /// @param filterNumber EVFILT_*; 16 bits, except on NetBSD
    /// @param flagBits EV_*; 16 bits, except on NetBSD
    /// @param filterFlags NOTE_*; 32 bits
    public void set(
            int index, long ident, int filterNumber, int flagBits, int filterFlags, long filterData, long userData) {
        long start = index * size;
        segment.set(ValueLayout.JAVA_LONG, start, ident);
        if (wide) {
            segment.set(ValueLayout.JAVA_INT, start + filter, filterNumber);
            segment.set(ValueLayout.JAVA_INT, start + flags, flagBits);
        } else {
            segment.set(ValueLayout.JAVA_SHORT, start + filter, (short) filterNumber);
            segment.set(ValueLayout.JAVA_SHORT, start + flags, (short) flagBits);
        }
        segment.set(ValueLayout.JAVA_INT, start + fflags, filterFlags);
        segment.set(ValueLayout.JAVA_LONG, start + data, filterData);
        segment.set(ValueLayout.JAVA_LONG, start + udata, userData);
        for (long rest = udata + Long.BYTES; rest < size; rest += Long.BYTES) {
            segment.set(ValueLayout.JAVA_LONG, start + rest, 0);
        }
    }

    /// Returns `ident`, unsigned.
    public long ident(int index) {
        return segment.get(ValueLayout.JAVA_LONG, index * size);
    }

    /// Returns the filter, EVFILT_*.
    public int filter(int index) {
        long at = index * size + filter;
        return wide ? segment.get(ValueLayout.JAVA_INT, at) : segment.get(ValueLayout.JAVA_SHORT, at);
    }

    /// Returns the flags, EV_*. No system defines flags beyond 16 bits.
    public int flags(int index) {
        long at = index * size + flags;
        return (wide ? segment.get(ValueLayout.JAVA_INT, at) : segment.get(ValueLayout.JAVA_SHORT, at)) & FLAG_BITS;
    }

    /// Returns `fflags`: NOTE_*, or the error of a socket.
    public int fflags(int index) {
        return segment.get(ValueLayout.JAVA_INT, index * size + fflags);
    }

    /// Returns `data`, whose meaning depends on the filter.
    public long data(int index) {
        return segment.get(ValueLayout.JAVA_LONG, index * size + data);
    }

    /// Returns the user data.
    public long udata(int index) {
        return segment.get(ValueLayout.JAVA_LONG, index * size + udata);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
