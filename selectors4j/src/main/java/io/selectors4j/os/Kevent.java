package io.selectors4j.os;

import io.selectors4j.Pollable;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.KqueueConstants;
import io.selectors4j.internal.sys.KqueueNames;
import java.util.Comparator;

/// A change to a [Kqueue], or an event that it reports: `struct kevent`, Python's `select.kevent`. `ident` and `filter`
/// identify the event.
///
/// Events are ordered field by field. `ident` and `udata` are compared as unsigned 64-bit numbers. (Python compares
/// `udata` as a signed number.)
///
/// Source: kevent(2), sys/event.h, Python's module `select`.
///
/// @param ident the identifier, unsigned; a descriptor for most filters
/// @param filter [Kqueue#EVFILT_READ] or another filter, from -32,768 to 32,767; on NetBSD, not negative
/// @param flags [Kqueue#EV_ADD] and others, from 0 to 65,535
/// @param fflags the flags of the filter: [KqueueNotes], from 0 to 4,294,967,295
/// @param data the data of the filter
/// @param udata the user data, unsigned, which the event returns
public record Kevent(long ident, int filter, int flags, long fflags, long data, long udata)
        implements Comparable<Kevent> {

    private static final Comparator<Kevent> ORDER = Comparator.comparing(Kevent::ident, Long::compareUnsigned)
            .thenComparingInt(Kevent::filter)
            .thenComparingInt(Kevent::flags)
            .thenComparingLong(Kevent::fflags)
            .thenComparingLong(Kevent::data)
            .thenComparing(Kevent::udata, Long::compareUnsigned);

    /// Creates an event.
    ///
    /// @throws UnsupportedOperationException if this system lacks one of the constants; the message names the constant
    ///     and the systems that have it
    /// @throws IllegalArgumentException if a number is out of range
    public Kevent {
        KqueueConstants.CURRENT.require(filter, flags, fflags);
    }

    /// Creates a change that adds a descriptor, for EVFILT_READ.
    ///
    /// @param ident the descriptor
    /// @throws UnsupportedOperationException if this system has no kqueue
    public Kevent(long ident) {
        this(ident, Kqueue.EVFILT_READ);
    }

    /// Creates a change that adds an event. The other fields are 0.
    ///
    /// @param ident the identifier
    /// @param filter the filter
    /// @throws UnsupportedOperationException if this system lacks the filter
    /// @throws IllegalArgumentException if the filter is out of range
    public Kevent(long ident, int filter) {
        this(ident, filter, Kqueue.EV_ADD);
    }

    /// Creates a change. The other fields are 0.
    ///
    /// @param ident the identifier
    /// @param filter the filter
    /// @param flags the flags
    /// @throws UnsupportedOperationException if this system lacks one of the constants
    /// @throws IllegalArgumentException if a number is out of range
    public Kevent(long ident, int filter, int flags) {
        this(ident, filter, flags, 0, 0, 0);
    }

    /// Creates a change that adds a descriptor, for EVFILT_READ.
    ///
    /// @param fileobj the object with the descriptor
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws UnsupportedOperationException if this system has no kqueue
    public Kevent(Pollable fileobj) {
        this(fileobj, Kqueue.EVFILT_READ);
    }

    /// Creates a change that adds a descriptor.
    ///
    /// @param fileobj the object with the descriptor
    /// @param filter the filter
    /// @throws IllegalArgumentException if the descriptor is negative, or the filter is out of range
    /// @throws UnsupportedOperationException if this system lacks the filter
    public Kevent(Pollable fileobj, int filter) {
        this(fileobj, filter, Kqueue.EV_ADD);
    }

    /// Creates a change for a descriptor.
    ///
    /// @param fileobj the object with the descriptor
    /// @param filter the filter
    /// @param flags the flags
    /// @throws IllegalArgumentException if the descriptor is negative, or a number is out of range
    /// @throws UnsupportedOperationException if this system lacks one of the constants
    public Kevent(Pollable fileobj, int filter, int flags) {
        this(Descriptors.requireFd(fileobj), filter, flags);
    }

    /// Returns a copy with other flags.
    ///
    /// @param newFlags the flags
    /// @return a new event
    /// @throws UnsupportedOperationException if this system lacks one of them
    /// @throws IllegalArgumentException if they are out of range
    public Kevent withFlags(int newFlags) {
        return new Kevent(ident, filter, newFlags, fflags, data, udata);
    }

    /// Returns a copy with other flags of the filter.
    ///
    /// @param newFflags the flags: [KqueueNotes]
    /// @return a new event
    /// @throws UnsupportedOperationException if this system lacks one of them
    /// @throws IllegalArgumentException if they are out of range
    public Kevent withFflags(long newFflags) {
        return new Kevent(ident, filter, flags, newFflags, data, udata);
    }

    /// Returns a copy with other data of the filter.
    ///
    /// @param newData the data
    /// @return a new event
    public Kevent withData(long newData) {
        return new Kevent(ident, filter, flags, fflags, newData, udata);
    }

    /// Returns a copy with other user data.
    ///
    /// @param newUdata the user data
    /// @return a new event
    public Kevent withUdata(long newUdata) {
        return new Kevent(ident, filter, flags, fflags, data, newUdata);
    }

    /// Tells whether all of the given flags are set.
    ///
    /// @param mask EV_* flags
    /// @return whether all of them are set
    public boolean has(int mask) {
        return (flags & mask) == mask;
    }

    @Override
    public int compareTo(Kevent other) {
        return ORDER.compare(this, other);
    }

    /// Returns the fields, with the C names of their numbers on this system.
    @Override
    public String toString() {
        return KqueueNames.CURRENT.event(ident, filter, flags, fflags, data, udata);
    }
}
