package io.selectors4j;

/// The flags that the selectors ask for and get, in the numbers of `poll`, and what they mean for an [Interest].
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

    /// What the kernel reports without being asked.
    static final int ALWAYS = ERR | HUP | NVAL;

    private static final int READS = IN | RDHUP | ALWAYS;
    private static final int WRITES = OUT | ALWAYS;

    private PollMask() {}

    /// What to ask the kernel for. RDHUP goes with READ only: to a key that only waits to write, a half-closed connection would be
    /// reported without end.
    static int of(Interest interest) {
        return (interest.contains(Interest.READ) ? IN | RDHUP : 0)
                | (interest.contains(Interest.WRITE) ? OUT : 0)
                | (interest.contains(Interest.PRIORITY) ? PRI : 0);
    }

    /// The part of an interest that a mask makes ready.
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

    /// Moves the flags together into 7 bits.
    static int compact(int mask) {
        return (mask & (IN | PRI | OUT | ALWAYS)) | ((mask & RDHUP) >>> 7);
    }
}
