package io.selectors4j;

import io.selectors4j.internal.sys.Descriptors;
import java.util.NoSuchElementException;

/// Thrown by the methods of a [Selector] if an object is not registered: Python's `KeyError`.
public final class NotRegisteredException extends NoSuchElementException {

    private static final long serialVersionUID = 1L;

    /// The object that is not registered. Not part of the serialized form.
    private final transient Pollable fileobj;

    /// Creates an exception for an object.
    ///
    /// @param fileobj the object that is not registered
    public NotRegisteredException(Pollable fileobj) {
        super(Descriptors.describe(fileobj) + " is not registered");
        this.fileobj = fileobj;
    }

    /// Returns the object.
    ///
    /// @return the object that is not registered
    public Pollable fileobj() {
        return fileobj;
    }
}
