package io.selectors4j;

/// The event flags of all backends, with the values of poll(2) on Linux, and their conversion to and from an
/// [Interest].
///
/// Linux: asm-generic/poll.h and linux/eventpoll.h, where EPOLL* and POLL* have the same values.
final class PollMask {

    static final int IN = 0x001;
    static final int PRI = 0x002;
    static final int OUT = 0x004;
    static final int ERR = 0x008;
    static final int HUP = 0x010;
    static final int NVAL = 0x020;
    static final int RDHUP = 0x2000;

    /// The flags that the kernel reports without a request.
    static final int ALWAYS = ERR | HUP | NVAL;

    private static final int READS = IN | RDHUP | ALWAYS;
    private static final int WRITES = OUT | ALWAYS;

    private PollMask() {}

    /// Returns the flags to request. RDHUP comes with READ only: a key that only waits to write would be reported
    /// forever for a half-closed connection.
    static int of(Interest interest) {
        return (interest.contains(Interest.READ) ? IN | RDHUP : 0)
                | (interest.contains(Interest.WRITE) ? OUT : 0)
                | (interest.contains(Interest.PRIORITY) ? PRI : 0);
    }

    /// Returns the part of an interest that a mask makes ready.
    static Interest toInterest(int mask, Interest interest) {
        Interest ready = Interest.NONE;
        if ((mask & READS) != 0) {
            ready = ready.or(Interest.READ);
        }
        if ((mask & WRITES) != 0) {
            ready = ready.or(Interest.WRITE);
        }
        if ((mask & PRI) != 0) {
            ready = ready.or(Interest.PRIORITY);
        }
        return ready.and(interest);
    }

    /// Packs the flags into 7 bits.
    static int compact(int mask) {
        return (mask & (IN | PRI | OUT | ALWAYS)) | ((mask & RDHUP) >>> 7);
    }
}
