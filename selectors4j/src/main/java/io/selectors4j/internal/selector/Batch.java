package io.selectors4j.internal.selector;

import io.selectors4j.Interest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one wait found and has not been handed out yet: a queue that is filled, emptied, and filled again, without
/// allocating once it is large enough. It belongs to the selecting thread.
///
/// @param <A> type of the keys' data
public final class Batch<A extends @Nullable Object> {

    private @Nullable Registration<A>[] registrations = newArray(64);
    private int[] masks = new int[64];
    private long[] changes = new long[64];
    private int next;
    private int end;

    /// Whether nothing is left.
    ///
    /// @return whether all was taken
    public boolean isEmpty() {
        return next == end;
    }

    /// Appends an event.
    ///
    /// @param registration what is ready
    /// @param mask what the kernel said
    public void add(Registration<A> registration, int mask) {
        if (isEmpty()) {
            next = 0;
            end = 0;
        }
        if (end == registrations.length) {
            registrations = Arrays.copyOf(registrations, 2 * end);
            masks = Arrays.copyOf(masks, 2 * end);
            changes = Arrays.copyOf(changes, 2 * end);
        }
        registrations[end] = registration;
        masks[end] = mask;
        changes[end] = registration.changed();
        end++;
    }

    /// The mask of the event that [#take] takes next.
    ///
    /// @return what the kernel said
    public int mask() {
        return masks[next];
    }

    /// Whether nobody is to hear of the event that [#take] takes next: its registration has ended, its object is closed, or the
    /// kernel has looked once more since, because what it reports once was asked for anew.
    ///
    /// @param events what is waited for now
    /// @return whether the event counts no more
    public boolean isStale(Interest events) {
        Registration<A> registration = peek();
        boolean once = events.isOneShot() || events.isEdgeTriggered();
        return !registration.isLive() || registration.isGone() || (once && changes[next] != registration.changed());
    }

    /// The registration of the event that [#take] takes next; there must be one.
    ///
    /// @return its registration
    public Registration<A> peek() {
        return Objects.requireNonNull(registrations[next]);
    }

    /// Takes the next event; there must be one.
    ///
    /// @return its registration
    public Registration<A> take() {
        Registration<A> taken = peek();
        registrations[next] = null;
        next++;
        return taken;
    }

    @SuppressWarnings("unchecked") // an array cannot be created otherwise
    private static <A extends @Nullable Object> @Nullable Registration<A>[] newArray(int length) {
        return (Registration<A>[]) new Registration<?>[length];
    }
}
