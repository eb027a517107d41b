package io.selectors4j.os;

import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.sys.EpollWait;
import java.util.Objects;

/// Memory for what [Epoll#poll(java.time.Duration, EpollEvents)] finds, to be used again for every wait: waiting with it
/// creates no objects. Not for two threads at once.
public final class EpollEvents {

    private static final int MAX_CAPACITY = 1 << 20;

    private final EpollEventArray array;
    private final EpollWait wait;
    private int size;

    /// Allocates memory.
    ///
    /// @param capacity how many events one wait finds at the most, from 1 to 1,048,576
    /// @throws IllegalArgumentException if the capacity is out of range
    public EpollEvents(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not from 1 to " + MAX_CAPACITY);
        }
        wait = new EpollWait();
        array = new EpollEventArray(capacity);
    }

    /// How many events fit.
    ///
    /// @return the number of events
    public int capacity() {
        return array.capacity();
    }

    /// How many events the last wait found.
    ///
    /// @return the number of events
    public int size() {
        return size;
    }

    /// The user data of an event.
    ///
    /// @param index which one, below [#size]
    /// @return the data that were given with the descriptor; its number, if none were
    /// @throws IndexOutOfBoundsException if there are not as many
    public long data(int index) {
        return array.data(Objects.checkIndex(index, size));
    }

    /// The flags of an event.
    ///
    /// @param index which one, below [#size]
    /// @return the EPOLL* flags that are set
    /// @throws IndexOutOfBoundsException if there are not as many
    public int events(int index) {
        return array.events(Objects.checkIndex(index, size));
    }

    EpollEventArray array() {
        return array;
    }

    EpollWait memory() {
        return wait;
    }

    void setSize(int found) {
        size = found;
    }
}
