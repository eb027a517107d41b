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

/// The constants of kqueue as one system has them. A constant that the system lacks gets a value that no event accepts,
/// so its use is rejected with its name:
///
/// - a filter is [Integer#MIN_VALUE] plus an index, since filters have 16 bits;
/// - a flag is one of the bits from 16 on, since flags have 16 bits;
/// - a NOTE_* is one of the bits from 32 on, since `fflags` has 32 bits. The NOTE_* of one filter have different bits.
public final class KqueueConstants {

    private static final int FIRST_FLAG_BIT = 16;
    private static final int FLAG_BITS = 15;
    private static final int FIRST_NOTE_BIT = 32;
    private static final int LARGEST_FLAGS = 0xFFFF;
    private static final long LARGEST_FFLAGS = 0xFFFF_FFFFL;

    /// The constants of this system.
    public static final KqueueConstants CURRENT =
            new KqueueConstants(KqueueSystem.of(Platform.CURRENT.os()), Platform.CURRENT.toString());

    private final @Nullable KqueueSystem system;
    private final String title;
    private final Map<String, Long> values = new LinkedHashMap<>();
    private final int smallestFilter;
    private final int largestFilter;

    /// Creates the constants of a system.
    public KqueueConstants(KqueueSystem system) {
        this(system, system.toString());
    }

    /// Creates the constants of a system that may lack kqueue; the platform names it in messages.
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
                values.put(name, 1L << (FIRST_NOTE_BIT + KqueueNames.index(name)));
            }
        }
    }

    /// Returns the value of a constant; a value that is rejected if the system lacks it.
    ///
    /// @throws IllegalArgumentException if there is no such constant
    public long value(String name) {
        Long value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no constant of kqueue is called " + name);
        }
        return value;
    }

    /// Returns whether the system has a constant.
    ///
    /// @throws IllegalArgumentException if there is no such constant
    public boolean has(String name) {
        value(name);
        return system != null && system.has(name);
    }

    /// Checks that the fields of an event are in range, so that the system has all its constants.
    ///
    /// @throws UnsupportedOperationException if the system lacks a constant; the message names it
    /// @throws IllegalArgumentException if a field is out of range; the message names the field
    public void require(int filter, int flags, long fflags) {
        if (filter < smallestFilter || filter > largestFilter) {
            reject("EVFILT_", filter, "");
            throw outOfRange("filter", Integer.toString(filter), smallestFilter + " to " + largestFilter);
        }
        if ((flags & ~LARGEST_FLAGS) != 0) {
            reject("EV_", flags & ~LARGEST_FLAGS, "");
            throw outOfRange("flags", Integer.toString(flags), "0 to " + LARGEST_FLAGS);
        }
        if ((fflags & ~LARGEST_FFLAGS) != 0) {
            String own = new KqueueNames(system).filterName(filter);
            reject("NOTE_", fflags & ~LARGEST_FFLAGS, own);
            reject("NOTE_", fflags & ~LARGEST_FFLAGS, "");
            throw outOfRange("fflags", Long.toString(fflags), "0 to " + LARGEST_FFLAGS);
        }
    }

    /// Throws if a value consists of constants that the system lacks.
    ///
    /// @param prefix the prefix of their names
    /// @param value the filter, or the bits that are out of range
    /// @param filter the filter that the constants belong to; empty for any
    private void reject(String prefix, long value, String filter) {
        boolean bits = !prefix.equals("EVFILT_");
        List<String> missing = new ArrayList<>();
        long remaining = value;
        for (Map.Entry<String, Long> constant : values.entrySet()) {
            String name = constant.getKey();
            boolean matches = bits ? (value & constant.getValue()) != 0 : value == constant.getValue();
            if (matches && name.startsWith(prefix) && !has(name)) {
                if (filter.isEmpty() || KqueueNames.isOf(name, filter)) {
                    missing.add(name);
                    remaining &= ~constant.getValue();
                }
            }
        }
        if (!missing.isEmpty() && (remaining == 0 || !bits)) {
            throw new UnsupportedOperationException(
                    missing.stream().map(KqueueConstants::availability).collect(Collectors.joining("; "))
                            + ", and this is " + title);
        }
    }

    private static IllegalArgumentException outOfRange(String field, String value, String range) {
        return new IllegalArgumentException(field + " " + value + " is not from " + range);
    }

    private static String availability(String name) {
        List<String> systems = systems(name);
        return switch (systems.size()) {
            case 0 -> name + ": no system has it any more";
            case 1 -> name + ": " + systems.getFirst() + " has it";
            default ->
                name + ": " + String.join(", ", systems.subList(0, systems.size() - 1)) + " and " + systems.getLast()
                        + " have it";
        };
    }

    /// Returns the names of the systems that have a constant.
    ///
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
