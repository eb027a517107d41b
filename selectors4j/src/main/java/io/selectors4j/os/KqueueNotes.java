package io.selectors4j.os;

import io.selectors4j.internal.sys.KqueueConstants;

/// What a [Kevent] asks for and tells in its `fflags`, filter by filter. What is said of unavailable constants in [Kqueue]
/// holds here too.
///
/// Source: kevent(2), sys/event.h.
public final class KqueueNotes {

    // EVFILT_READ, EVFILT_WRITE, EVFILT_EXCEPT

    /// `data` is how many bytes there have to be at the least. Systems: all but libkqueue.
    public static final long NOTE_LOWAT = number("NOTE_LOWAT");

    /// A regular file is always ready, as poll(2) has it. Systems: FreeBSD.
    public static final long NOTE_FILE_POLL = number("NOTE_FILE_POLL");

    /// A regular file is ready at its end, too. Systems: OpenBSD.
    public static final long NOTE_EOF = number("NOTE_EOF");

    /// There are out-of-band data. Systems: macOS, OpenBSD, DragonFly BSD.
    public static final long NOTE_OOB = number("NOTE_OOB");

    // EVFILT_USER

    /// The event's flags stay as they are. Systems: all.
    public static final long NOTE_FFNOP = number("NOTE_FFNOP");

    /// The event's flags become those that are in `fflags` too. Systems: all.
    public static final long NOTE_FFAND = number("NOTE_FFAND");

    /// Those in `fflags` come to the event's flags. Systems: all.
    public static final long NOTE_FFOR = number("NOTE_FFOR");

    /// The event's flags become those in `fflags`. Systems: all.
    public static final long NOTE_FFCOPY = number("NOTE_FFCOPY");

    /// The bits of the four above. Systems: all.
    public static final long NOTE_FFCTRLMASK = number("NOTE_FFCTRLMASK");

    /// The bits that are the program's own. Systems: all.
    public static final long NOTE_FFLAGSMASK = number("NOTE_FFLAGSMASK");

    /// Trigger the event. Systems: all.
    public static final long NOTE_TRIGGER = number("NOTE_TRIGGER");

    // EVFILT_VNODE

    /// The file was removed: unlink(2). Systems: all.
    public static final long NOTE_DELETE = number("NOTE_DELETE");

    /// It was written to. Systems: all.
    public static final long NOTE_WRITE = number("NOTE_WRITE");

    /// It has grown. Systems: all.
    public static final long NOTE_EXTEND = number("NOTE_EXTEND");

    /// Its attributes have changed. Systems: all.
    public static final long NOTE_ATTRIB = number("NOTE_ATTRIB");

    /// Its number of links has changed. Systems: all.
    public static final long NOTE_LINK = number("NOTE_LINK");

    /// It was renamed. Systems: all.
    public static final long NOTE_RENAME = number("NOTE_RENAME");

    /// Access was revoked with revoke(2), or its file system unmounted. Systems: all but libkqueue.
    public static final long NOTE_REVOKE = number("NOTE_REVOKE");

    /// Nothing in particular: EVFILT_VNODE goes off as EVFILT_READ would. Systems: macOS.
    public static final long NOTE_NONE = number("NOTE_NONE");

    /// It was unlocked: flock(2), close(2). Systems: macOS.
    public static final long NOTE_FUNLOCK = number("NOTE_FUNLOCK");

    /// Somebody asks to make the lease on it a shared one. Systems: macOS.
    public static final long NOTE_LEASE_DOWNGRADE = number("NOTE_LEASE_DOWNGRADE");

    /// Somebody asks to give up the lease on it. Systems: macOS.
    public static final long NOTE_LEASE_RELEASE = number("NOTE_LEASE_RELEASE");

    /// It was truncated. Systems: OpenBSD.
    public static final long NOTE_TRUNCATE = number("NOTE_TRUNCATE");

    /// It was opened. Systems: FreeBSD, NetBSD.
    public static final long NOTE_OPEN = number("NOTE_OPEN");

    /// It was closed, by one who could not write to it. Systems: FreeBSD, NetBSD.
    public static final long NOTE_CLOSE = number("NOTE_CLOSE");

    /// It was closed, by one who could write to it. Systems: FreeBSD, NetBSD.
    public static final long NOTE_CLOSE_WRITE = number("NOTE_CLOSE_WRITE");

    /// It was read. Systems: FreeBSD, NetBSD.
    public static final long NOTE_READ = number("NOTE_READ");

    // EVFILT_PROC, EVFILT_PROCDESC

    /// The process has ended. On most systems, the event's `data` is its status, as waitpid(2) has it. Systems: all.
    public static final long NOTE_EXIT = number("NOTE_EXIT");

    /// It has forked. Systems: all but libkqueue.
    public static final long NOTE_FORK = number("NOTE_FORK");

    /// It executes another program. Systems: all but libkqueue.
    public static final long NOTE_EXEC = number("NOTE_EXEC");

    /// Its parent has collected its status. Deprecated there. Systems: macOS.
    public static final long NOTE_REAP = number("NOTE_REAP");

    /// A signal was sent to it. Systems: macOS.
    public static final long NOTE_SIGNAL = number("NOTE_SIGNAL");

    /// With NOTE_EXIT, for a child: `data` is its status. Systems: macOS.
    public static final long NOTE_EXITSTATUS = number("NOTE_EXITSTATUS");

    /// With NOTE_EXIT, for a child: `data` say why it ended. Systems: macOS.
    public static final long NOTE_EXIT_DETAIL = number("NOTE_EXIT_DETAIL");

    /// The bits of `data` that say why. Systems: macOS.
    public static final long NOTE_EXIT_DETAIL_MASK = number("NOTE_EXIT_DETAIL_MASK");

    /// In `data`: its program could not be decrypted. Systems: macOS.
    public static final long NOTE_EXIT_DECRYPTFAIL = number("NOTE_EXIT_DECRYPTFAIL");

    /// In `data`: it was ended because memory is scarce. Systems: macOS.
    public static final long NOTE_EXIT_MEMORY = number("NOTE_EXIT_MEMORY");

    /// In `data`: its signature is wrong. Systems: macOS.
    public static final long NOTE_EXIT_CSERROR = number("NOTE_EXIT_CSERROR");

    /// In `data`: its parent had become another one. Not sent any more. Systems: macOS.
    public static final long NOTE_EXIT_REPARENTED = number("NOTE_EXIT_REPARENTED");

    /// The bits of `fflags` that ask and tell. Systems: all but libkqueue.
    public static final long NOTE_PCTRLMASK = number("NOTE_PCTRLMASK");

    /// The bits of `fflags` or `data` that hold a number. Systems: all but libkqueue.
    public static final long NOTE_PDATAMASK = number("NOTE_PDATAMASK");

    /// Follow its children too. macOS answers ENOTSUP. Systems: all but libkqueue.
    public static final long NOTE_TRACK = number("NOTE_TRACK");

    /// A child could not be followed. Systems: all but libkqueue.
    public static final long NOTE_TRACKERR = number("NOTE_TRACKERR");

    /// The event is about such a child; `data` is its parent. Systems: all but libkqueue.
    public static final long NOTE_CHILD = number("NOTE_CHILD");

    // EVFILT_TIMER

    /// `data` are seconds. Systems: all but DragonFly BSD.
    public static final long NOTE_SECONDS = number("NOTE_SECONDS");

    /// `data` are milliseconds, as without a unit. Systems: FreeBSD, OpenBSD, NetBSD.
    public static final long NOTE_MSECONDS = number("NOTE_MSECONDS");

    /// `data` are microseconds. Systems: all but DragonFly BSD.
    public static final long NOTE_USECONDS = number("NOTE_USECONDS");

    /// `data` are nanoseconds. Systems: all but DragonFly BSD.
    public static final long NOTE_NSECONDS = number("NOTE_NSECONDS");

    /// `data` is a point in time, since 1970. Systems: FreeBSD, OpenBSD, NetBSD.
    public static final long NOTE_ABSTIME = number("NOTE_ABSTIME");

    /// `data` is a point in time, since 1970. Systems: macOS, libkqueue.
    public static final long NOTE_ABSOLUTE = number("NOTE_ABSOLUTE");

    /// The timer may be late, by a time that only kevent64(2) can pass. Systems: macOS.
    public static final long NOTE_LEEWAY = number("NOTE_LEEWAY");

    /// The timer has to be as exact as can be. Systems: macOS.
    public static final long NOTE_CRITICAL = number("NOTE_CRITICAL");

    /// The timer may be late, to save energy. Systems: macOS.
    public static final long NOTE_BACKGROUND = number("NOTE_BACKGROUND");

    /// The time goes on while the machine sleeps. Systems: macOS.
    public static final long NOTE_MACH_CONTINUOUS_TIME = number("NOTE_MACH_CONTINUOUS_TIME");

    /// `data` are units of mach_absolute_time. Systems: macOS.
    public static final long NOTE_MACHTIME = number("NOTE_MACHTIME");

    // EVFILT_DEVICE

    /// The device has changed. Systems: OpenBSD.
    public static final long NOTE_CHANGE = number("NOTE_CHANGE");

    // EVFILT_NETDEV

    /// The link is up. Systems: none.
    public static final long NOTE_LINKUP = number("NOTE_LINKUP");

    /// The link is down. Systems: none.
    public static final long NOTE_LINKDOWN = number("NOTE_LINKDOWN");

    /// The state of the link is not valid. Systems: none.
    public static final long NOTE_LINKINV = number("NOTE_LINKINV");

    // EVFILT_VM

    /// Memory is scarce. Systems: macOS.
    public static final long NOTE_VM_PRESSURE = number("NOTE_VM_PRESSURE");

    /// Memory is scarce, and the program is to end. Systems: macOS.
    public static final long NOTE_VM_PRESSURE_TERMINATE = number("NOTE_VM_PRESSURE_TERMINATE");

    /// Memory is scarce, and the program is to end at once. Systems: macOS.
    public static final long NOTE_VM_PRESSURE_SUDDEN_TERMINATE = number("NOTE_VM_PRESSURE_SUDDEN_TERMINATE");

    /// There was an error. Systems: macOS.
    public static final long NOTE_VM_ERROR = number("NOTE_VM_ERROR");

    private KqueueNotes() {}

    private static long number(String name) {
        return KqueueConstants.CURRENT.value(name);
    }
}
