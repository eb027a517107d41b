package io.selectors4j;

import io.selectors4j.internal.sys.PollFlags;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a descriptor is ready for. There is one object for each value, so that handing one out costs nothing.
///
/// [#events] is what Python reports: the bits of the key's interest, where an error or a hang-up counts as ready for
/// whatever is waited for, since the next call on the descriptor will not block and will tell. The other questions tell
/// the conditions apart, as far as the backend can:
///
/// | | SELECT | POLL | EPOLL | KQUEUE |
/// |---|---|---|---|---|
/// | [#isReadable] | read set | POLLIN, POLLRDHUP, POLLHUP, POLLERR or POLLNVAL | EPOLLIN, EPOLLRDHUP, EPOLLHUP or EPOLLERR | EVFILT_READ, or an end or error of any filter |
/// | [#isWritable] | write set | POLLOUT, POLLHUP, POLLERR or POLLNVAL | EPOLLOUT, EPOLLHUP or EPOLLERR | EVFILT_WRITE, or an error of any filter |
/// | [#isPriority] | except set | POLLPRI | EPOLLPRI | EVFILT_EXCEPT, or the except set of select |
/// | [#isReadClosed] | never | POLLRDHUP or POLLHUP | EPOLLRDHUP or EPOLLHUP | EV_EOF of EVFILT_READ, or a hang-up |
/// | [#isHangup] | never | POLLHUP | EPOLLHUP | EV_EOF of EVFILT_WRITE, and of EVFILT_READ if waited for |
/// | [#isError] | never | POLLERR | EPOLLERR | EV_EOF with a socket's error, or EV_ERROR |
/// | [#isInvalid] | EBADF | POLLNVAL | never: the kernel drops a closed descriptor | never, likewise |
///
/// With SELECT, a hang-up shows as readable and an error as readable and writable. With KQUEUE, each way tells its own end: who
/// waits for READ alone learns that the other end sends no more, but not whether it still reads; and a pipe whose last reader
/// is gone hangs up, where POLL and EPOLL say error. Where POLL knows no POLLRDHUP, which Linux and FreeBSD have, the other end's
/// half-close is plain readability. An [Interest#exclusive] key does not get EPOLLRDHUP. Sources: poll(2), epoll_ctl(2),
/// kqueue(2), select(2).
public final class Readiness {

    private static final int CONDITIONS = 1 << 7;

    /// Made when first needed. Read without a lock: nothing of them ever changes.
    private static final @Nullable Readiness[] ALL = new Readiness[CONDITIONS * Interest.count()];

    private final int mask;
    private final Interest events;

    private Readiness(int mask, Interest events) {
        this.mask = mask;
        this.events = events;
    }

    /// What a poll mask means to one who waits for something.
    ///
    /// @param mask flags of [PollMask]
    /// @param interest what is waited for
    /// @return the readiness, or null if nothing of the mask concerns the interest
    static @Nullable Readiness of(int mask, Interest interest) {
        int number = number(mask, interest);
        return number < 0 ? null : of(number);
    }

    /// The number of the readiness that a poll mask means to one who waits for something.
    ///
    /// @param mask flags of [PollMask]
    /// @param interest what is waited for
    /// @return the number, or -1 if nothing of the mask concerns the interest
    static int number(int mask, Interest interest) {
        int number = PollMask.compact(mask) * Interest.count() + interest.index();
        return ALL[number] != null || make(number, mask, interest) ? number : -1;
    }

    /// The readiness of a number.
    ///
    /// @param number what [#number] has returned
    /// @return that readiness
    static Readiness of(int number) {
        return Objects.requireNonNull(ALL[number]);
    }

    private static boolean make(int number, int mask, Interest interest) {
        Interest events = PollMask.toInterest(mask, interest);
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

    /// The part of the key's interest that is ready, as Python reports it.
    ///
    /// @return the ready part; empty only if a hang-up or an error came to a key that waits for [Interest#PRIORITY]
    ///     alone
    public Interest events() {
        return events;
    }

    /// Whether a read will not block.
    ///
    /// @return whether [#events] contains [Interest#READ]
    public boolean isReadable() {
        return events.contains(Interest.READ);
    }

    /// Whether a write will not block.
    ///
    /// @return whether [#events] contains [Interest#WRITE]
    public boolean isWritable() {
        return events.contains(Interest.WRITE);
    }

    /// Whether there is urgent data.
    ///
    /// @return whether [#events] contains [Interest#PRIORITY]
    public boolean isPriority() {
        return events.contains(Interest.PRIORITY);
    }

    /// Whether the other end will send nothing more. Data may be left to read.
    ///
    /// @return whether the other end closed or shut down its writing half; asked for together with [Interest#READ]
    public boolean isReadClosed() {
        return (mask & (PollMask.RDHUP | PollMask.HUP)) != 0;
    }

    /// Whether the other end is gone in both directions. Data may be left to read.
    ///
    /// @return whether it hung up
    public boolean isHangup() {
        return (mask & PollMask.HUP) != 0;
    }

    /// Whether an error is pending, or the reading end of this pipe is closed.
    ///
    /// @return whether there is an error
    public boolean isError() {
        return (mask & PollMask.ERR) != 0;
    }

    /// Whether the descriptor was closed while it was registered. It is reported again and again until it is
    /// unregistered.
    ///
    /// @return whether it is not open
    public boolean isInvalid() {
        return (mask & PollMask.NVAL) != 0;
    }

    /// What the kernel said, in the numbers of poll(2) on Linux, which are those of epoll too. For SELECT: POLLIN, POLLOUT and
    /// POLLPRI for the three sets, and POLLNVAL. For KQUEUE: these for the three filters, with POLLRDHUP and POLLHUP for the end
    /// of EVFILT_READ and of the others, and POLLERR.
    ///
    /// @return POLL* flags
    public int nativeMask() {
        return mask;
    }

    /// The events and the flags behind them.
    @Override
    public String toString() {
        return events + " (" + PollFlags.toString("POLL", mask) + ")";
    }
}
