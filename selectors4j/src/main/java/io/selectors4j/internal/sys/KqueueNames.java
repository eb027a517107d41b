package io.selectors4j.internal.sys;

import io.selectors4j.internal.bsd.KqueueConstantTable;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Platform;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The C names of the fields of events on one system.
public final class KqueueNames {

    /// The NOTE_* of some filters.
    private record Group(Set<String> filters, List<String> notes) {}

    private static final List<Group> GROUPS = List.of(
            new Group(
                    Set.of("EVFILT_READ", "EVFILT_WRITE", "EVFILT_EXCEPT"),
                    List.of("NOTE_LOWAT", "NOTE_FILE_POLL", "NOTE_EOF", "NOTE_OOB")),
            new Group(
                    Set.of("EVFILT_USER"),
                    List.of(
                            "NOTE_FFNOP",
                            "NOTE_FFAND",
                            "NOTE_FFOR",
                            "NOTE_FFCOPY",
                            "NOTE_FFCTRLMASK",
                            "NOTE_FFLAGSMASK",
                            "NOTE_TRIGGER")),
            new Group(
                    Set.of("EVFILT_VNODE"),
                    List.of(
                            "NOTE_DELETE",
                            "NOTE_WRITE",
                            "NOTE_EXTEND",
                            "NOTE_ATTRIB",
                            "NOTE_LINK",
                            "NOTE_RENAME",
                            "NOTE_REVOKE",
                            "NOTE_NONE",
                            "NOTE_FUNLOCK",
                            "NOTE_LEASE_DOWNGRADE",
                            "NOTE_LEASE_RELEASE",
                            "NOTE_TRUNCATE",
                            "NOTE_OPEN",
                            "NOTE_CLOSE",
                            "NOTE_CLOSE_WRITE",
                            "NOTE_READ")),
            new Group(
                    Set.of("EVFILT_PROC", "EVFILT_PROCDESC"),
                    List.of(
                            "NOTE_EXIT",
                            "NOTE_FORK",
                            "NOTE_EXEC",
                            "NOTE_REAP",
                            "NOTE_SIGNAL",
                            "NOTE_EXITSTATUS",
                            "NOTE_EXIT_DETAIL",
                            "NOTE_EXIT_DETAIL_MASK",
                            "NOTE_EXIT_DECRYPTFAIL",
                            "NOTE_EXIT_MEMORY",
                            "NOTE_EXIT_CSERROR",
                            "NOTE_EXIT_REPARENTED",
                            "NOTE_PCTRLMASK",
                            "NOTE_PDATAMASK",
                            "NOTE_TRACK",
                            "NOTE_TRACKERR",
                            "NOTE_CHILD")),
            new Group(
                    Set.of("EVFILT_TIMER"),
                    List.of(
                            "NOTE_SECONDS",
                            "NOTE_MSECONDS",
                            "NOTE_USECONDS",
                            "NOTE_NSECONDS",
                            "NOTE_ABSTIME",
                            "NOTE_ABSOLUTE",
                            "NOTE_LEEWAY",
                            "NOTE_CRITICAL",
                            "NOTE_BACKGROUND",
                            "NOTE_MACH_CONTINUOUS_TIME",
                            "NOTE_MACHTIME")),
            new Group(Set.of("EVFILT_DEVICE"), List.of("NOTE_CHANGE")),
            new Group(Set.of("EVFILT_NETDEV"), List.of("NOTE_LINKUP", "NOTE_LINKDOWN", "NOTE_LINKINV")),
            new Group(
                    Set.of("EVFILT_VM"),
                    List.of(
                            "NOTE_VM_PRESSURE",
                            "NOTE_VM_PRESSURE_TERMINATE",
                            "NOTE_VM_PRESSURE_SUDDEN_TERMINATE",
                            "NOTE_VM_ERROR")));

    /// The names of this system.
    public static final KqueueNames CURRENT = new KqueueNames(KqueueSystem.of(Platform.CURRENT.os()));

    private final @Nullable KqueueSystem system;

    /// Creates the names of a system; with null, no number has a name.
    public KqueueNames(@Nullable KqueueSystem system) {
        this.system = system;
    }

    /// Returns the index of a NOTE_* among those of its filter.
    static int index(String note) {
        for (Group group : GROUPS) {
            int index = group.notes().indexOf(note);
            if (index >= 0) {
                return index;
            }
        }
        throw new AssertionError(note + " belongs to no filter");
    }

    /// Returns whether a NOTE_* belongs to a filter.
    static boolean isOf(String note, String filter) {
        return notes(filter).contains(note);
    }

    private static List<String> notes(String filter) {
        for (Group group : GROUPS) {
            if (group.filters().contains(filter)) {
                return group.notes();
            }
        }
        return List.of();
    }

    /// Returns the C name of a filter; empty if the system has no such filter.
    String filterName(int filter) {
        for (String name : KqueueConstantTable.names()) {
            if (name.startsWith("EVFILT_") && isNumber(name, filter)) {
                return name;
            }
        }
        return "";
    }

    /// Returns the C name of a filter, or `filter=` and the number.
    public String filter(int filter) {
        String name = filterName(filter);
        return name.isEmpty() ? "filter=" + filter : name;
    }

    /// Returns the names of EV_* flags, or `flags=` and the number.
    public String flags(int flags) {
        List<String> names = new ArrayList<>();
        for (String name : KqueueConstantTable.names()) {
            if (name.startsWith("EV_") && !name.equals("EV_SYSFLAGS")) {
                names.add(name);
            }
        }
        String found = split(Integer.toUnsignedLong(flags), names);
        return found == null ? "flags=0x" + Integer.toHexString(flags) : found;
    }

    /// Returns the names of the NOTE_* of an event as far as they have one, or `fflags=` and the number. With EV_EOF,
    /// `fflags` is the error of a socket.
    public String fflags(int filter, int flags, long fflags) {
        String name = filterName(filter);
        boolean error = system != null
                && (flags & system.number("EV_EOF")) != 0
                && (name.equals("EVFILT_READ") || name.equals("EVFILT_WRITE") || name.equals("EVFILT_EXCEPT"));
        String found = error
                ? null
                : split(
                        fflags,
                        notes(name).stream()
                                .filter(note -> !note.endsWith("MASK"))
                                .toList());
        return found == null ? "fflags=0x" + Long.toHexString(fflags) : found;
    }

    /// Returns the names of bits and the remaining bits, or null if no bit has a name. Constants of several bits are
    /// matched first, since the units of time are numbers on some systems. EV_FLAG* is matched last, since it is a
    /// second name of other flags.
    private @Nullable String split(long value, List<String> names) {
        List<String> candidates = new ArrayList<>(names);
        candidates.removeIf(name -> bits(name) == 0);
        candidates.sort(Comparator.comparingInt((String name) -> -Long.bitCount(bits(name)))
                .thenComparing(name -> name.startsWith("EV_FLAG")));
        TreeSet<String> found = new TreeSet<>(Comparator.comparingInt(names::indexOf));
        long remaining = value;
        for (String name : candidates) {
            if ((remaining & bits(name)) == bits(name)) {
                found.add(name);
                remaining &= ~bits(name);
            }
        }
        if (found.isEmpty()) {
            return null;
        }
        return String.join("|", found) + (remaining == 0 ? "" : "|0x" + Long.toHexString(remaining));
    }

    private boolean isNumber(String name, int number) {
        return system != null && system.has(name) && system.number(name) == number;
    }

    /// Returns the value of a constant, or 0 if the system lacks it.
    private long bits(String name) {
        return system != null && system.has(name) ? Integer.toUnsignedLong(system.number(name)) : 0;
    }

    /// Describes an event by its fields. `ident` and `udata` are unsigned.
    public String event(long ident, int filter, int flags, long fflags, long data, long udata) {
        return "Kevent[ident=" + Long.toUnsignedString(ident) + ", " + filter(filter) + ", " + flags(flags) + ", "
                + fflags(filter, flags, fflags) + ", data=" + data + ", udata=0x" + Long.toHexString(udata) + "]";
    }

    /// Describes a call that makes one change, for the message of an exception. `ident` is unsigned.
    public String call(long ident, int filter, int flags) {
        return "kevent(" + flags(flags) + ", " + filter(filter) + ", ident=" + Long.toUnsignedString(ident) + ")";
    }
}
