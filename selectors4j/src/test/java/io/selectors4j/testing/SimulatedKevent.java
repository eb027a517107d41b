package io.selectors4j.testing;

/// A `struct kevent` of any system, as [SimulatedKqueue] thinks of it.
///
/// @param ident what it is about
/// @param filter the filter's number
/// @param flags EV_*
/// @param fflags NOTE_*, or the error of a socket
/// @param data the filter's number
/// @param udata the user data
record SimulatedKevent(long ident, int filter, int flags, int fflags, long data, long udata) {

    // sys/event.h, the same on all systems
    static final int EV_ADD = 0x0001;
    static final int EV_DELETE = 0x0002;
    static final int EV_ENABLE = 0x0004;
    static final int EV_DISABLE = 0x0008;
    static final int EV_ONESHOT = 0x0010;
    static final int EV_CLEAR = 0x0020;
    static final int EV_RECEIPT = 0x0040;
    static final int EV_DISPATCH = 0x0080;
    static final int EV_ERROR = 0x4000;
    static final int EV_EOF = 0x8000;

    /// What a knote keeps of the flags it was added with.
    static final int KNOTE_FLAGS = EV_ONESHOT | EV_CLEAR | EV_RECEIPT | EV_DISPATCH;

    /// The errors come in these, so a change cannot have them: EV_SYSFLAGS, the least of all systems.
    private static final int EV_SYSFLAGS = 0xF000;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// The same without what only the kernel may set.
    SimulatedKevent withoutSystemFlags() {
        return new SimulatedKevent(ident, filter, flags & ~EV_SYSFLAGS, fflags, data, udata);
    }

    /// The answer to this change.
    SimulatedKevent receipt(int receiptFlags, int errno) {
        return new SimulatedKevent(ident, filter, receiptFlags, fflags, errno, udata);
    }
}
