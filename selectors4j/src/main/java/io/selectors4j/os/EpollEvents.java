package io.selectors4j.os;

import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.sys.EpollWait;
import java.util.Objects;

/// Reusable memory for the events of [Epoll#poll(java.time.Duration, EpollEvents)]: a wait with it creates no objects.
/// Only one thread at a time may use it.
public final class EpollEvents {

    static final int MAX_CAPACITY = 1 << 20;

    private final EpollEventArray array;
    private final EpollWait wait;
    private int size;

    /// Allocates memory.
    ///
    /// @param capacity the largest number of events that one wait returns, from 1 to 1,048,576
    /// @throws IllegalArgumentException if the capacity is out of range
    public EpollEvents(int capacity) {
        requireCapacity(capacity);
        this(new EpollEventArray(capacity));
    }

    private EpollEvents(EpollEventArray array) {
        wait = new EpollWait();
        this.array = array;
    }

    static EpollEvents ofAnyCapacity(int capacity) {
        return new EpollEvents(new EpollEventArray(capacity));
    }

    private static void requireCapacity(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not from 1 to " + MAX_CAPACITY);
        }
    }

    /// Returns how many events fit.
    ///
    /// @return the number of events
    public int capacity() {
        return array.capacity();
    }

    /// Returns how many events the last wait returned.
    ///
    /// @return the number of events
    public int size() {
        return size;
    }

    /// Returns the user data of an event.
    ///
    /// @param index the index of the event, below [#size]
    /// @return the data given to `register` or `modify`; the descriptor's number if none was given
    /// @throws IndexOutOfBoundsException if the index is out of range
    public long data(int index) {
        return array.data(Objects.checkIndex(index, size));
    }

    /// Returns the flags of an event.
    ///
    /// @param index the index of the event, below [#size]
    /// @return the EPOLL* flags that are set
    /// @throws IndexOutOfBoundsException if the index is out of range
    public int events(int index) {
        return array.events(Objects.checkIndex(index, size));
    }

    EpollEventArray array() {
        return array;
    }

    EpollWait memory() {
        return wait;
    }

    void setSize(int count) {
        size = count;
    }
}
