package io.selectors4j.internal.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Makes method handles of C functions.
///
/// Every handle captures errno, so its first parameter is the segment of a [CallState]; the C function's own
/// parameters follow. None uses [Linker.Option#critical]: a critical call holds up every safepoint, and most of
/// these calls can block.
public final class Downcalls {

    private static final Linker LINKER = Linker.nativeLinker();

    /// The functions of the C library.
    public static final SymbolLookup LIBC = LINKER.defaultLookup();

    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

    private Downcalls() {}

    /// Links a C function that is known to exist on the platforms the caller runs on.
    ///
    /// @param name the function's name
    /// @param type its return and parameter types
    /// @return its handle
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle link(String name, FunctionDescriptor type) {
        return link(LIBC, symbol(name), type);
    }

    /// Links a C function of some library.
    ///
    /// @param lookup the library
    /// @param name the function's name
    /// @param type its return and parameter types
    /// @return its handle
    /// @throws UnsatisfiedLinkError if the library has no such function
    public static MethodHandle link(SymbolLookup lookup, String name, FunctionDescriptor type) {
        return link(address(lookup, name), type, CAPTURE_ERRNO);
    }

    /// A library that may not be installed. Once found it stays loaded.
    ///
    /// @param name its file name, for the dynamic loader to find
    /// @return its functions, or nothing
    @SuppressWarnings("restricted") // as below
    public static Optional<SymbolLookup> library(String name) {
        if (NativeAccess.denial() != null) {
            return Optional.empty();
        }
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Links a C function whose parameters from the given one on are variadic: some ABIs (Apple's on arm64) pass
    /// those otherwise.
    ///
    /// @param name the function's name
    /// @param firstVariadic index of the first variadic parameter
    /// @param type its return and parameter types
    /// @return its handle
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle linkVariadic(String name, int firstVariadic, FunctionDescriptor type) {
        return link(address(LIBC, symbol(name)), type, CAPTURE_ERRNO, Linker.Option.firstVariadicArg(firstVariadic));
    }

    /// Links a C function that an older C library may lack.
    ///
    /// @param name the function's name
    /// @param type its return and parameter types
    /// @return its handle, or nothing
    public static Optional<MethodHandle> linkIfPresent(String name, FunctionDescriptor type) {
        return LIBC.find(symbol(name)).map(address -> link(address, type, CAPTURE_ERRNO));
    }

    /// What to do when invoking a handle fails on the Java side, before native code is reached: an exception that says
    /// what is wrong with an argument, such as memory whose arena was closed, is the caller's.
    ///
    /// @param name the function's name
    /// @param cause what was thrown
    /// @return never
    /// @throws RuntimeException the cause, if it is one
    /// @throws Error the cause, if it is one
    public static AssertionError broken(String name, Throwable cause) {
        switch (cause) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError("the call of " + name + " failed before it reached native code", cause);
        }
    }

    private static String symbol(String name) {
        return Symbols.of(Platform.CURRENT.os(), name);
    }

    private static MemorySegment address(SymbolLookup lookup, String name) {
        return lookup.find(name).orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
    }

    @SuppressWarnings(
            "restricted") // the purpose of this class; a CallState, which asks for access, comes before any call
    private static MethodHandle link(MemorySegment address, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(address, type, options);
    }
}
