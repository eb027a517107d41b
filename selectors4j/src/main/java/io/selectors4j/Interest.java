package io.selectors4j;

/// What to wait for on a descriptor, a union of [#READ], [#WRITE] and [#PRIORITY], and how. There is one object for each
/// value, so they may be compared with `==`.
///
/// | | Python | SELECT | POLL | EPOLL | KQUEUE |
/// |---|---|---|---|---|---|
/// | READ | EVENT_READ | read set | POLLIN, POLLRDHUP | EPOLLIN, EPOLLRDHUP | EVFILT_READ |
/// | WRITE | EVENT_WRITE | write set | POLLOUT | EPOLLOUT | EVFILT_WRITE |
/// | PRIORITY | | except set | POLLPRI | EPOLLPRI | EVFILT_EXCEPT, or the except set of select |
/// | [#edgeTriggered] | | refused | refused | EPOLLET | EV_CLEAR |
/// | [#oneShot] | | by the selector | by the selector | EPOLLONESHOT | EV_DISPATCH |
/// | [#exclusive] | | refused | refused | EPOLLEXCLUSIVE | refused |
///
/// Errors and hang-ups need not be asked for: they wake whoever waits for anything. With `select`, which has no word for
/// them, a hang-up wakes who waits for READ, and an error who waits for READ or WRITE. See [Readiness].
///
/// ## Modes
/// Without a mode, a key is level-triggered: it is reported by every select for as long as it is ready. A key keeps its
/// modes until [Selector#modify] gives it an interest without them. [Backend#supports] tells which a backend can do; a
/// [Selector#register] or [Selector#modify] that asks for another one is refused with an [UnsupportedOperationException].
///
/// Source: epoll_ctl(2), kqueue(2).
public final class Interest {

    private static final int READ_BIT = 1;
    private static final int WRITE_BIT = 1 << 1;
    private static final int PRIORITY_BIT = 1 << 2;
    private static final int EVENTS = READ_BIT | WRITE_BIT | PRIORITY_BIT;
    private static final int EDGE_BIT = 1 << 3;
    private static final int ONE_SHOT_BIT = 1 << 4;
    private static final int EXCLUSIVE_BIT = 1 << 5;
    private static final int BITS = 6;

    private static final Interest[] ALL = new Interest[1 << BITS];

    static {
        for (int bits = 0; bits < ALL.length; bits++) {
            ALL[bits] = new Interest(bits);
        }
    }

    /// Nothing. A key that is modified to this stays registered but is not in the kernel's set: not even a hang-up is
    /// reported.
    public static final Interest NONE = ALL[0];

    /// Data to read, a connection to accept, or the end of the data.
    public static final Interest READ = ALL[READ_BIT];

    /// Room to write, or a connect that has come to an end.
    public static final Interest WRITE = ALL[WRITE_BIT];

    /// Urgent data: out-of-band data of a TCP socket, a changed attribute of sysfs, a packet on a pty's master.
    public static final Interest PRIORITY = ALL[PRIORITY_BIT];

    /// The union of [#READ] and [#WRITE].
    public static final Interest READ_WRITE = ALL[READ_BIT | WRITE_BIT];

    private final int bits;

    private Interest(int bits) {
        this.bits = bits;
    }

    /// The same, edge-triggered: reported when something new has happened, and not again for what is still there. So
    /// take all there is, until a call on the descriptor, which has to be non-blocking, finds nothing left. What is ready
    /// at the time of [Selector#register], or of a [Selector#modify] to other events, is reported once.
    ///
    /// @return this interest with that mode
    public Interest edgeTriggered() {
        return ALL[bits | EDGE_BIT];
    }

    /// The same, one-shot: reported once. Then the key stays registered, and nothing is reported, not even a hang-up, until
    /// [Selector#modify] arms it again, be it with the same interest.
    ///
    /// @return this interest with that mode
    public Interest oneShot() {
        return ALL[bits | ONE_SHOT_BIT];
    }

    /// The same, exclusive: of several selectors that wait for the same open file, the kernel wakes one or more, not all.
    /// Meant for a listening socket that several threads accept from, each with a selector of its own; all of them have to
    /// ask for it.
    ///
    /// EPOLL only, and there neither with [#PRIORITY] nor with [#oneShot], nor for a selector (or another epoll instance) as
    /// the object. The kernel does not tell the other end's half-close apart then: it is readable. A select on a virtual
    /// thread, which does not itself wait in the kernel, lets the others wake too.
    ///
    /// @return this interest with that mode
    public Interest exclusive() {
        return ALL[bits | EXCLUSIVE_BIT];
    }

    /// What to wait for, without the modes.
    ///
    /// @return the union of [#READ], [#WRITE] and [#PRIORITY] in this
    public Interest events() {
        return ALL[bits & EVENTS];
    }

    /// Whether this has the mode of [#edgeTriggered].
    ///
    /// @return whether it is edge-triggered
    public boolean isEdgeTriggered() {
        return (bits & EDGE_BIT) != 0;
    }

    /// Whether this has the mode of [#oneShot].
    ///
    /// @return whether it is one-shot
    public boolean isOneShot() {
        return (bits & ONE_SHOT_BIT) != 0;
    }

    /// Whether this has the mode of [#exclusive].
    ///
    /// @return whether it is exclusive
    public boolean isExclusive() {
        return (bits & EXCLUSIVE_BIT) != 0;
    }

    /// The union with another interest, and with its modes.
    ///
    /// @param other the other one
    /// @return what either of both waits for, with the modes of both
    public Interest or(Interest other) {
        return ALL[bits | other.bits];
    }

    /// The difference to another interest, and to its modes.
    ///
    /// @param other the other one
    /// @return what this one waits for and the other one does not, with the modes that this one has and the other one has not
    public Interest without(Interest other) {
        return ALL[bits & ~other.bits];
    }

    /// Whether this waits for all that another one waits for, and has its modes.
    ///
    /// @param other the other one
    /// @return whether it is a part of this one
    public boolean contains(Interest other) {
        return (bits & other.bits) == other.bits;
    }

    /// Whether this waits for nothing, in whatever mode.
    ///
    /// @return whether [#events] is [#NONE]
    public boolean isEmpty() {
        return (bits & EVENTS) == 0;
    }

    /// The intersection with another interest, and with its modes.
    Interest and(Interest other) {
        return ALL[bits & other.bits];
    }

    /// The number of [#events] among all unions.
    int index() {
        return bits & EVENTS;
    }

    /// How many unions there are.
    static int count() {
        return EVENTS + 1;
    }

    /// The names of the parts and modes, joined by `|`.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(isEmpty() ? "NONE" : "");
        append(text, READ_BIT, "READ");
        append(text, WRITE_BIT, "WRITE");
        append(text, PRIORITY_BIT, "PRIORITY");
        append(text, EDGE_BIT, "EDGE");
        append(text, ONE_SHOT_BIT, "ONESHOT");
        append(text, EXCLUSIVE_BIT, "EXCLUSIVE");
        return text.toString();
    }

    private void append(StringBuilder text, int bit, String name) {
        if ((bits & bit) != 0) {
            text.append(text.isEmpty() ? "" : "|").append(name);
        }
    }
}
