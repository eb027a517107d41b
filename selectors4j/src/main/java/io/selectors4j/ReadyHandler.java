package io.selectors4j;

import org.jspecify.annotations.Nullable;

/// Takes the ready keys of a select, one at a time.
///
/// @param <A> type of the keys' data
/// @param <X> type of the exception that it may throw
@FunctionalInterface
public interface ReadyHandler<A extends @Nullable Object, X extends Exception> {

    /// Takes one ready key. The selecting thread calls it. It may use the selector, but not select with it.
    ///
    /// @param key the current key
    /// @param readiness the readiness of its descriptor
    /// @throws X for any reason; the next select delivers the remaining keys
    void ready(SelectorKey<A> key, Readiness readiness) throws X;
}
