package io.selectors4j.os;

import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.sys.KqueueConstants;
import io.selectors4j.internal.sys.KqueueWait;
import java.util.Objects;

/// Memory for the changes that [Kqueue#control(Kevents, Kevents, java.time.Duration)] makes, or for the events that it finds,
/// to be used again for every call: a call with it creates no objects. Not for two threads at once.
///
/// Changes are added one after the other; [#clear] makes room for the next ones.
public final class Kevents {

    static final int MAX_CAPACITY = 1 << 20;

    private final KeventArray array;
    private final KqueueWait wait;
    private int size;

    /// Allocates memory.
    ///
    /// @param capacity how many changes or events fit, from 1 to 1,048,576
    /// @throws IllegalArgumentException if the capacity is out of range
    /// @throws UnsupportedOperationException if this system has no kqueue, or system calls cannot be made here; the message
    ///     says why
    public Kevents(int capacity) {
        requireCapacity(capacity);
        this(KqueueLibc.current().system(), capacity);
    }

    /// The same in the layout of any system, and as large as is needed.
    Kevents(KqueueSystem system, int capacity) {
        wait = new KqueueWait();
        array = new KeventArray(system, capacity);
    }

    private static void requireCapacity(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not from 1 to " + MAX_CAPACITY);
        }
    }

    /// How many changes or events fit.
    ///
    /// @return the number
    public int capacity() {
        return array.capacity();
    }

    /// How many changes were added since [#clear], or events the last call found.
    ///
    /// @return the number
    public int size() {
        return size;
    }

    /// Forgets all changes or events.
    public void clear() {
        size = 0;
    }

    /// Adds a change behind the last one.
    ///
    /// @param change the change
    /// @throws IllegalStateException if there is no room
    public void add(Kevent change) {
        write(next(), change);
        size++;
    }

    /// Adds a change behind the last one.
    ///
    /// @param ident what the event is about, unsigned
    /// @param filter the filter
    /// @param flags the flags
    /// @param fflags the filter's flags: [KqueueNotes]
    /// @param data a number for the filter
    /// @param udata user data
    /// @throws IllegalStateException if there is no room
    /// @throws UnsupportedOperationException if this system lacks one of the constants; the message names it
    /// @throws IllegalArgumentException if a number is out of range
    public void add(long ident, int filter, int flags, long fflags, long data, long udata) {
        write(next(), ident, filter, flags, fflags, data, udata);
        size++;
    }

    private int next() {
        if (size == array.capacity()) {
            throw new IllegalStateException("there is room for " + size + " events only");
        }
        return size;
    }

    /// Puts a change into the place of another.
    ///
    /// @param index which one, below [#size]
    /// @param change the change
    /// @throws IndexOutOfBoundsException if there are not as many
    public void set(int index, Kevent change) {
        write(Objects.checkIndex(index, size), change);
    }

    /// Puts a change into the place of another.
    ///
    /// @param index which one, below [#size]
    /// @param ident what the event is about, unsigned
    /// @param filter the filter
    /// @param flags the flags
    /// @param fflags the filter's flags: [KqueueNotes]
    /// @param data a number for the filter
    /// @param udata user data
    /// @throws IndexOutOfBoundsException if there are not as many
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

    /// A change or an event.
    ///
    /// @param index which one, below [#size]
    /// @return a copy of it
    /// @throws IndexOutOfBoundsException if there are not as many
    public Kevent get(int index) {
        return new Kevent(ident(index), filter(index), flags(index), fflags(index), data(index), udata(index));
    }

    /// What an event is about.
    ///
    /// @param index which one, below [#size]
    /// @return `ident`, unsigned
    /// @throws IndexOutOfBoundsException if there are not as many
    public long ident(int index) {
        return array.ident(Objects.checkIndex(index, size));
    }

    /// The filter of an event.
    ///
    /// @param index which one, below [#size]
    /// @return EVFILT_*
    /// @throws IndexOutOfBoundsException if there are not as many
    public int filter(int index) {
        return array.filter(Objects.checkIndex(index, size));
    }

    /// The flags of an event.
    ///
    /// @param index which one, below [#size]
    /// @return the EV_* flags that are set
    /// @throws IndexOutOfBoundsException if there are not as many
    public int flags(int index) {
        return array.flags(Objects.checkIndex(index, size));
    }

    /// The flags of an event that its filter gives a meaning to.
    ///
    /// @param index which one, below [#size]
    /// @return the flags of [KqueueNotes], or the error of a socket whose other end has closed
    /// @throws IndexOutOfBoundsException if there are not as many
    public long fflags(int index) {
        return Integer.toUnsignedLong(array.fflags(Objects.checkIndex(index, size)));
    }

    /// The number of an event that its filter gives a meaning to.
    ///
    /// @param index which one, below [#size]
    /// @return `data`; with EV_ERROR an errno
    /// @throws IndexOutOfBoundsException if there are not as many
    public long data(int index) {
        return array.data(Objects.checkIndex(index, size));
    }

    /// The user data of an event.
    ///
    /// @param index which one, below [#size]
    /// @return `udata`
    /// @throws IndexOutOfBoundsException if there are not as many
    public long udata(int index) {
        return array.udata(Objects.checkIndex(index, size));
    }

    KeventArray array() {
        return array;
    }

    KqueueWait memory() {
        return wait;
    }

    void setSize(int found) {
        size = found;
    }
}
