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

    /// Allocates an array.
    ///
    /// @param system whose layout
    /// @param capacity how many events it holds, not negative
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

    /// How many events fit.
    ///
    /// @return the number of events
    public int capacity() {
        return capacity;
    }

    /// Writes an event. What a system has besides (`ext`) becomes zero.
    ///
    /// @param index which one
    /// @param ident what it is about; a descriptor for most filters
    /// @param filterNumber EVFILT_*, in 16 bits where the system has no more
    /// @param flagBits EV_*, in 16 bits where the system has no more
    /// @param filterFlags NOTE_*, 32 bits
    /// @param filterData the filter's data
    /// @param userData the user data
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

    /// What an event is about.
    ///
    /// @param index which one
    /// @return `ident`, unsigned
    public long ident(int index) {
        return segment.get(ValueLayout.JAVA_LONG, index * size);
    }

    /// The filter of an event.
    ///
    /// @param index which one
    /// @return EVFILT_*
    public int filter(int index) {
        long at = index * size + filter;
        return wide ? segment.get(ValueLayout.JAVA_INT, at) : segment.get(ValueLayout.JAVA_SHORT, at);
    }

    /// The flags of an event.
    ///
    /// @param index which one
    /// @return EV_*: 16 bits, unsigned; a wider field has no others that anybody knows
    public int flags(int index) {
        long at = index * size + flags;
        return (wide ? segment.get(ValueLayout.JAVA_INT, at) : segment.get(ValueLayout.JAVA_SHORT, at)) & FLAG_BITS;
    }

    /// The flags of an event that its filter gives a meaning to.
    ///
    /// @param index which one
    /// @return NOTE_*, or the error of a socket: 32 bits, unsigned
    public int fflags(int index) {
        return segment.get(ValueLayout.JAVA_INT, index * size + fflags);
    }

    /// The number of an event that its filter gives a meaning to.
    ///
    /// @param index which one
    /// @return `data`
    public long data(int index) {
        return segment.get(ValueLayout.JAVA_LONG, index * size + data);
    }

    /// The user data of an event.
    ///
    /// @param index which one
    /// @return `udata`
    public long udata(int index) {
        return segment.get(ValueLayout.JAVA_LONG, index * size + udata);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
