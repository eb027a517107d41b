package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.selectors4j.internal.bsd.KqueueSystem;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ABI of kqueue on one system. All numbers are copied from sys/event.h of the system, and none from the library,
/// so that a wrong number in the library is detected.
///
/// @param symbol the symbol of `kevent`
/// @param wideCounts whether the counts are of type `size_t`
/// @param size the size of `struct kevent`
/// @param width the size of its fields `filter` and `flags`
/// @param flags the offset of `flags`; the offset of `ident` is 0 and of `filter` 8 on all systems
/// @param fflags the offset of `fflags`
/// @param data the offset of `data`
/// @param udata the offset of `udata`
/// @param filters the filters by number
/// @param oob NOTE_OOB; 0 where it does not exist
/// @param filePoll NOTE_FILE_POLL; 0 where it does not exist
/// @param absolute NOTE_ABSTIME or NOTE_ABSOLUTE; 0 where neither exists
/// @param units the nanoseconds of each NOTE_* of a unit
/// @param unitMask the mask of these notes
/// @param apple whether the system is macOS: events and receipts include the flags of the change, and EVFILT_EXCEPT of
///     a socket reports all that EVFILT_READ does, with NOTE_OOB if that is the reason
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

    /// The simulated filters.
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
