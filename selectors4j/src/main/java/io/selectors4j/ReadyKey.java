package io.selectors4j;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A key and what it is ready for: the pair `(key, events)` that Python's `select` returns.
///
/// @param <A> type of the data
/// @param key the key
/// @param readiness what its descriptor is ready for
public record ReadyKey<A extends @Nullable Object>(SelectorKey<A> key, Readiness readiness) {

    /// Makes a pair.
    ///
    /// @param key the key
    /// @param readiness what its descriptor is ready for
    public ReadyKey {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(readiness, "readiness");
    }
}
