package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.Platform;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An array of `struct epoll_event` in the layout of this architecture.
public final class EpollEventArray implements Memory {

    private static final EpollEventLayout LAYOUT = EpollEventLayout.of(Platform.CURRENT.arch());
    private static final long SIZE = LAYOUT.layout().byteSize();
    private static final long DATA = LAYOUT.data();
    private static final ValueLayout.OfLong UNALIGNED_LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final MemorySegment segment;
    private final int capacity;

    /// Allocates an array.
    ///
    /// @param capacity how many events it holds, positive
    public EpollEventArray(int capacity) {
        this.capacity = capacity;
        segment = Arena.ofAuto().allocate(capacity * SIZE, LAYOUT.layout().byteAlignment());
    }

    /// How many events fit.
    ///
    /// @return the number of events
    public int capacity() {
        return capacity;
    }

    /// Writes an event.
    ///
    /// @param index which one
    /// @param events EPOLL* flags
    /// @param data the user data
    public void set(int index, int events, long data) {
        segment.set(ValueLayout.JAVA_INT, index * SIZE, events);
        segment.set(UNALIGNED_LONG, index * SIZE + DATA, data);
    }

    /// The flags of an event.
    ///
    /// @param index which one
    /// @return EPOLL* flags
    public int events(int index) {
        return segment.get(ValueLayout.JAVA_INT, index * SIZE);
    }

    /// The user data of an event.
    ///
    /// @param index which one
    /// @return the user data
    public long data(int index) {
        return segment.get(UNALIGNED_LONG, index * SIZE + DATA);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
