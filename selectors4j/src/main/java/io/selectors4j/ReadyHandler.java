package io.selectors4j;

import org.jspecify.annotations.Nullable;

/// Takes what is ready, one key at a time.
///
/// @param <A> type of the keys' data
/// @param <X> what it may throw
@FunctionalInterface
public interface ReadyHandler<A extends @Nullable Object, X extends Exception> {

    /// Takes one ready key. It runs in the selecting thread and may use the selector, but not select with it.
    ///
    /// @param key the key, as it is at this moment
    /// @param readiness what its descriptor is ready for
    /// @throws X as it likes; what else is ready is then delivered by the next select
    void ready(SelectorKey<A> key, Readiness readiness) throws X;
}
