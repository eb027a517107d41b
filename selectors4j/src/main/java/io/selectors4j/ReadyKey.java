package io.selectors4j;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A ready key and its readiness: the pair `(key, events)` that Python's `select` returns.
///
/// @param <A> type of the data
/// @param key the key
/// @param readiness the readiness of its descriptor
public record ReadyKey<A extends @Nullable Object>(SelectorKey<A> key, Readiness readiness) {

    /// Creates a pair.
    ///
    /// @param key the key
    /// @param readiness the readiness of its descriptor
    public ReadyKey {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(readiness, "readiness");
    }

    /// Returns the registered object.
    ///
    /// @return [SelectorKey#fileobj] of the key
    public Pollable fileobj() {
        return key.fileobj();
    }

    /// Returns the descriptor.
    ///
    /// @return [SelectorKey#fd] of the key
    public int fd() {
        return key.fd();
    }

    /// Returns the data of the registration.
    ///
    /// @return [SelectorKey#data] of the key
    public A data() {
        return key.data();
    }

    /// Returns the ready part of the interest.
    ///
    /// @return [Readiness#events]
    public Interest events() {
        return readiness.events();
    }

    /// Returns whether a read does not block.
    ///
    /// @return [Readiness#isReadable]
    public boolean isReadable() {
        return readiness.isReadable();
    }

    /// Returns whether a write does not block.
    ///
    /// @return [Readiness#isWritable]
    public boolean isWritable() {
        return readiness.isWritable();
    }

    /// Returns whether there is urgent data.
    ///
    /// @return [Readiness#isPriority]
    public boolean isPriority() {
        return readiness.isPriority();
    }

    /// Returns whether the other end sends nothing more.
    ///
    /// @return [Readiness#isReadClosed]
    public boolean isReadClosed() {
        return readiness.isReadClosed();
    }

    /// Returns whether the other end hung up.
    ///
    /// @return [Readiness#isHangup]
    public boolean isHangup() {
        return readiness.isHangup();
    }

    /// Returns whether an error is pending.
    ///
    /// @return [Readiness#isError]
    public boolean isError() {
        return readiness.isError();
    }

    /// Returns whether the descriptor is not open.
    ///
    /// @return [Readiness#isInvalid]
    public boolean isInvalid() {
        return readiness.isInvalid();
    }
}
