package io.selectors4j;

/// What to wait for on a descriptor: a union of [#READ], [#WRITE] and [#PRIORITY]. There is one object for each union, so
/// they may be compared with `==`.
///
/// | | Python | `select` | `poll` | epoll |
/// |---|---|---|---|---|
/// | READ | EVENT_READ | read set | POLLIN, POLLRDHUP | EPOLLIN, EPOLLRDHUP |
/// | WRITE | EVENT_WRITE | write set | POLLOUT | EPOLLOUT |
/// | PRIORITY | | except set | POLLPRI | EPOLLPRI |
///
/// Errors and hang-ups need not be asked for: they wake whoever waits for anything. With `select`, which has no word for
/// them, a hang-up wakes who waits for READ, and an error who waits for READ or WRITE. See [Readiness].
public final class Interest {

    private static final int READ_BIT = 1;
    private static final int WRITE_BIT = 1 << 1;
    private static final int PRIORITY_BIT = 1 << 2;
    private static final int BITS = 3;
    // The next bits belong to the modes: edge-triggered, one-shot, exclusive.

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

    /// The union with another interest.
    ///
    /// @param other the other one
    /// @return what either of both waits for
    public Interest or(Interest other) {
        return ALL[bits | other.bits];
    }

    /// The difference to another interest.
    ///
    /// @param other the other one
    /// @return what this one waits for and the other one does not
    public Interest without(Interest other) {
        return ALL[bits & ~other.bits];
    }

    /// Whether this waits for all that another one waits for.
    ///
    /// @param other the other one
    /// @return whether it is a part of this one
    public boolean contains(Interest other) {
        return (bits & other.bits) == other.bits;
    }

    /// Whether this is [#NONE].
    ///
    /// @return whether it waits for nothing
    public boolean isEmpty() {
        return bits == 0;
    }

    /// The number of this union among all.
    int index() {
        return bits;
    }

    /// How many unions there are.
    static int count() {
        return ALL.length;
    }

    /// The names of the parts, joined by `|`.
    @Override
    public String toString() {
        if (isEmpty()) {
            return "NONE";
        }
        StringBuilder text = new StringBuilder();
        append(text, READ_BIT, "READ");
        append(text, WRITE_BIT, "WRITE");
        append(text, PRIORITY_BIT, "PRIORITY");
        return text.toString();
    }

    private void append(StringBuilder text, int bit, String name) {
        if ((bits & bit) != 0) {
            text.append(text.isEmpty() ? "" : "|").append(name);
        }
    }
}
