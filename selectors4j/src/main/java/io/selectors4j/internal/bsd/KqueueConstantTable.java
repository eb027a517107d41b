package io.selectors4j.internal.bsd;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The constants of kqueue on each system: sys/event.h. A filter is a signed 16-bit number, on NetBSD an unsigned
/// 32-bit one. All others are unsigned.
public final class KqueueConstantTable {

    /// The value of a constant that a system lacks.
    public static final long NONE = Long.MIN_VALUE;

    private static final List<KqueueSystem> COLUMNS = List.of(
            KqueueSystem.MACOS,
            KqueueSystem.FREEBSD,
            KqueueSystem.OPENBSD,
            KqueueSystem.NETBSD,
            KqueueSystem.DRAGONFLY,
            KqueueSystem.LIBKQUEUE);

    /// The values of a constant on each of [#COLUMNS], by C name.
    private static final Map<String, long[]> TABLE = new LinkedHashMap<>();

    static {
        // macOS, FreeBSD, OpenBSD, NetBSD, DragonFly, libkqueue
        // filters
        row("EVFILT_READ", -1, -1, -1, 0, -1, -1);
        row("EVFILT_WRITE", -2, -2, -2, 1, -2, -2);
        row("EVFILT_EXCEPT", -15, NONE, -9, NONE, -8, NONE);
        row("EVFILT_AIO", -3, -3, -3, 2, -3, NONE);
        row("EVFILT_LIO", NONE, -10, NONE, NONE, NONE, NONE);
        row("EVFILT_VNODE", -4, -4, -4, 3, -4, -4);
        row("EVFILT_PROC", -5, -5, -5, 4, -5, -5);
        row("EVFILT_PROCDESC", NONE, -8, NONE, NONE, NONE, NONE);
        row("EVFILT_SIGNAL", -6, -6, -6, 5, -6, -6);
        row("EVFILT_TIMER", -7, -7, -7, 6, -7, -7);
        row("EVFILT_USER", -10, -11, -10, 8, -9, -11);
        row("EVFILT_FS", -9, -9, NONE, 7, -10, NONE);
        row("EVFILT_NETDEV", NONE, NONE, NONE, NONE, NONE, NONE);
        row("EVFILT_DEVICE", NONE, NONE, -8, NONE, NONE, NONE);
        row("EVFILT_MACHPORT", -8, NONE, NONE, NONE, NONE, NONE);
        row("EVFILT_VM", -12, NONE, NONE, NONE, NONE, NONE);
        row("EVFILT_SENDFILE", NONE, -12, NONE, NONE, NONE, NONE);
        row("EVFILT_EMPTY", NONE, -13, NONE, 9, NONE, NONE);
        // actions and flags
        row("EV_ADD", 1, 1, 1, 1, 1, 1);
        row("EV_DELETE", 2, 2, 2, 2, 2, 2);
        row("EV_ENABLE", 4, 4, 4, 4, 4, 4);
        row("EV_DISABLE", 8, 8, 8, 8, 8, 8);
        row("EV_FORCEONESHOT", NONE, 0x100, NONE, NONE, NONE, NONE);
        row("EV_ONESHOT", 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
        row("EV_CLEAR", 0x20, 0x20, 0x20, 0x20, 0x20, 0x20);
        row("EV_RECEIPT", 0x40, 0x40, 0x40, 0x40, 0x40, 0x40);
        row("EV_DISPATCH", 0x80, 0x80, 0x80, 0x80, 0x80, 0x80);
        row("EV_DISPATCH2", 0x180, NONE, NONE, NONE, NONE, NONE);
        row("EV_UDATA_SPECIFIC", 0x100, NONE, NONE, NONE, NONE, NONE);
        row("EV_VANISHED", 0x200, NONE, NONE, NONE, NONE, NONE);
        row("EV_KEEPUDATA", NONE, 0x200, NONE, NONE, NONE, NONE);
        row("EV_SYSFLAGS", 0xF000, 0xF000, 0xF800, 0xF000, 0xF800, 0xF000);
        row("EV_DROP", NONE, 0x1000, NONE, NONE, NONE, NONE);
        row("EV_FLAG0", 0x1000, NONE, NONE, NONE, NONE, NONE);
        row("EV_FLAG1", 0x2000, 0x2000, 0x2000, 0x2000, 0x2000, 0x2000);
        row("EV_FLAG2", NONE, 0x4000, NONE, NONE, NONE, NONE);
        row("EV_POLL", 0x1000, NONE, NONE, NONE, NONE, NONE);
        row("EV_OOBAND", 0x2000, NONE, NONE, NONE, NONE, NONE);
        row("EV_NODATA", NONE, NONE, NONE, NONE, 0x1000, NONE);
        row("EV_HUP", NONE, NONE, NONE, NONE, 0x800, NONE);
        // returned flags
        row("EV_EOF", 0x8000, 0x8000, 0x8000, 0x8000, 0x8000, 0x8000);
        row("EV_ERROR", 0x4000, 0x4000, 0x4000, 0x4000, 0x4000, 0x4000);
        // EVFILT_READ, EVFILT_WRITE, EVFILT_EXCEPT
        row("NOTE_LOWAT", 1, 1, 1, 1, 1, NONE);
        row("NOTE_FILE_POLL", NONE, 2, NONE, NONE, NONE, NONE);
        row("NOTE_EOF", NONE, NONE, 2, NONE, NONE, NONE);
        row("NOTE_OOB", 2, NONE, 4, NONE, 2, NONE);
        // EVFILT_USER
        row("NOTE_FFNOP", 0, 0, 0, 0, 0, 0);
        row("NOTE_FFAND", 0x40000000, 0x40000000, 0x40000000, 0x40000000, 0x40000000, 0x40000000);
        row("NOTE_FFOR", 0x80000000L, 0x80000000L, 0x80000000L, 0x80000000L, 0x80000000L, 0x80000000L);
        row("NOTE_FFCOPY", 0xC0000000L, 0xC0000000L, 0xC0000000L, 0xC0000000L, 0xC0000000L, 0xC0000000L);
        row("NOTE_FFCTRLMASK", 0xC0000000L, 0xC0000000L, 0xC0000000L, 0xC0000000L, 0xC0000000L, 0xC0000000L);
        row("NOTE_FFLAGSMASK", 0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF);
        row("NOTE_TRIGGER", 0x1000000, 0x1000000, 0x1000000, 0x1000000, 0x1000000, 0x1000000);
        // EVFILT_VNODE
        row("NOTE_DELETE", 1, 1, 1, 1, 1, 1);
        row("NOTE_WRITE", 2, 2, 2, 2, 2, 2);
        row("NOTE_EXTEND", 4, 4, 4, 4, 4, 4);
        row("NOTE_ATTRIB", 8, 8, 8, 8, 8, 8);
        row("NOTE_LINK", 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
        row("NOTE_RENAME", 0x20, 0x20, 0x20, 0x20, 0x20, 0x20);
        row("NOTE_REVOKE", 0x40, 0x40, 0x40, 0x40, 0x40, NONE);
        row("NOTE_NONE", 0x80, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_FUNLOCK", 0x100, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_LEASE_DOWNGRADE", 0x200, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_LEASE_RELEASE", 0x400, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_TRUNCATE", NONE, NONE, 0x80, NONE, NONE, NONE);
        row("NOTE_OPEN", NONE, 0x80, NONE, 0x80, NONE, NONE);
        row("NOTE_CLOSE", NONE, 0x100, NONE, 0x100, NONE, NONE);
        row("NOTE_CLOSE_WRITE", NONE, 0x200, NONE, 0x200, NONE, NONE);
        row("NOTE_READ", NONE, 0x400, NONE, 0x400, NONE, NONE);
        // EVFILT_PROC
        row("NOTE_EXIT", 0x80000000L, 0x80000000L, 0x80000000L, 0x80000000L, 0x80000000L, 0x80000000L);
        row("NOTE_FORK", 0x40000000, 0x40000000, 0x40000000, 0x40000000, 0x40000000, NONE);
        row("NOTE_EXEC", 0x20000000, 0x20000000, 0x20000000, 0x20000000, 0x20000000, NONE);
        row("NOTE_REAP", 0x10000000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_SIGNAL", 0x8000000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_EXITSTATUS", 0x4000000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_EXIT_DETAIL", 0x2000000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_EXIT_DETAIL_MASK", 0x70000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_EXIT_DECRYPTFAIL", 0x10000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_EXIT_MEMORY", 0x20000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_EXIT_CSERROR", 0x40000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_EXIT_REPARENTED", 0x80000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_PCTRLMASK", 0xFFF00000L, 0xF0000000L, 0xF0000000L, 0xF0000000L, 0xF0000000L, NONE);
        row("NOTE_PDATAMASK", 0xFFFFF, 0xFFFFF, 0xFFFFF, 0xFFFFF, 0xFFFFF, NONE);
        row("NOTE_TRACK", 1, 1, 1, 1, 1, NONE);
        row("NOTE_TRACKERR", 2, 2, 2, 2, 2, NONE);
        row("NOTE_CHILD", 4, 4, 4, 4, 4, NONE);
        // EVFILT_TIMER
        row("NOTE_SECONDS", 1, 1, 1, 1, NONE, 1);
        row("NOTE_MSECONDS", NONE, 2, 0, 0, NONE, NONE);
        row("NOTE_USECONDS", 2, 4, 2, 2, NONE, 2);
        row("NOTE_NSECONDS", 4, 8, 3, 3, NONE, 4);
        row("NOTE_ABSTIME", NONE, 0x10, 0x10, 0x10, NONE, NONE);
        row("NOTE_ABSOLUTE", 8, NONE, NONE, NONE, NONE, 8);
        row("NOTE_LEEWAY", 0x10, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_CRITICAL", 0x20, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_BACKGROUND", 0x40, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_MACH_CONTINUOUS_TIME", 0x80, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_MACHTIME", 0x100, NONE, NONE, NONE, NONE, NONE);
        // EVFILT_DEVICE
        row("NOTE_CHANGE", NONE, NONE, 1, NONE, NONE, NONE);
        // EVFILT_NETDEV
        row("NOTE_LINKUP", NONE, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_LINKDOWN", NONE, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_LINKINV", NONE, NONE, NONE, NONE, NONE, NONE);
        // EVFILT_VM
        row("NOTE_VM_PRESSURE", 0x80000000L, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_VM_PRESSURE_TERMINATE", 0x40000000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_VM_PRESSURE_SUDDEN_TERMINATE", 0x20000000, NONE, NONE, NONE, NONE, NONE);
        row("NOTE_VM_ERROR", 0x10000000, NONE, NONE, NONE, NONE, NONE);
    }

    private KqueueConstantTable() {}

    private static void row(String name, long... numbers) {
        if (numbers.length != COLUMNS.size() || TABLE.put(name, numbers) != null) {
            throw new AssertionError(name);
        }
    }

    /// Returns the C names of all constants, filters first.
    public static Iterable<String> names() {
        return Collections.unmodifiableSet(TABLE.keySet());
    }

    /// Returns the value of a constant on a system, or [#NONE].
    ///
    /// @throws IllegalArgumentException if there is no such constant
    public static long find(KqueueSystem system, String name) {
        long[] numbers = TABLE.get(name);
        if (numbers == null) {
            throw new IllegalArgumentException("no constant of kqueue is called " + name);
        }
        return numbers[COLUMNS.indexOf(system)];
    }
}
