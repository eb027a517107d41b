package io.selectors4j;

import io.selectors4j.internal.selector.CloseListeners;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The registrations of sockets with bytes in memory of the library: an [IoUringSelector] has received them, and has
/// made the socket an ordinary one before the program read them. No kernel reports these bytes, so every selector
/// reports them itself, and does not block until they are read. Guarded by the registry's lock.
///
/// @param <A> type of the data attached to the keys
final class UnreadRegistrations<A extends @Nullable Object> {

    private final AbstractSelector<A> selector;
    private List<Registration<A>> all = List.of(); // nearly always

    UnreadRegistrations(AbstractSelector<A> selector) {
        this.selector = selector;
    }

    /// Adds a registration that begins or changes, if its socket has such bytes.
    void addIfUnread(Registration<A> registration) {
        if (isUnread(registration)) {
            List<Registration<A>> more = new ArrayList<>(all);
            more.remove(registration);
            more.add(registration);
            all = more;
            selector.waker.signal(); // ends a wait in progress, also that of a selector that watches this one
        }
    }

    private boolean isUnread(Registration<A> registration) {
        CloseListeners listeners = registration.listeners();
        return listeners != null && listeners.hasUnreadBytes();
    }

    /// Returns whether a key waits for such bytes.
    boolean isReady() {
        if (all.isEmpty()) {
            return false;
        }
        all.removeIf(
                registration -> !registration.equals(selector.table.get(registration.fd())) || !isUnread(registration));
        for (Registration<A> registration : all) {
            if (registration.events().contains(Interest.READ)) {
                return true;
            }
        }
        return false;
    }

    /// Adds the keys that wait for such bytes to the events of a wait.
    void drain(ReadyQueue<A> into) {
        into.beginMerge();
        for (Registration<A> registration : List.copyOf(all)) {
            Interest events = registration.events();
            if (events.contains(Interest.READ)) {
                selector.addReady(registration.key(), PollMask.IN, into);
                if (events.isOneShot()) {
                    selector.removeFromKernel(registration); // the kernel has not fired
                }
                if (events.isOneShot() || events.isEdgeTriggered()) {
                    all.remove(registration);
                }
            }
        }
    }
}
