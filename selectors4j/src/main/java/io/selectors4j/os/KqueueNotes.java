package io.selectors4j.os;

import io.selectors4j.internal.sys.KqueueConstants;

/// The flags of the filters: the `fflags` of a [Kevent], by filter. Constants that this system lacks are refused as
/// [Kqueue] describes.
///
/// Source: kevent(2), sys/event.h.
public final class KqueueNotes {

    // EVFILT_READ, EVFILT_WRITE, EVFILT_EXCEPT

    /// `data` is the low-water mark in bytes. Systems: all but libkqueue.
    public static final long NOTE_LOWAT = number("NOTE_LOWAT");

    /// A regular file is always ready, as with poll(2). Systems: FreeBSD.
    public static final long NOTE_FILE_POLL = number("NOTE_FILE_POLL");

    /// A regular file is ready at end of file too. Systems: OpenBSD.
    public static final long NOTE_EOF = number("NOTE_EOF");

    /// There is out-of-band data. Systems: macOS, OpenBSD, DragonFly BSD.
    public static final long NOTE_OOB = number("NOTE_OOB");

    // EVFILT_USER

    /// Ignores the flags in `fflags`. Systems: all.
    public static final long NOTE_FFNOP = number("NOTE_FFNOP");

    /// Combines the event's flags with those in `fflags` by AND. Systems: all.
    public static final long NOTE_FFAND = number("NOTE_FFAND");

    /// Combines the event's flags with those in `fflags` by OR. Systems: all.
    public static final long NOTE_FFOR = number("NOTE_FFOR");

    /// Copies the flags in `fflags` to the event. Systems: all.
    public static final long NOTE_FFCOPY = number("NOTE_FFCOPY");

    /// The mask of the four operations above. Systems: all.
    public static final long NOTE_FFCTRLMASK = number("NOTE_FFCTRLMASK");

    /// The mask of the program's own flags. Systems: all.
    public static final long NOTE_FFLAGSMASK = number("NOTE_FFLAGSMASK");

    /// Triggers the event. Systems: all.
    public static final long NOTE_TRIGGER = number("NOTE_TRIGGER");

    // EVFILT_VNODE

    /// The file was removed: unlink(2). Systems: all.
    public static final long NOTE_DELETE = number("NOTE_DELETE");

    /// The file was written. Systems: all.
    public static final long NOTE_WRITE = number("NOTE_WRITE");

    /// The file was extended. Systems: all.
    public static final long NOTE_EXTEND = number("NOTE_EXTEND");

    /// The attributes of the file changed. Systems: all.
    public static final long NOTE_ATTRIB = number("NOTE_ATTRIB");

    /// The link count of the file changed. Systems: all.
    public static final long NOTE_LINK = number("NOTE_LINK");

    /// The file was renamed. Systems: all.
    public static final long NOTE_RENAME = number("NOTE_RENAME");

    /// Access to the file was revoked with revoke(2), or its file system was unmounted. Systems: all but libkqueue.
    public static final long NOTE_REVOKE = number("NOTE_REVOKE");

    /// No vnode event: EVFILT_VNODE is reported as EVFILT_READ would be. Systems: macOS.
    public static final long NOTE_NONE = number("NOTE_NONE");

    /// The file was unlocked: flock(2), close(2). Systems: macOS.
    public static final long NOTE_FUNLOCK = number("NOTE_FUNLOCK");

    /// The lease on the file is to be downgraded to a shared one. Systems: macOS.
    public static final long NOTE_LEASE_DOWNGRADE = number("NOTE_LEASE_DOWNGRADE");

    /// The lease on the file is to be released. Systems: macOS.
    public static final long NOTE_LEASE_RELEASE = number("NOTE_LEASE_RELEASE");

    /// The file was truncated. Systems: OpenBSD.
    public static final long NOTE_TRUNCATE = number("NOTE_TRUNCATE");

    /// The file was opened. Systems: FreeBSD, NetBSD.
    public static final long NOTE_OPEN = number("NOTE_OPEN");

    /// A descriptor of the file without write access was closed. Systems: FreeBSD, NetBSD.
    public static final long NOTE_CLOSE = number("NOTE_CLOSE");

    /// A descriptor of the file with write access was closed. Systems: FreeBSD, NetBSD.
    public static final long NOTE_CLOSE_WRITE = number("NOTE_CLOSE_WRITE");

    /// The file was read. Systems: FreeBSD, NetBSD.
    public static final long NOTE_READ = number("NOTE_READ");

    // EVFILT_PROC, EVFILT_PROCDESC

    /// The process exited. On most systems, the event's `data` is its status, as from waitpid(2). Systems: all.
    public static final long NOTE_EXIT = number("NOTE_EXIT");

    /// The process called fork(2). Systems: all but libkqueue.
    public static final long NOTE_FORK = number("NOTE_FORK");

    /// The process executed another program. Systems: all but libkqueue.
    public static final long NOTE_EXEC = number("NOTE_EXEC");

    /// The parent reaped the process. Deprecated. Systems: macOS.
    public static final long NOTE_REAP = number("NOTE_REAP");

    /// A signal was sent to the process. Systems: macOS.
    public static final long NOTE_SIGNAL = number("NOTE_SIGNAL");

    /// With NOTE_EXIT, for a child: `data` is the exit status. Systems: macOS.
    public static final long NOTE_EXITSTATUS = number("NOTE_EXITSTATUS");

    /// With NOTE_EXIT, for a child: `data` has the reason of the exit. Systems: macOS.
    public static final long NOTE_EXIT_DETAIL = number("NOTE_EXIT_DETAIL");

    /// The mask of the reason in `data`. Systems: macOS.
    public static final long NOTE_EXIT_DETAIL_MASK = number("NOTE_EXIT_DETAIL_MASK");

    /// In `data`: the program could not be decrypted. Systems: macOS.
    public static final long NOTE_EXIT_DECRYPTFAIL = number("NOTE_EXIT_DECRYPTFAIL");

    /// In `data`: the process was killed because of memory pressure. Systems: macOS.
    public static final long NOTE_EXIT_MEMORY = number("NOTE_EXIT_MEMORY");

    /// In `data`: the code signature is not valid. Systems: macOS.
    public static final long NOTE_EXIT_CSERROR = number("NOTE_EXIT_CSERROR");

    /// In `data`: the process was reparented. No longer sent. Systems: macOS.
    public static final long NOTE_EXIT_REPARENTED = number("NOTE_EXIT_REPARENTED");

    /// The mask of the flags in `fflags`. Systems: all but libkqueue.
    public static final long NOTE_PCTRLMASK = number("NOTE_PCTRLMASK");

    /// The mask of the data in `fflags` or `data`. Systems: all but libkqueue.
    public static final long NOTE_PDATAMASK = number("NOTE_PDATAMASK");

    /// Follows the process across fork(2). ENOTSUP on macOS. Systems: all but libkqueue.
    public static final long NOTE_TRACK = number("NOTE_TRACK");

    /// The system could not follow a child. Systems: all but libkqueue.
    public static final long NOTE_TRACKERR = number("NOTE_TRACKERR");

    /// The event is for a child that is followed; `data` is the parent's process id. Systems: all but libkqueue.
    public static final long NOTE_CHILD = number("NOTE_CHILD");

    // EVFILT_TIMER

    /// `data` is in seconds. Systems: all but DragonFly BSD.
    public static final long NOTE_SECONDS = number("NOTE_SECONDS");

    /// `data` is in milliseconds, the default. Systems: FreeBSD, OpenBSD, NetBSD.
    public static final long NOTE_MSECONDS = number("NOTE_MSECONDS");

    /// `data` is in microseconds. Systems: all but DragonFly BSD.
    public static final long NOTE_USECONDS = number("NOTE_USECONDS");

    /// `data` is in nanoseconds. Systems: all but DragonFly BSD.
    public static final long NOTE_NSECONDS = number("NOTE_NSECONDS");

    /// `data` is an absolute time since the epoch. Systems: FreeBSD, OpenBSD, NetBSD.
    public static final long NOTE_ABSTIME = number("NOTE_ABSTIME");

    /// `data` is an absolute time since the epoch. Systems: macOS, libkqueue.
    public static final long NOTE_ABSOLUTE = number("NOTE_ABSOLUTE");

    /// The timer has a leeway, which only kevent64(2) can pass. Systems: macOS.
    public static final long NOTE_LEEWAY = number("NOTE_LEEWAY");

    /// The timer is as exact as the system can make it. Systems: macOS.
    public static final long NOTE_CRITICAL = number("NOTE_CRITICAL");

    /// The timer may be deferred to save energy. Systems: macOS.
    public static final long NOTE_BACKGROUND = number("NOTE_BACKGROUND");

    /// The clock of the timer continues while the machine is asleep. Systems: macOS.
    public static final long NOTE_MACH_CONTINUOUS_TIME = number("NOTE_MACH_CONTINUOUS_TIME");

    /// `data` is in units of mach_absolute_time. Systems: macOS.
    public static final long NOTE_MACHTIME = number("NOTE_MACHTIME");

    // EVFILT_DEVICE

    /// The device changed. Systems: OpenBSD.
    public static final long NOTE_CHANGE = number("NOTE_CHANGE");

    // EVFILT_NETDEV

    /// The link is up. Systems: none.
    public static final long NOTE_LINKUP = number("NOTE_LINKUP");

    /// The link is down. Systems: none.
    public static final long NOTE_LINKDOWN = number("NOTE_LINKDOWN");

    /// The state of the link is not valid. Systems: none.
    public static final long NOTE_LINKINV = number("NOTE_LINKINV");

    // EVFILT_VM

    /// There is memory pressure. Systems: macOS.
    public static final long NOTE_VM_PRESSURE = number("NOTE_VM_PRESSURE");

    /// There is memory pressure, and the process should exit. Systems: macOS.
    public static final long NOTE_VM_PRESSURE_TERMINATE = number("NOTE_VM_PRESSURE_TERMINATE");

    /// There is memory pressure, and the process should exit immediately. Systems: macOS.
    public static final long NOTE_VM_PRESSURE_SUDDEN_TERMINATE = number("NOTE_VM_PRESSURE_SUDDEN_TERMINATE");

    /// There was an error. Systems: macOS.
    public static final long NOTE_VM_ERROR = number("NOTE_VM_ERROR");

    private KqueueNotes() {}

    private static long number(String name) {
        return KqueueConstants.CURRENT.value(name);
    }
}
