package io.selectors4j.internal.selector;

import io.selectors4j.Interest;
import io.selectors4j.SelectorKey;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one wait found and has not been handed out yet: a queue that is filled, emptied, and filled again, without
/// allocating once it is large enough. It belongs to the selecting thread.
///
/// An event is kept as it is to be handed out, with the key that its registration has now; so that handing it out, after the kernel
/// has used the caches for something else, need not look at the registration again, unless one has changed meanwhile.
///
/// @param <A> type of the keys' data
public final class Batch<A extends @Nullable Object> {

    private @Nullable SelectorKey<A>[] keys = newArray(64);
    private int[] readinesses = new int[64];
    private long[] changes = new long[64];
    private int next;
    private int end;
    private long settled;
    private boolean silent;

    /// Whether nothing is left.
    ///
    /// @return whether all was taken
    public boolean isEmpty() {
        return next == end;
    }

    /// Appends an event.
    ///
    /// @param registration what is ready
    /// @param readiness the number of what it is ready for
    public void add(Registration<A> registration, int readiness) {
        if (isEmpty()) {
            next = 0;
            end = 0;
            silent = false;
        }
        if (end == keys.length) {
            keys = Arrays.copyOf(keys, 2 * end);
            readinesses = Arrays.copyOf(readinesses, 2 * end);
            changes = Arrays.copyOf(changes, 2 * end);
        }
        keys[end] = registration.key();
        readinesses[end] = readiness;
        changes[end] = registration.changed();
        silent |= registration.isSilent();
        end++;
    }

    /// All events were appended.
    ///
    /// @param changes how many changes the selector has had by now
    public void settle(long changes) {
        settled = changes;
    }

    /// Whether the events are still what they were when they were appended.
    ///
    /// @param changes how many changes the selector has had by now
    /// @return false if a registration may have changed or ended, or an object may have been closed, since
    public boolean isUpToDate(long changes) {
        return settled == changes && !silent;
    }

    /// Whether nobody is to hear of the next event any more: another one has its place, its object is closed, or the
    /// kernel has looked once more since, because what it reports once was asked for anew.
    ///
    /// @param registration what is registered now under the number of its key
    /// @return whether the event counts no more
    public boolean isStale(Registration<A> registration) {
        long appended = changes[next];
        if (registration.generation() > appended || registration.isGone()) {
            return true;
        }
        Interest events = registration.events();
        return (events.isOneShot() || events.isEdgeTriggered()) && registration.changed() != appended;
    }

    /// The key of the next event; there must be one.
    ///
    /// @return the key
    public SelectorKey<A> key() {
        return Objects.requireNonNull(keys[next]);
    }

    /// What the next event is ready for; there must be one.
    ///
    /// @return its number
    public int readiness() {
        return readinesses[next];
    }

    /// Replaces the key of the next event, and what it is ready for.
    ///
    /// @param key the key
    /// @param readiness the number of what it is ready for
    public void replace(SelectorKey<A> key, int readiness) {
        keys[next] = key;
        readinesses[next] = readiness;
    }

    /// Removes the next event; there must be one.
    public void remove() {
        keys[next] = null;
        next++;
    }

    @SuppressWarnings("unchecked") // an array cannot be created otherwise
    private static <A extends @Nullable Object> @Nullable SelectorKey<A>[] newArray(int length) {
        return (SelectorKey<A>[]) new SelectorKey<?>[length];
    }
}
