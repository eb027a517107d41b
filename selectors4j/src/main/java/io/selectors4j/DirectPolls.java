package io.selectors4j;

import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.sys.NestedPoll;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The registrations of an [EpollSelector] whose events a poll through another epoll instance could lose, see
/// [NestedPoll]. While there is one, a select on a virtual thread waits on a helper thread. Exists from the first
/// select on a virtual thread on. The registry's lock guards all methods except [#isEmpty].
///
/// @param <A> type of the data attached to the keys
final class DirectPolls<A extends @Nullable Object> {

    /// Written with the lock held.
    private volatile int count;

    /// Checks the registrations that there are.
    DirectPolls(List<Registration<A>> registrations) {
        for (Registration<A> registration : registrations) {
            add(registration);
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// Checks a registration, also one that was checked before: its number may have another open file.
    ///
    /// @return whether it needs a direct poll
    boolean add(Registration<A> registration) {
        remove(registration);
        CloseListeners listeners = registration.listeners();
        boolean keepsEvents = listeners != null && listeners.keepsEvents();
        boolean needed = !keepsEvents && NestedPoll.canLoseEvents(registration.fd());
        registration.setNeedsDirectPoll(needed);
        change(needed ? 1 : 0);
        return needed;
    }

    void remove(Registration<A> registration) {
        change(registration.needsDirectPoll() ? -1 : 0);
        registration.setNeedsDirectPoll(false);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // with the lock held
    private void change(int difference) {
        count += difference;
    }
}
