package io.selectors4j.os;

import io.selectors4j.Pollable;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.KqueueConstants;
import io.selectors4j.internal.sys.KqueueNames;
import java.util.Comparator;

/// A change to a [Kqueue], or an event of one: `struct kevent`, Python's `select.kevent`. `ident` and `filter` say which
/// event it is.
///
/// Events are ordered field by field; `ident` and `udata` are unsigned numbers of 64 bits there, as everywhere. (Python orders
/// `udata` as signed numbers.)
///
/// Source: kevent(2), sys/event.h, Python's module `select`.
///
/// @param ident what the event is about, unsigned; a descriptor for most filters
/// @param filter [Kqueue#EVFILT_READ] or another filter, from -32,768 to 32,767; on NetBSD, not negative
/// @param flags [Kqueue#EV_ADD] and others, from 0 to 65,535
/// @param fflags what the filter gives a meaning to: [KqueueNotes], from 0 to 4,294,967,295
/// @param data a number that the filter gives a meaning to
/// @param udata user data, which come back with the event, unsigned
public record Kevent(long ident, int filter, int flags, long fflags, long data, long udata)
        implements Comparable<Kevent> {

    private static final Comparator<Kevent> ORDER = Comparator.comparing(Kevent::ident, Long::compareUnsigned)
            .thenComparingInt(Kevent::filter)
            .thenComparingInt(Kevent::flags)
            .thenComparingLong(Kevent::fflags)
            .thenComparingLong(Kevent::data)
            .thenComparing(Kevent::udata, Long::compareUnsigned);

    /// Makes an event.
    ///
    /// @throws UnsupportedOperationException if a constant is among the numbers that this system lacks; the message names
    ///     it and the systems that have it
    /// @throws IllegalArgumentException if a number is out of range
    public Kevent {
        KqueueConstants.CURRENT.require(filter, flags, fflags);
    }

    /// A change that adds an event of a descriptor, to read from it.
    ///
    /// @param ident the descriptor
    /// @throws UnsupportedOperationException if this system has no kqueue
    public Kevent(long ident) {
        this(ident, Kqueue.EVFILT_READ);
    }

    /// A change that adds an event, with nothing but these.
    ///
    /// @param ident what the event is about
    /// @param filter the filter
    /// @throws UnsupportedOperationException if this system lacks the filter
    /// @throws IllegalArgumentException if the filter is out of range
    public Kevent(long ident, int filter) {
        this(ident, filter, Kqueue.EV_ADD);
    }

    /// A change, with nothing but these.
    ///
    /// @param ident what the event is about
    /// @param filter the filter
    /// @param flags the flags
    /// @throws UnsupportedOperationException if this system lacks one of the constants
    /// @throws IllegalArgumentException if a number is out of range
    public Kevent(long ident, int filter, int flags) {
        this(ident, filter, flags, 0, 0, 0);
    }

    /// A change that adds an event of a descriptor, to read from it.
    ///
    /// @param fileobj the object with the descriptor
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws UnsupportedOperationException if this system has no kqueue
    public Kevent(Pollable fileobj) {
        this(fileobj, Kqueue.EVFILT_READ);
    }

    /// A change that adds an event of a descriptor.
    ///
    /// @param fileobj the object with the descriptor
    /// @param filter the filter
    /// @throws IllegalArgumentException if the descriptor is negative, or the filter out of range
    /// @throws UnsupportedOperationException if this system lacks the filter
    public Kevent(Pollable fileobj, int filter) {
        this(fileobj, filter, Kqueue.EV_ADD);
    }

    /// A change of a descriptor's event.
    ///
    /// @param fileobj the object with the descriptor
    /// @param filter the filter
    /// @param flags the flags
    /// @throws IllegalArgumentException if the descriptor is negative, or a number out of range
    /// @throws UnsupportedOperationException if this system lacks one of the constants
    public Kevent(Pollable fileobj, int filter, int flags) {
        this(Descriptors.requireFd(fileobj), filter, flags);
    }

    /// The same with other flags.
    ///
    /// @param changed the flags
    /// @return a new event
    /// @throws UnsupportedOperationException if this system lacks one of them
    /// @throws IllegalArgumentException if they are out of range
    public Kevent withFlags(int changed) {
        return new Kevent(ident, filter, changed, fflags, data, udata);
    }

    /// The same with other flags of the filter's.
    ///
    /// @param changed the flags: [KqueueNotes]
    /// @return a new event
    /// @throws UnsupportedOperationException if this system lacks one of them
    /// @throws IllegalArgumentException if they are out of range
    public Kevent withFflags(long changed) {
        return new Kevent(ident, filter, flags, changed, data, udata);
    }

    /// The same with another number for the filter.
    ///
    /// @param changed the number
    /// @return a new event
    public Kevent withData(long changed) {
        return new Kevent(ident, filter, flags, fflags, changed, udata);
    }

    /// The same with other user data.
    ///
    /// @param changed the user data
    /// @return a new event
    public Kevent withUdata(long changed) {
        return new Kevent(ident, filter, flags, fflags, data, changed);
    }

    /// Whether all of some flags are set.
    ///
    /// @param some EV_* flags
    /// @return whether all of them are set
    public boolean has(int some) {
        return (flags & some) == some;
    }

    @Override
    public int compareTo(Kevent other) {
        return ORDER.compare(this, other);
    }

    /// The fields, with the C names that their numbers have on this system.
    @Override
    public String toString() {
        return KqueueNames.CURRENT.event(ident, filter, flags, fflags, data, udata);
    }
}
