package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.ffi.Platform;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// An array of `struct epoll_event` in the layout of this architecture.
public final class EpollEventArray implements Memory {

    private static final EpollEventLayout LAYOUT = EpollEventLayout.of(Platform.CURRENT.arch());
    private static final int SIZE = (int) LAYOUT.layout().byteSize();
    private static final int DATA = (int) LAYOUT.data();

    private final MemorySegment segment;

    /// A view of the same memory. Unlike a segment, it needs no var handles, which cost start-up time.
    private final ByteBuffer bytes;

    private final int capacity;

    /// Allocates an array for a number of events, positive.
    public EpollEventArray(int capacity) {
        this.capacity = capacity;
        segment = NativeMemory.allocate((long) capacity * SIZE, LAYOUT.layout().byteAlignment());
        bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /// Returns the number of events that fit.
    public int capacity() {
        return capacity;
    }

    /// Sets the EPOLL* flags and the user data of an event.
    public void set(int index, int events, long data) {
        bytes.putInt(index * SIZE, events);
        bytes.putLong(index * SIZE + DATA, data);
    }

    /// Returns the EPOLL* flags of an event.
    public int events(int index) {
        return bytes.getInt(index * SIZE);
    }

    /// Returns the user data of an event.
    public long data(int index) {
        return bytes.getLong(index * SIZE + DATA);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
