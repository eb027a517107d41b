package io.selectors4j;

/// The event flags of all backends, with the values of poll(2) on Linux. [Interest#pollMask] has the flags to request,
/// and [Readiness] the meaning of the flags that the kernel returns.
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

    /// The flags that make a key ready to read.
    static final int READS = IN | RDHUP | ALWAYS;

    /// The flags that make a key ready to write.
    static final int WRITES = OUT | ALWAYS;

    private PollMask() {}
}
