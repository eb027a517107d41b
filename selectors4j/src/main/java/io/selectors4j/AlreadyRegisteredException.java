package io.selectors4j;

import io.selectors4j.internal.sys.Descriptors;

/// A descriptor is registered already: Python's `KeyError` of `register`.
public final class AlreadyRegisteredException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /// The registration in the way. Not part of the serialized form.
    private final transient SelectorKey<?> key;

    /// Describes the registration that is there.
    ///
    /// @param fileobj the object that was to be registered
    /// @param key the registration in the way, which stays as it is
    public AlreadyRegisteredException(Pollable fileobj, SelectorKey<?> key) {
        super(Descriptors.describe(fileobj) + " cannot be registered: fd " + key.fd() + " is already registered, for "
                + Descriptors.describe(key.fileobj()) + " with " + key.events());
        this.key = key;
    }

    /// The registration in the way.
    ///
    /// @return the key that has the descriptor
    public SelectorKey<?> key() {
        return key;
    }
}
