package io.selectors4j.os;

import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.sys.KqueueConstants;
import io.selectors4j.internal.sys.KqueueWait;
import java.util.Objects;

/// Reusable memory for the changes or the events of [Kqueue#control(Kevents, Kevents, java.time.Duration)]: a call with
/// it creates no objects. Only one thread at a time may use it.
///
/// Changes are appended; [#clear] removes all.
public final class Kevents {

    static final int MAX_CAPACITY = 1 << 20;

    private final KeventArray array;
    private final KqueueWait wait;
    private int size;

    /// Allocates memory.
    ///
    /// @param capacity the largest number of changes or events, from 1 to 1,048,576
    /// @throws IllegalArgumentException if the capacity is out of range
    /// @throws UnsupportedOperationException if this system has no kqueue, or system calls cannot be made here; the
    ///     message says why
    public Kevents(int capacity) {
        requireCapacity(capacity);
        this(KqueueLibc.current().system(), capacity);
    }

    /// Allocates memory of any size in the layout of the given system.
    Kevents(KqueueSystem system, int capacity) {
        wait = new KqueueWait();
        array = new KeventArray(system, capacity);
    }

    private static void requireCapacity(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not from 1 to " + MAX_CAPACITY);
        }
    }

    /// Returns how many changes or events fit.
    ///
    /// @return the number of changes or events
    public int capacity() {
        return array.capacity();
    }

    /// Returns how many changes were added since [#clear], or how many events the last call returned.
    ///
    /// @return the number of changes or events
    public int size() {
        return size;
    }

    /// Removes all changes or events.
    public void clear() {
        size = 0;
    }

    /// Appends a change.
    ///
    /// @param change the change
    /// @throws IllegalStateException if the memory is full
    public void add(Kevent change) {
        write(next(), change);
        size++;
    }

    /// Appends a change.
    ///
    /// @param ident the identifier, unsigned
    /// @param filter the filter
    /// @param flags the flags
    /// @param fflags the flags of the filter: [KqueueNotes]
    /// @param data the data of the filter
    /// @param udata the user data
    /// @throws IllegalStateException if the memory is full
    /// @throws UnsupportedOperationException if this system lacks one of the constants; the message names it
    /// @throws IllegalArgumentException if a number is out of range
    public void add(long ident, int filter, int flags, long fflags, long data, long udata) {
        write(next(), ident, filter, flags, fflags, data, udata);
        size++;
    }

    private int next() {
        if (size == array.capacity()) {
            throw new IllegalStateException("the memory is full: it has room for " + size + " events");
        }
        return size;
    }

    /// Replaces a change.
    ///
    /// @param index the index, below [#size]
    /// @param change the change
    /// @throws IndexOutOfBoundsException if the index is out of range
    public void set(int index, Kevent change) {
        write(Objects.checkIndex(index, size), change);
    }

    /// Replaces a change.
    ///
    /// @param index the index, below [#size]
    /// @param ident the identifier, unsigned
    /// @param filter the filter
    /// @param flags the flags
    /// @param fflags the flags of the filter: [KqueueNotes]
    /// @param data the data of the filter
    /// @param udata the user data
    /// @throws IndexOutOfBoundsException if the index is out of range
    /// @throws UnsupportedOperationException if this system lacks one of the constants; the message names it
    /// @throws IllegalArgumentException if a number is out of range
    public void set(int index, long ident, int filter, int flags, long fflags, long data, long udata) {
        write(Objects.checkIndex(index, size), ident, filter, flags, fflags, data, udata);
    }

    private void write(int index, Kevent change) {
        array.set(
                index,
                change.ident(),
                change.filter(),
                change.flags(),
                (int) change.fflags(),
                change.data(),
                change.udata());
    }

    private void write(int index, long ident, int filter, int flags, long fflags, long data, long udata) {
        KqueueConstants.CURRENT.require(filter, flags, fflags);
        array.set(index, ident, filter, flags, (int) fflags, data, udata);
    }

    /// Returns a change or an event.
    ///
    /// @param index the index, below [#size]
    /// @return a copy of it
    /// @throws IndexOutOfBoundsException if the index is out of range
    public Kevent get(int index) {
        return new Kevent(ident(index), filter(index), flags(index), fflags(index), data(index), udata(index));
    }

    /// Returns the identifier of an event.
    ///
    /// @param index the index, below [#size]
    /// @return `ident`, unsigned
    /// @throws IndexOutOfBoundsException if the index is out of range
    public long ident(int index) {
        return array.ident(Objects.checkIndex(index, size));
    }

    /// Returns the filter of an event.
    ///
    /// @param index the index, below [#size]
    /// @return EVFILT_*
    /// @throws IndexOutOfBoundsException if the index is out of range
    public int filter(int index) {
        return array.filter(Objects.checkIndex(index, size));
    }

    /// Returns the flags of an event.
    ///
    /// @param index the index, below [#size]
    /// @return the EV_* flags that are set
    /// @throws IndexOutOfBoundsException if the index is out of range
    public int flags(int index) {
        return array.flags(Objects.checkIndex(index, size));
    }

    /// Returns the filter's flags of an event.
    ///
    /// @param index the index, below [#size]
    /// @return the flags of [KqueueNotes], or the error of a socket whose peer closed its end
    /// @throws IndexOutOfBoundsException if the index is out of range
    public long fflags(int index) {
        return Integer.toUnsignedLong(array.fflags(Objects.checkIndex(index, size)));
    }

    /// Returns the filter's data of an event.
    ///
    /// @param index the index, below [#size]
    /// @return `data`; with EV_ERROR an errno
    /// @throws IndexOutOfBoundsException if the index is out of range
    public long data(int index) {
        return array.data(Objects.checkIndex(index, size));
    }

    /// Returns the user data of an event.
    ///
    /// @param index the index, below [#size]
    /// @return `udata`
    /// @throws IndexOutOfBoundsException if the index is out of range
    public long udata(int index) {
        return array.udata(Objects.checkIndex(index, size));
    }

    KeventArray array() {
        return array;
    }

    KqueueWait memory() {
        return wait;
    }

    void setSize(int count) {
        size = count;
    }
}
