package io.selectors4j;

/// The events to wait for on a descriptor, a union of [#READ], [#WRITE], [#PRIORITY] and [#HANGUP], and the modes of
/// the wait. There is one object for each value, so interests may be compared with `==`.
///
/// | Interest | Python | SELECT | POLL | EPOLL | KQUEUE | AFD |
/// |---|---|---|---|---|---|---|
/// | READ | EVENT_READ | read set | POLLIN, POLLRDHUP | EPOLLIN, EPOLLRDHUP | EVFILT_READ | AFD_POLL_RECEIVE, _ACCEPT, _DISCONNECT |
/// | WRITE | EVENT_WRITE | write set | POLLOUT | EPOLLOUT | EVFILT_WRITE | AFD_POLL_SEND |
/// | PRIORITY | none | except set | POLLPRI | EPOLLPRI | EVFILT_EXCEPT, or the except set of select | AFD_POLL_RECEIVE_EXPEDITED |
/// | HANGUP | none | refused | POLLHUP and POLLERR, on Linux | EPOLLHUP and EPOLLERR | refused | AFD_POLL_ABORT, _CONNECT_FAIL |
/// | [#edgeTriggered] | none | refused | refused | EPOLLET | EV_CLEAR | refused |
/// | [#oneShot] | none | by the selector | by the selector | EPOLLONESHOT | EV_DISPATCH | by the selector |
/// | [#exclusive] | none | refused | refused | EPOLLEXCLUSIVE | refused | refused |
///
/// A key with any event also gets errors and hang-ups, without a request; with AFD those of a reset connection and of a
/// failed connect. [#HANGUP] requests nothing else. `select` has no flags for them: it reports a hang-up to keys with
/// READ, and an error to keys with READ or WRITE. See [Readiness].
///
/// On Windows, POLL refuses PRIORITY, and SELECT reports a reset connection whose send buffer is full to keys with READ
/// only.
///
/// ## Modes
/// Without a mode, a key is level-triggered: every select reports it as long as it is ready. A key keeps its modes
/// until [Selector#modify] gives it an interest without them. [Backend#supports] returns whether a backend supports an
/// interest. If it does not, [Selector#register] and [Selector#modify] throw an [UnsupportedOperationException].
///
/// Source: epoll_ctl(2), kqueue(2).
public final class Interest {

    private static final int READ_BIT = 1;
    private static final int WRITE_BIT = 1 << 1;
    private static final int PRIORITY_BIT = 1 << 2;
    private static final int HANGUP_BIT = 1 << 3;
    private static final int EVENTS = READ_BIT | WRITE_BIT | PRIORITY_BIT | HANGUP_BIT;
    private static final int EDGE_BIT = 1 << 4;
    private static final int ONE_SHOT_BIT = 1 << 5;
    private static final int EXCLUSIVE_BIT = 1 << 6;
    private static final int BITS = 7;

    private static final Interest[] ALL = new Interest[1 << BITS];

    static {
        for (int bits = 0; bits < ALL.length; bits++) {
            ALL[bits] = new Interest(bits);
        }
    }

    /// No events. A key that is modified to this interest stays registered, but the kernel does not watch it: not even
    /// a hang-up is reported. [#HANGUP] is the interest that reports it.
    public static final Interest NONE = ALL[0];

    /// Data to read, a connection to accept, or the end of the stream.
    public static final Interest READ = ALL[READ_BIT];

    /// Buffer space to write, or a connect that has succeeded or failed.
    public static final Interest WRITE = ALL[WRITE_BIT];

    /// An exceptional condition: out-of-band data of a TCP socket, a state change of a pty master in packet mode, a
    /// change of a sysfs attribute.
    ///
    /// Two kinds of files on Linux do not report it as other descriptors do:
    /// - A sysfs attribute, a cgroup file or `/proc/mdstat` stays ready until the file is read again from offset 0. A
    ///   sysfs attribute that was never read is ready at once. After each event, seek to 0 (or open the file again) and
    ///   read to the end; or use [#edgeTriggered], and the selector reports each change once without a read.
    /// - `/proc/self/mountinfo`, `/proc/self/mounts`, `/proc/swaps`, the pollable files of `/proc/sys`, and a trigger
    ///   on `/proc/pressure/*` report a change to one poll only. That poll consumes the condition, so the next select
    ///   does not report it again. One selector alone should wait for each of these descriptors; see [EpollSelector]
    ///   for nested ones.
    ///
    /// These files are ready for [#READ] at any time, also without a change. Source: poll(2), sysfs documentation and
    /// `kernfs_generic_poll`, `mdstat_poll`, `mounts_poll`, `psi_trigger_poll` and `proc_sys_poll` of the kernel.
    public static final Interest PRIORITY = ALL[PRIORITY_BIT];

    /// A hang-up or an error alone: a connection that was reset or is closed in both directions, a pipe without a
    /// writer, a pipe without a reader. A program that has stopped reading a connection learns with it that the
    /// connection is gone. Neither data nor room is reported, nor that the peer has only stopped sending.
    ///
    /// The kernel reports these conditions to every key, so this interest together with another event requests nothing
    /// more: [Readiness#events] then contains it. The condition persists, so modify or unregister the key after it, or
    /// use a mode: edge-triggered or one-shot.
    ///
    /// EPOLL and IO_URING support it; POLL on Linux; and AFD, which reports a reset connection and a failed connect,
    /// but not that both sides have stopped sending. The other backends and a batched socket refuse it:
    /// - SELECT reports a hang-up as readable, as it reports data.
    /// - KQUEUE reports the end of each direction with the filter of this direction. It does not distinguish a reset
    ///   from the end of the peer's data, or from a shutdown of this side.
    /// - POLL on macOS reports the end of the peer's data as a hang-up, and so does the `WSAPoll` of Windows. On the
    ///   BSDs a wait without another event does not end when a socket hangs up.
    /// - The bytes of a batched socket that the program does not read hold up the receive that would find the error.
    ///
    /// There, wait for [#READ] and keep what was read; or with KQUEUE for READ [#edgeTriggered], which is reported for
    /// new data only. Source: poll(2), epoll_ctl(2).
    public static final Interest HANGUP = ALL[HANGUP_BIT];

    /// The union of [#READ] and [#WRITE].
    public static final Interest READ_WRITE = ALL[READ_BIT | WRITE_BIT];

    private final int bits;

    private Interest(int bits) {
        this.bits = bits;
    }

    /// Returns this interest with the edge-triggered mode. The selector reports a key when a new event arrives, and
    /// does not report a condition again because it persists. After each event, read or write the descriptor, which
    /// must be non-blocking, until the call would block. A condition that exists at [Selector#register], or at a
    /// [Selector#modify] to other events, is reported once.
    ///
    /// @return the edge-triggered interest
    public Interest edgeTriggered() {
        return ALL[bits | EDGE_BIT];
    }

    /// Returns this interest with the one-shot mode. The selector reports the key once. The key then stays registered
    /// and disabled, also for hang-ups, until [Selector#modify] arms it again, with the same interest or another one.
    ///
    /// @return the one-shot interest
    public Interest oneShot() {
        return ALL[bits | ONE_SHOT_BIT];
    }

    /// Returns this interest with the exclusive mode. If several selectors wait for the same open file, the kernel
    /// wakes one or more of them, but not all. The mode serves a listening socket that several threads accept from,
    /// each with its own selector; all of these selectors must use it.
    ///
    /// Only EPOLL supports it, and not together with [#PRIORITY] or [#oneShot], nor for a selector or another epoll
    /// instance as the object. The kernel then reports the peer's half-close as plain readability. A select on a
    /// virtual thread does not itself wait in the kernel, so the other selectors may wake too.
    ///
    /// @return the exclusive interest
    public Interest exclusive() {
        return ALL[bits | EXCLUSIVE_BIT];
    }

    /// Returns the events without the modes.
    ///
    /// @return a union of [#READ], [#WRITE], [#PRIORITY] and [#HANGUP]
    public Interest events() {
        return ALL[bits & EVENTS];
    }

    /// Returns whether this interest has the edge-triggered mode.
    ///
    /// @return true after [#edgeTriggered]
    public boolean isEdgeTriggered() {
        return (bits & EDGE_BIT) != 0;
    }

    /// Returns whether this interest has the one-shot mode.
    ///
    /// @return true after [#oneShot]
    public boolean isOneShot() {
        return (bits & ONE_SHOT_BIT) != 0;
    }

    /// Returns whether this interest has the exclusive mode.
    ///
    /// @return true after [#exclusive]
    public boolean isExclusive() {
        return (bits & EXCLUSIVE_BIT) != 0;
    }

    /// Returns the union of this interest and another one.
    ///
    /// @param other the other interest
    /// @return the events and modes of both
    public Interest or(Interest other) {
        return ALL[bits | other.bits];
    }

    /// Returns this interest without another one.
    ///
    /// @param other the interest to remove
    /// @return the events and modes of this interest that `other` does not have
    public Interest without(Interest other) {
        return ALL[bits & ~other.bits];
    }

    /// Returns whether this interest has all events and modes of another one.
    ///
    /// @param other the other interest
    /// @return whether it is a part of this interest
    public boolean contains(Interest other) {
        return (bits & other.bits) == other.bits;
    }

    /// Returns whether this interest has no events. Modes do not count.
    ///
    /// @return whether [#events] is [#NONE]
    public boolean isEmpty() {
        return (bits & EVENTS) == 0;
    }

    /// Returns the events and modes that both interests have.
    Interest and(Interest other) {
        return ALL[bits & other.bits];
    }

    /// Returns the flags of [PollMask] to request. RDHUP comes with READ only: a key that only waits to write would be
    /// reported forever for a half-closed connection. HANGUP requests no flag: the kernel always reports HUP and ERR.
    int pollMask() {
        return (contains(READ) ? PollMask.IN | PollMask.RDHUP : 0)
                | (contains(WRITE) ? PollMask.OUT : 0)
                | (contains(PRIORITY) ? PollMask.PRI : 0);
    }

    /// Returns the index of [#events], from 0 to [#count] exclusive.
    int index() {
        return bits & EVENTS;
    }

    /// Returns the number of all unions of events.
    static int count() {
        return EVENTS + 1;
    }

    /// Returns the names of the events and modes, joined by `|`.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(isEmpty() ? "NONE" : "");
        append(text, READ_BIT, "READ");
        append(text, WRITE_BIT, "WRITE");
        append(text, PRIORITY_BIT, "PRIORITY");
        append(text, HANGUP_BIT, "HANGUP");
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
