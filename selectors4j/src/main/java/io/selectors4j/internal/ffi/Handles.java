package io.selectors4j.internal.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Where the method handles of all C functions are made, for [Downcalls].
///
/// A class of its own: `stress/` has another one in its place, whose calls fail when they are told to.
final class Handles {

    private Handles() {}

    /// Makes a handle.
    ///
    /// @param name the function's name in C
    /// @param address where it is
    /// @param type its return and parameter types
    /// @param options how it is called: errno is captured, so the first parameter is the segment of a [ErrnoCapture]
    /// @return the handle
    @SuppressWarnings(
            "restricted") // the purpose of this package; a ErrnoCapture, which asks for access, comes before any call
    static MethodHandle make(String name, MemorySegment address, FunctionDescriptor type, Linker.Option... options) {
        return Downcalls.LINKER.downcallHandle(address, type, options);
    }
}
