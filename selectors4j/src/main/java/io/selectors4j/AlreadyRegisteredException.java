package io.selectors4j;

import io.selectors4j.internal.sys.Descriptors;

/// Thrown by [Selector#register] if the descriptor is registered: Python's `KeyError` of `register`.
public final class AlreadyRegisteredException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /// The key of the existing registration. Not part of the serialized form.
    private final transient SelectorKey<?> key;

    /// Creates an exception for an existing registration.
    ///
    /// @param fileobj the object that cannot be registered
    /// @param key the key of the existing registration, which is unchanged
    public AlreadyRegisteredException(Pollable fileobj, SelectorKey<?> key) {
        super(Descriptors.describe(fileobj) + " cannot be registered: fd " + key.fd() + " is already registered, for "
                + Descriptors.describe(key.fileobj()) + " with " + key.events());
        this.key = key;
    }

    /// Returns the key of the existing registration.
    ///
    /// @return the key with the same descriptor
    public SelectorKey<?> key() {
        return key;
    }
}
