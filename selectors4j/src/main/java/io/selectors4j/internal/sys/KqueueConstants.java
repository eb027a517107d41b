package io.selectors4j.internal.sys;

import io.selectors4j.internal.bsd.KqueueConstantTable;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The constants of kqueue as a program on one system sees them. What the system lacks has a value that no event takes, so
/// that its use is refused, and refused by name:
///
/// - a filter is [Integer#MIN_VALUE] and some, where filters have 16 bits;
/// - a flag is one of the bits from 16 on, where flags have 16 bits;
/// - a NOTE_* is one of the bits from 32 on, where `fflags` has 32 bits, and no two of one filter have the same.
public final class KqueueConstants {

    private static final int FIRST_FLAG_BIT = 16;
    private static final int FLAG_BITS = 15;
    private static final int FIRST_NOTE_BIT = 32;
    private static final int LARGEST_FLAGS = 0xFFFF;
    private static final long LARGEST_FFLAGS = 0xFFFF_FFFFL;

    /// Of the system that runs.
    public static final KqueueConstants CURRENT =
            new KqueueConstants(KqueueSystem.of(Platform.CURRENT.os()), Platform.CURRENT.toString());

    private final @Nullable KqueueSystem system;
    private final String title;
    private final Map<String, Long> values = new LinkedHashMap<>();
    private final int smallestFilter;
    private final int largestFilter;

    /// Of a system.
    ///
    /// @param system the system
    public KqueueConstants(KqueueSystem system) {
        this(system, system.toString());
    }

    /// Of a system that may have no kqueue, and so none of the constants.
    ///
    /// @param system the system, or null
    /// @param platform what to call it then
    KqueueConstants(@Nullable KqueueSystem system, String platform) {
        this.system = system;
        title = system == null ? platform : system.toString();
        boolean wide = system != null && system.layout().width("filter") == Integer.BYTES;
        smallestFilter = wide ? 0 : Short.MIN_VALUE;
        largestFilter = wide ? Integer.MAX_VALUE : Short.MAX_VALUE;
        int filters = 0;
        int flags = 0;
        for (String name : KqueueConstantTable.names()) {
            long number = system == null ? KqueueConstantTable.NONE : KqueueConstantTable.find(system, name);
            if (number != KqueueConstantTable.NONE) {
                values.put(name, number);
            } else if (name.startsWith("EVFILT_")) {
                values.put(name, (long) Integer.MIN_VALUE + filters++);
            } else if (name.startsWith("EV_")) {
                values.put(name, 1L << (FIRST_FLAG_BIT + flags++ % FLAG_BITS));
            } else {
                values.put(name, 1L << (FIRST_NOTE_BIT + KqueueNames.place(name)));
            }
        }
    }

    /// The value of a constant.
    ///
    /// @param name its C name
    /// @return its number; one that is refused if the system lacks it
    /// @throws IllegalArgumentException if there is no such constant
    public long value(String name) {
        Long value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no constant of kqueue is called " + name);
        }
        return value;
    }

    /// Whether the system has a constant.
    ///
    /// @param name its C name
    /// @return whether it has it
    /// @throws IllegalArgumentException if there is no such constant
    public boolean has(String name) {
        value(name);
        return system != null && system.has(name);
    }

    /// Makes sure that the fields of an event are in range, and so that no constant is among them that the system lacks.
    ///
    /// @param filter a filter
    /// @param flags flags
    /// @param fflags the filter's flags
    /// @throws UnsupportedOperationException if the system lacks one of them; the message names it
    /// @throws IllegalArgumentException if one is out of range; the message names the field
    public void require(int filter, int flags, long fflags) {
        if (filter < smallestFilter || filter > largestFilter) {
            refuse("EVFILT_", filter, "");
            throw outOfRange("filter", Integer.toString(filter), smallestFilter + " to " + largestFilter);
        }
        if ((flags & ~LARGEST_FLAGS) != 0) {
            refuse("EV_", flags & ~LARGEST_FLAGS, "");
            throw outOfRange("flags", Integer.toString(flags), "0 to " + LARGEST_FLAGS);
        }
        if ((fflags & ~LARGEST_FFLAGS) != 0) {
            String own = new KqueueNames(system).filterName(filter);
            refuse("NOTE_", fflags & ~LARGEST_FFLAGS, own);
            refuse("NOTE_", fflags & ~LARGEST_FFLAGS, "");
            throw outOfRange("fflags", Long.toString(fflags), "0 to " + LARGEST_FFLAGS);
        }
    }

    /// Throws if a value stands for constants that the system lacks.
    ///
    /// @param prefix what their names begin with
    /// @param value the value, or for flags the bits that are beyond the range
    /// @param filter the filter that they have to be for; empty for any
    private void refuse(String prefix, long value, String filter) {
        boolean bits = !prefix.equals("EVFILT_");
        List<String> lacking = new ArrayList<>();
        long left = value;
        for (Map.Entry<String, Long> constant : values.entrySet()) {
            String name = constant.getKey();
            boolean meant = bits ? (value & constant.getValue()) != 0 : value == constant.getValue();
            if (meant && name.startsWith(prefix) && !has(name)) {
                if (filter.isEmpty() || KqueueNames.isOf(name, filter)) {
                    lacking.add(name);
                    left &= ~constant.getValue();
                }
            }
        }
        if (!lacking.isEmpty() && (left == 0 || !bits)) {
            throw new UnsupportedOperationException(
                    lacking.stream().map(KqueueConstants::owners).collect(Collectors.joining("; ")) + ", and this is "
                            + title);
        }
    }

    private static IllegalArgumentException outOfRange(String field, String value, String range) {
        return new IllegalArgumentException(field + " " + value + " is not from " + range);
    }

    private static String owners(String name) {
        List<String> systems = systems(name);
        return switch (systems.size()) {
            case 0 -> name + ": no system has it any more";
            case 1 -> name + ": " + systems.getFirst() + " has it";
            default ->
                name + ": " + String.join(", ", systems.subList(0, systems.size() - 1)) + " and " + systems.getLast()
                        + " have it";
        };
    }

    /// The systems that have a constant.
    ///
    /// @param name its C name
    /// @return their names
    /// @throws IllegalArgumentException if there is no such constant
    public static List<String> systems(String name) {
        List<String> systems = new ArrayList<>();
        for (KqueueSystem system : KqueueSystem.values()) {
            if (system.has(name)) {
                systems.add(system.toString());
            }
        }
        return systems;
    }
}
