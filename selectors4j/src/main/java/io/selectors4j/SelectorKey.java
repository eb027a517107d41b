package io.selectors4j;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A registration of an object with a selector: Python's `SelectorKey`. A key never changes; [Selector#modify] creates
/// a new one.
///
/// The string of a key contains the strings of the object and of the data. No exception message of this library
/// contains them.
///
/// @param <A> type of the data
/// @param fileobj the registered object
/// @param fd its descriptor, at the time of the registration
/// @param events the events to wait for, with the modes
/// @param data the attached data
public record SelectorKey<A extends @Nullable Object>(Pollable fileobj, int fd, Interest events, A data) {

    /// Creates a key.
    ///
    /// @param fileobj the registered object
    /// @param fd its descriptor
    /// @param events the events to wait for, with the modes
    /// @param data the attached data
    public SelectorKey {
        Objects.requireNonNull(fileobj, "fileobj");
        Objects.requireNonNull(events, "events");
    }
}
