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

/// The C names of an event's numbers on one system.
public final class KqueueNames {

    /// Which NOTE_* belong to which filters.
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

    /// Of the system that runs.
    public static final KqueueNames CURRENT = new KqueueNames(KqueueSystem.of(Platform.CURRENT.os()));

    private final @Nullable KqueueSystem system;

    /// Of a system.
    ///
    /// @param system the system; null for none, where no number has a name
    public KqueueNames(@Nullable KqueueSystem system) {
        this.system = system;
    }

    /// Where a NOTE_* stands among those of its filter.
    ///
    /// @param note its C name
    /// @return its place, from 0
    static int place(String note) {
        for (Group group : GROUPS) {
            int place = group.notes().indexOf(note);
            if (place >= 0) {
                return place;
            }
        }
        throw new AssertionError(note + " belongs to no filter");
    }

    /// Whether a NOTE_* belongs to a filter.
    ///
    /// @param note its C name
    /// @param filter the filter's C name
    /// @return whether it does
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

    /// The name of a filter.
    ///
    /// @param filter its number
    /// @return its C name; empty if the system has none
    String filterName(int filter) {
        for (String name : KqueueConstantTable.names()) {
            if (name.startsWith("EVFILT_") && isNumber(name, filter)) {
                return name;
            }
        }
        return "";
    }

    /// A filter.
    ///
    /// @param filter its number
    /// @return its name, or `filter=` and the number
    public String filter(int filter) {
        String name = filterName(filter);
        return name.isEmpty() ? "filter=" + filter : name;
    }

    /// The flags of an event.
    ///
    /// @param flags EV_*
    /// @return their names, or `flags=` and the number
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

    /// The flags that the filter gives a meaning to. With EV_EOF they are the error of a socket.
    ///
    /// @param filter the filter
    /// @param flags the flags of the event
    /// @param fflags NOTE_*
    /// @return their names as far as they are known, or `fflags=` and the number
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

    /// Names bits: constants of several bits first, since a unit of time is a number on some systems; what is the filter's
    /// business last, since that is another name for what has one.
    ///
    /// @param value the bits
    /// @param names what they may be called, in the order to call them
    /// @return the names and what is left, or null if none of it has a name
    private @Nullable String split(long value, List<String> names) {
        List<String> candidates = new ArrayList<>(names);
        candidates.removeIf(name -> bits(name) == 0);
        candidates.sort(Comparator.comparingInt((String name) -> -Long.bitCount(bits(name)))
                .thenComparing(name -> name.startsWith("EV_FLAG")));
        TreeSet<String> found = new TreeSet<>(Comparator.comparingInt(names::indexOf));
        long left = value;
        for (String name : candidates) {
            if ((left & bits(name)) == bits(name)) {
                found.add(name);
                left &= ~bits(name);
            }
        }
        if (found.isEmpty()) {
            return null;
        }
        return String.join("|", found) + (left == 0 ? "" : "|0x" + Long.toHexString(left));
    }

    private boolean isNumber(String name, int number) {
        return system != null && system.has(name) && system.number(name) == number;
    }

    /// The number of a constant; 0 if the system lacks it.
    private long bits(String name) {
        return system != null && system.has(name) ? Integer.toUnsignedLong(system.number(name)) : 0;
    }

    /// An event.
    ///
    /// @param ident what it is about, unsigned
    /// @param filter the filter
    /// @param flags the flags
    /// @param fflags the filter's flags
    /// @param data the filter's data
    /// @param udata the user data, unsigned
    /// @return its fields, with names
    public String event(long ident, int filter, int flags, long fflags, long data, long udata) {
        return "Kevent[ident=" + Long.toUnsignedString(ident) + ", " + filter(filter) + ", " + flags(flags) + ", "
                + fflags(filter, flags, fflags) + ", data=" + data + ", udata=0x" + Long.toHexString(udata) + "]";
    }

    /// A call that makes one change.
    ///
    /// @param ident what it is about, unsigned
    /// @param filter the filter
    /// @param flags the flags
    /// @return the call, for the message of an exception
    public String call(long ident, int filter, int flags) {
        return "kevent(" + flags(flags) + ", " + filter(filter) + ", ident=" + Long.toUnsignedString(ident) + ")";
    }
}
