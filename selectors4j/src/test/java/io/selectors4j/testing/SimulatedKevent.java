package io.selectors4j.testing;

/// A `struct kevent` of any system, as [SimulatedKqueue] uses it.
///
/// @param ident the identifier
/// @param filter the number of the filter
/// @param flags EV_*
/// @param fflags NOTE_*, or the error of a socket
/// @param data the value of the filter
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

    /// The flags of EV_ADD that a knote keeps.
    static final int KNOTE_FLAGS = EV_ONESHOT | EV_CLEAR | EV_RECEIPT | EV_DISPATCH;

    /// The flags that only the kernel sets: EV_SYSFLAGS, the smallest set of all systems.
    private static final int EV_SYSFLAGS = 0xF000;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// Returns this change without the flags that only the kernel may set.
    SimulatedKevent withoutSystemFlags() {
        return new SimulatedKevent(ident, filter, flags & ~EV_SYSFLAGS, fflags, data, udata);
    }

    /// Returns the receipt of this change.
    SimulatedKevent receipt(int receiptFlags, int errno) {
        return new SimulatedKevent(ident, filter, receiptFlags, fflags, errno, udata);
    }
}
