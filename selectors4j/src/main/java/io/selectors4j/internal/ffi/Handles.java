package io.selectors4j.internal.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Creates the downcall handles of all C functions, for [Downcalls].
///
/// A separate class, since the tests of `stress/` replace it by one that injects failures into the calls.
final class Handles {

    private Handles() {}

    /// Creates a handle. The options capture errno, so its first parameter is the segment of an [ErrnoCapture].
    @SuppressWarnings(
            "restricted") // the purpose of this package; every call needs an ErrnoCapture, which checks access
    static MethodHandle make(String name, MemorySegment address, FunctionDescriptor type, Linker.Option... options) {
        return Downcalls.LINKER.downcallHandle(address, type, options);
    }
}
