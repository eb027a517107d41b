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

    /// The same memory: to get at it this way starts no machinery of the JDK's.
    private final ByteBuffer bytes;

    private final int capacity;

    /// Allocates an array.
    ///
    /// @param capacity how many events it holds, positive
    public EpollEventArray(int capacity) {
        this.capacity = capacity;
        segment = NativeMemory.allocate((long) capacity * SIZE, LAYOUT.layout().byteAlignment());
        bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
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
        bytes.putInt(index * SIZE, events);
        bytes.putLong(index * SIZE + DATA, data);
    }

    /// The flags of an event.
    ///
    /// @param index which one
    /// @return EPOLL* flags
    public int events(int index) {
        return bytes.getInt(index * SIZE);
    }

    /// The user data of an event.
    ///
    /// @param index which one
    /// @return the user data
    public long data(int index) {
        return bytes.getLong(index * SIZE + DATA);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
