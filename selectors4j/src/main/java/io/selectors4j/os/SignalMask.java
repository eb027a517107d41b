package io.selectors4j.os;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Signals;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The signals that a thread blocks while it waits: the last argument of `pselect`, `ppoll` and `epoll_pwait2`. The
/// kernel sets the mask, waits and restores the thread's mask atomically, so no signal is delivered in between.
///
/// A wait with a mask ends, with nothing ready, when the thread receives a signal that is not blocked. A signal that
/// was pending before the wait ends it too. A wait without a mask continues after a signal.
///
/// The Java virtual machine uses some signals on all threads; a mask delays them until the wait ends. SIGKILL and
/// SIGSTOP cannot be blocked; the kernel ignores them in a mask.
///
/// Windows has no signals.
///
/// Source: signal(7), pselect(2), ppoll(2), epoll_wait(2).
public final class SignalMask {

    private final Set<String> names;
    private final SigSet set;

    private SignalMask(Set<String> names, long bits) {
        this.names = names;
        set = new SigSet(bits);
    }

    /// Returns a mask that blocks the given signals and no others.
    ///
    /// @param names the names of the signals, such as `SIGUSR1`; none for a mask that blocks no signal
    /// @return the mask
    /// @throws IllegalArgumentException if this system has no signal with one of the names
    /// @throws UnsupportedOperationException on Windows
    public static SignalMask blocking(String... names) {
        if (Platform.IS_WINDOWS) {
            throw new UnsupportedOperationException("Windows has no signals: a wait is ended by a socket or wakeup()");
        }
        long bits = 0;
        for (String name : names) {
            bits |= 1L << (Signals.number(name) - 1);
        }
        return new SignalMask(new TreeSet<>(List.of(names)), bits);
    }

    /// Returns the mask as the kernel reads it.
    SigSet set() {
        return set;
    }

    /// Returns the names of the blocked signals.
    @Override
    public String toString() {
        return "SignalMask" + names;
    }
}
