package io.selectors4j.os;

import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Signals;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The signals that a thread blocks while it waits, and only then: the last argument of `pselect`, `ppoll` and
/// `epoll_pwait2`. The kernel puts the mask in force and takes it back in one step with the wait, so that no signal slips
/// in between.
///
/// A wait with a mask ends, with nothing ready, when the thread gets a signal that is not blocked; even one that was
/// pending before. A wait without a mask goes on.
///
/// The Java virtual machine needs some signals on all threads; a mask holds them back only during the wait. SIGKILL and
/// SIGSTOP cannot be blocked, and the kernel ignores them here.
///
/// Source: signal(7), pselect(2), ppoll(2), epoll_wait(2).
public final class SignalMask {

    private final Set<String> names;
    private final SigSet set;

    private SignalMask(Set<String> names, long bits) {
        this.names = names;
        set = new SigSet(bits);
    }

    /// A mask that blocks the given signals and no others.
    ///
    /// @param names their names, such as `SIGUSR1`; none for a mask that blocks nothing
    /// @return the mask
    /// @throws IllegalArgumentException if this system has no signal of that name
    public static SignalMask blocking(String... names) {
        long bits = 0;
        for (String name : names) {
            bits |= 1L << (Signals.number(name) - 1);
        }
        return new SignalMask(new TreeSet<>(List.of(names)), bits);
    }

    /// The mask as the kernel reads it.
    SigSet set() {
        return set;
    }

    /// The names of the blocked signals.
    @Override
    public String toString() {
        return "SignalMask" + names;
    }
}
