package io.selectors4j;

import io.selectors4j.internal.sys.Descriptors;
import java.util.NoSuchElementException;

/// An object is not registered with the selector that was asked about it: Python's `KeyError`.
public final class NotRegisteredException extends NoSuchElementException {

    private static final long serialVersionUID = 1L;

    /// The object that was asked for. Not part of the serialized form.
    private final transient Pollable fileobj;

    /// Describes the object.
    ///
    /// @param fileobj the object that is not registered
    public NotRegisteredException(Pollable fileobj) {
        super(Descriptors.describe(fileobj) + " is not registered");
        this.fileobj = fileobj;
    }

    /// The object.
    ///
    /// @return the object that is not registered
    public Pollable fileobj() {
        return fileobj;
    }
}
