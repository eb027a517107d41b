package io.selectors4j;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is registered with a selector, as it was when the key was handed out: Python's `SelectorKey`. `modify` makes a
/// new key and leaves this one as it is. Its string has those of the object and of the data in it; no exception of this library has.
///
/// @param <A> type of the data
/// @param fileobj the object that was registered
/// @param fd its descriptor
/// @param events what is waited for
/// @param data what the user attached
public record SelectorKey<A extends @Nullable Object>(Pollable fileobj, int fd, Interest events, A data) {

    /// Makes a key.
    ///
    /// @param fileobj the object that was registered
    /// @param fd its descriptor
    /// @param events what is waited for
    /// @param data what the user attached
    public SelectorKey {
        Objects.requireNonNull(fileobj, "fileobj");
        Objects.requireNonNull(events, "events");
    }
}
