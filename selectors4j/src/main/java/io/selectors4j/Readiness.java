package io.selectors4j;

import io.selectors4j.internal.sys.PollFlags;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The events and conditions for which a descriptor is ready. There is one object for each value, so reporting one
/// allocates nothing.
///
/// [#events] is the part of the key's interest that is ready, as Python reports it. An error or a hang-up counts as
/// ready for READ and for WRITE, because the next read or write does not block: it returns the error or the end of the
/// stream; and it is what HANGUP waits for. The other methods tell the conditions apart, as far as the backend can:
///
/// | Method | SELECT | POLL | EPOLL | KQUEUE | AFD |
/// |---|---|---|---|---|---|
/// | [#isReadable] | read set | POLLIN, POLLRDHUP, POLLHUP, POLLERR or POLLNVAL | EPOLLIN, EPOLLRDHUP, EPOLLHUP or EPOLLERR | EVFILT_READ, or an end or error of any filter | RECEIVE, ACCEPT, DISCONNECT, ABORT, CONNECT_FAIL or LOCAL_CLOSE |
/// | [#isWritable] | write set | POLLOUT, POLLHUP, POLLERR or POLLNVAL | EPOLLOUT, EPOLLHUP or EPOLLERR | EVFILT_WRITE, or an error of any filter | SEND, ABORT, CONNECT_FAIL or LOCAL_CLOSE |
/// | [#isPriority] | except set | POLLPRI | EPOLLPRI | EVFILT_EXCEPT, or the except set of select | RECEIVE_EXPEDITED |
/// | [#isReadClosed] | never | POLLRDHUP or POLLHUP | EPOLLRDHUP or EPOLLHUP | EV_EOF of EVFILT_READ, or a hang-up | DISCONNECT, ABORT or CONNECT_FAIL |
/// | [#isHangup] | never | POLLHUP | EPOLLHUP | EV_EOF of EVFILT_WRITE, and of EVFILT_READ if waited for | ABORT or CONNECT_FAIL |
/// | [#isError] | never | POLLERR | EPOLLERR | EV_EOF with a socket's error, or EV_ERROR | ABORT or CONNECT_FAIL |
/// | [#isInvalid] | EBADF | POLLNVAL | never: the kernel forgets a closed descriptor | never: the kernel forgets it | LOCAL_CLOSE |
///
/// - SELECT reports a hang-up as readable, and an error as readable and writable.
/// - KQUEUE reports the end of each direction with the filter of that direction. A key with READ alone learns that the
///   peer has stopped sending, but not whether the peer still reads. A pipe without a reader is a hang-up, where POLL
///   and EPOLL report an error.
/// - POLL has POLLRDHUP on Linux and FreeBSD only. On other systems it reports the peer's half-close as plain
///   readability.
/// - AFD, whose flags begin with AFD_POLL_, reports a reset connection and a failed connect to every key. It reports no
///   hang-up if both sides have stopped sending.
/// - The WSAPoll of Windows reports one flag for a half-closed and a closed peer, POLL reports it as POLLRDHUP, and
///   POLLHUP only together with POLLERR: after a reset. It may come only after the data were read. A key with
///   [Interest#WRITE] alone does not get it.
/// - SELECT on Windows reports a failed connect as writable. A socket that was shut down for reading is not readable
///   there.
/// - An [Interest#exclusive] key gets no EPOLLRDHUP.
///
/// Source: poll(2), epoll_ctl(2), kqueue(2), select(2).
public final class Readiness {

    private static final int CONDITIONS = 1 << 7;

    /// Each element is created on first use. Read without the lock, because a [Readiness] is immutable.
    private static final @Nullable Readiness[] ALL = new Readiness[CONDITIONS * Interest.count()];

    private final int mask;
    private final Interest events;

    private Readiness(int mask, Interest events) {
        this.mask = mask;
        this.events = events;
    }

    /// Returns the readiness of a key with an interest.
    ///
    /// @param mask flags of [PollMask]
    /// @return the readiness, or null if no flag concerns the interest
    static @Nullable Readiness of(int mask, Interest interest) {
        int number = number(mask, interest);
        return number < 0 ? null : of(number);
    }

    /// Returns the number of the readiness of a key with an interest.
    ///
    /// @param mask flags of [PollMask]
    /// @return the number, or -1 if no flag concerns the interest
    static int number(int mask, Interest interest) {
        int number = compact(mask) * Interest.count() + interest.index();
        return ALL[number] != null || create(number, mask, interest) ? number : -1;
    }

    /// Packs the flags into 7 bits.
    private static int compact(int mask) {
        return (mask & (PollMask.IN | PollMask.PRI | PollMask.OUT | PollMask.ALWAYS)) | ((mask & PollMask.RDHUP) >>> 7);
    }

    /// Returns the part of an interest that a mask makes ready.
    private static Interest toInterest(int mask, Interest interest) {
        Interest ready = (mask & PollMask.READS) != 0 ? Interest.READ : Interest.NONE;
        if ((mask & PollMask.WRITES) != 0) {
            ready = ready.or(Interest.WRITE);
        }
        if ((mask & PollMask.PRI) != 0) {
            ready = ready.or(Interest.PRIORITY);
        }
        if ((mask & PollMask.ALWAYS) != 0) {
            ready = ready.or(Interest.HANGUP);
        }
        return ready.and(interest);
    }

    /// Returns the readiness with a number that [#number] has returned.
    static Readiness of(int number) {
        return Objects.requireNonNull(ALL[number]);
    }

    private static boolean create(int number, int mask, Interest interest) {
        Interest events = toInterest(mask, interest);
        if (interest.isEmpty() || (events.isEmpty() && (mask & PollMask.ALWAYS) == 0)) {
            return false;
        }
        synchronized (ALL) {
            if (ALL[number] == null) {
                ALL[number] = new Readiness(mask, events);
            }
        }
        return true;
    }

    /// Returns the part of the key's interest that is ready, as Python reports it.
    ///
    /// @return the ready events; empty only for a hang-up or an error of a key with [Interest#PRIORITY] alone
    public Interest events() {
        return events;
    }

    /// Returns whether a read does not block.
    ///
    /// @return whether [#events] contains [Interest#READ]
    public boolean isReadable() {
        return events.contains(Interest.READ);
    }

    /// Returns whether a write does not block.
    ///
    /// @return whether [#events] contains [Interest#WRITE]
    public boolean isWritable() {
        return events.contains(Interest.WRITE);
    }

    /// Returns whether there is an exceptional condition, such as urgent data.
    ///
    /// @return whether [#events] contains [Interest#PRIORITY]
    public boolean isPriority() {
        return events.contains(Interest.PRIORITY);
    }

    /// Returns whether the peer has stopped sending. Data may be left to read. Reported to keys with [Interest#READ],
    /// and to all keys after a hang-up.
    ///
    /// @return whether the peer closed or shut down its writing half
    public boolean isReadClosed() {
        return (mask & (PollMask.RDHUP | PollMask.HUP)) != 0;
    }

    /// Returns whether the connection is closed in both directions. Data may be left to read.
    ///
    /// @return whether there is a hang-up
    public boolean isHangup() {
        return (mask & PollMask.HUP) != 0;
    }

    /// Returns whether an error is pending, or the read end of this pipe is closed.
    ///
    /// @return whether there is an error
    public boolean isError() {
        return (mask & PollMask.ERR) != 0;
    }

    /// Returns whether the descriptor was closed while it was registered. Every select reports it until it is
    /// unregistered.
    ///
    /// @return whether the descriptor is not open
    public boolean isInvalid() {
        return (mask & PollMask.NVAL) != 0;
    }

    /// Returns the flags of the kernel, with the values of poll(2) on Linux, which EPOLL* flags share. SELECT has
    /// POLLIN, POLLOUT and POLLPRI for its three sets, and POLLNVAL. KQUEUE has the same three for its filters,
    /// POLLRDHUP for EV_EOF of EVFILT_READ, POLLHUP for EV_EOF of the others, and POLLERR. AFD has the flags that Linux
    /// has in the same situation, as far as it tells the situations apart.
    ///
    /// @return POLL* flags
    public int nativeMask() {
        return mask;
    }

    /// Returns the events and the flags of the kernel.
    @Override
    public String toString() {
        return events + " (" + PollFlags.toString("POLL", mask) + ")";
    }
}
