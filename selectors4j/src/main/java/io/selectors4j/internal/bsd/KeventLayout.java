package io.selectors4j.internal.bsd;

import io.selectors4j.internal.ffi.Layouts;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The layout of `struct kevent` (sys/event.h). It is the same on every 64-bit architecture of a system.
///
/// ```c
///                           macOS, OpenBSD, DragonFly,   FreeBSD 12   NetBSD
///                           libkqueue
/// struct kevent {
///     uintptr_t ident;      // 0                         0            0
///     short     filter;     // 8                         8            8  uint32_t
///     u_short   flags;      // 10                        10           12 uint32_t
///     u_int     fflags;     // 12                        12           16
///     int64_t   data;       // 16                        16           24
///     void     *udata;      // 24                        24           32
///     uint64_t  ext[4];     // none                      32           none
/// };                        // 32 bytes                  64 bytes     40 bytes
/// ```
///
/// The struct of NetBSD is the one of `__kevent50`, which every version has; NetBSD 11 adds another one with `ext`.
/// `data` is an `intptr_t` on some systems, which has 64 bits as well.
///
/// @param layout the struct
public record KeventLayout(StructLayout layout) {

    private static final ValueLayout.OfLong IDENT = ValueLayout.JAVA_LONG.withName("ident");
    private static final ValueLayout.OfInt FFLAGS = ValueLayout.JAVA_INT.withName("fflags");
    private static final ValueLayout.OfLong DATA = ValueLayout.JAVA_LONG.withName("data");
    private static final ValueLayout.OfLong UDATA = ValueLayout.JAVA_LONG.withName("udata");
    private static final MemoryLayout EXT =
            MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_LONG).withName("ext");

    /// The layout with a 16-bit filter and 16-bit flags, as in 4.4BSD.
    static final KeventLayout SHORT = new KeventLayout(MemoryLayout.structLayout(
            IDENT,
            ValueLayout.JAVA_SHORT.withName("filter"),
            ValueLayout.JAVA_SHORT.withName("flags"),
            FFLAGS,
            DATA,
            UDATA));

    /// The layout of FreeBSD since version 12, with `ext`.
    static final KeventLayout SHORT_EXTENDED = new KeventLayout(MemoryLayout.structLayout(
            IDENT,
            ValueLayout.JAVA_SHORT.withName("filter"),
            ValueLayout.JAVA_SHORT.withName("flags"),
            FFLAGS,
            DATA,
            UDATA,
            EXT));

    /// The layout of NetBSD, with an unsigned 32-bit filter and 32-bit flags.
    static final KeventLayout WIDE = new KeventLayout(MemoryLayout.structLayout(
            IDENT,
            ValueLayout.JAVA_INT.withName("filter"),
            ValueLayout.JAVA_INT.withName("flags"),
            FFLAGS,
            MemoryLayout.paddingLayout(4),
            DATA,
            UDATA));

    /// Returns the offset of a field in bytes.
    public long offset(String field) {
        return Layouts.offset(layout, field);
    }

    /// Returns the size of a field in bytes.
    public long width(String field) {
        return layout.select(PathElement.groupElement(field)).byteSize();
    }
}
