package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.selectors4j.internal.bsd.KqueueSystem;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What kqueue looks like from outside on one system. All numbers are written down here once more, from sys/event.h of each
/// system, and none is taken from the library: this stands for the system, and has to notice if the library is wrong.
///
/// @param symbol the function that `kevent` is
/// @param wideCounts whether it counts with `size_t`
/// @param size how long `struct kevent` is
/// @param width how wide its fields `filter` and `flags` are
/// @param flags where `flags` is; `ident` is at 0 and `filter` at 8 everywhere
/// @param fflags where `fflags` is
/// @param data where `data` is
/// @param udata where `udata` is
/// @param filters the filters there are, by number
/// @param oob NOTE_OOB; 0 where there is none
/// @param filePoll NOTE_FILE_POLL; 0 where there is none
/// @param absolute NOTE_ABSTIME or NOTE_ABSOLUTE; 0 where there is none
/// @param units how many nanoseconds each NOTE_* of a unit means
/// @param unitMask the bits of those
/// @param apple whether it is macOS: events and answers have the flags of the change too, and EVFILT_EXCEPT of a socket reports
///     all that EVFILT_READ does, with NOTE_OOB if that is the reason
record SimulatedKqueueAbi(
        String symbol,
        boolean wideCounts,
        int size,
        int width,
        int flags,
        int fflags,
        int data,
        int udata,
        Map<Integer, Filter> filters,
        int oob,
        int filePoll,
        int absolute,
        Map<Integer, Long> units,
        int unitMask,
        boolean apple) {

    /// The filters that are faked.
    enum Filter {
        READ,
        WRITE,
        EXCEPT,
        TIMER,
        USER;

        boolean isOfDescriptors() {
            return this == READ || this == WRITE || this == EXCEPT;
        }
    }

    private static final long NS = 1;
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final long S = 1_000_000_000;

    static SimulatedKqueueAbi of(KqueueSystem system) {
        return switch (system) {
            case MACOS ->
                new SimulatedKqueueAbi(
                        "kevent",
                        false,
                        32,
                        2,
                        10,
                        12,
                        16,
                        24,
                        Map.of(
                                -1,
                                Filter.READ,
                                -2,
                                Filter.WRITE,
                                -15,
                                Filter.EXCEPT,
                                -7,
                                Filter.TIMER,
                                -10,
                                Filter.USER),
                        2,
                        0,
                        8,
                        Map.of(0, MS, 1, S, 2, US, 4, NS),
                        7,
                        true);
            case FREEBSD ->
                new SimulatedKqueueAbi(
                        "kevent",
                        false,
                        64,
                        2,
                        10,
                        12,
                        16,
                        24,
                        Map.of(-1, Filter.READ, -2, Filter.WRITE, -7, Filter.TIMER, -11, Filter.USER),
                        0,
                        2,
                        16,
                        Map.of(0, MS, 1, S, 2, MS, 4, US, 8, NS),
                        15,
                        false);
            case OPENBSD ->
                new SimulatedKqueueAbi(
                        "kevent",
                        false,
                        32,
                        2,
                        10,
                        12,
                        16,
                        24,
                        Map.of(
                                -1,
                                Filter.READ,
                                -2,
                                Filter.WRITE,
                                -9,
                                Filter.EXCEPT,
                                -7,
                                Filter.TIMER,
                                -10,
                                Filter.USER),
                        4,
                        0,
                        16,
                        Map.of(0, MS, 1, S, 2, US, 3, NS),
                        3,
                        false);
            case NETBSD ->
                new SimulatedKqueueAbi(
                        "__kevent50",
                        true,
                        40,
                        4,
                        12,
                        16,
                        24,
                        32,
                        Map.of(0, Filter.READ, 1, Filter.WRITE, 6, Filter.TIMER, 8, Filter.USER),
                        0,
                        0,
                        16,
                        Map.of(0, MS, 1, S, 2, US, 3, NS),
                        3,
                        false);
            case DRAGONFLY ->
                new SimulatedKqueueAbi(
                        "kevent",
                        false,
                        32,
                        2,
                        10,
                        12,
                        16,
                        24,
                        Map.of(-1, Filter.READ, -2, Filter.WRITE, -8, Filter.EXCEPT, -7, Filter.TIMER, -9, Filter.USER),
                        2,
                        0,
                        0,
                        Map.of(0, MS),
                        0,
                        false);
            case LIBKQUEUE -> throw new IllegalArgumentException("libkqueue is no system");
        };
    }

    @Nullable
    Filter filter(SimulatedKevent event) {
        return filters.get(event.filter());
    }

    SimulatedKevent read(MemorySegment list, long index) {
        long start = index * size;
        boolean narrow = width == 2;
        return new SimulatedKevent(
                list.get(JAVA_LONG_UNALIGNED, start),
                narrow ? list.get(JAVA_SHORT_UNALIGNED, start + 8) : list.get(JAVA_INT_UNALIGNED, start + 8),
                narrow
                        ? Short.toUnsignedInt(list.get(JAVA_SHORT_UNALIGNED, start + flags))
                        : list.get(JAVA_INT_UNALIGNED, start + flags),
                list.get(JAVA_INT_UNALIGNED, start + fflags),
                list.get(JAVA_LONG_UNALIGNED, start + data),
                list.get(JAVA_LONG_UNALIGNED, start + udata));
    }

    void write(MemorySegment list, long index, SimulatedKevent event) {
        long start = index * size;
        list.asSlice(start, size).fill((byte) 0);
        list.set(JAVA_LONG_UNALIGNED, start, event.ident());
        if (width == 2) {
            list.set(JAVA_SHORT_UNALIGNED, start + 8, (short) event.filter());
            list.set(JAVA_SHORT_UNALIGNED, start + flags, (short) event.flags());
        } else {
            list.set(JAVA_INT_UNALIGNED, start + 8, event.filter());
            list.set(JAVA_INT_UNALIGNED, start + flags, event.flags());
        }
        list.set(JAVA_INT_UNALIGNED, start + fflags, event.fflags());
        list.set(JAVA_LONG_UNALIGNED, start + data, event.data());
        list.set(JAVA_LONG_UNALIGNED, start + udata, event.udata());
    }
}
