package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Platform.Arch;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The layout of `struct epoll_event`, which is packed on x86-64 only (linux/eventpoll.h: EPOLL_PACKED).
///
/// ```c
/// struct epoll_event {       // x86-64       all others
///     uint32_t     events;   // 0            0
///     epoll_data_t data;     // 4            8
/// };                         // 12 bytes     16 bytes
/// ```
///
/// @param layout the struct
/// @param data the offset of `data`; the offset of `events` is 0 everywhere
public record EpollEventLayout(StructLayout layout, long data) {

    private static final ValueLayout.OfInt EVENTS = ValueLayout.JAVA_INT.withName("events");
    private static final ValueLayout.OfLong DATA = ValueLayout.JAVA_LONG.withName("data");

    private EpollEventLayout(StructLayout layout) {
        this(layout, Layouts.offset(layout, "data"));
    }

    /// Returns the layout on an architecture.
    ///
    /// @throws IllegalArgumentException if it is not known
    public static EpollEventLayout of(Arch arch) {
        return switch (arch) {
            case X86_64 -> new EpollEventLayout(MemoryLayout.structLayout(EVENTS, DATA.withByteAlignment(4)));
            case AARCH64, RISCV64, S390X, PPC64LE ->
                new EpollEventLayout(MemoryLayout.structLayout(EVENTS, MemoryLayout.paddingLayout(4), DATA));
            case BITS_32, OTHER ->
                throw new IllegalArgumentException("the layout of struct epoll_event is not known on " + arch);
        };
    }
}
