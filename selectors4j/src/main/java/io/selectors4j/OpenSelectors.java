package io.selectors4j;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/// The selectors of this process that have or had a key and are not closed.
final class OpenSelectors {

    private static final Object LOCK = new Object();

    @GuardedBy("LOCK")
    private static final Map<AbstractSelector<?>, Boolean> OPEN = new WeakHashMap<>();

    /// The sums of the counters of closed selectors.
    @GuardedBy("LOCK")
    private static SelectorCounters closed = SelectorCounters.NONE;

    private OpenSelectors() {}

    /// Adds a selector that gets its first key.
    static void add(AbstractSelector<?> selector) {
        synchronized (LOCK) {
            OPEN.put(selector, true);
        }
    }

    /// Removes a selector that was added and is closed.
    static void remove(AbstractSelector<?> selector) {
        synchronized (LOCK) {
            OPEN.remove(selector);
            closed = closed.plus(selector.counters.snapshot());
        }
    }

    /// Returns a copy.
    static List<AbstractSelector<?>> all() {
        synchronized (LOCK) {
            return List.copyOf(OPEN.keySet());
        }
    }

    /// Returns the sums of the counters of all selectors, also of closed ones.
    static SelectorCounters counters() {
        synchronized (LOCK) {
            SelectorCounters sum = closed;
            for (AbstractSelector<?> selector : OPEN.keySet()) {
                sum = sum.plus(selector.counters.snapshot());
            }
            return sum;
        }
    }
}
