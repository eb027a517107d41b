package io.selectors4j.internal.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/// Links C functions as method handles.
///
/// Every handle captures errno: its first parameter is the segment of an [ErrnoCapture], and the parameters of the C
/// function follow. No handle uses [Linker.Option#critical], since a critical call delays every safepoint and most of
/// these calls can block.
public final class Downcalls {

    static final Linker LINKER = Linker.nativeLinker();

    /// The symbols of the C library, on Windows those of Winsock.
    public static final SymbolLookup LIBC = Platform.IS_WINDOWS ? Winsock.load() : LINKER.defaultLookup();

    /// The call state that every call captures.
    static final String CAPTURED = Platform.IS_WINDOWS ? "WSAGetLastError" : "errno";

    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState(CAPTURED);

    /// Number of parameters of the shared function types.
    private static final int SHARED_PARAMETERS = 4;

    private static final FunctionDescriptor AS_LONGS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor WITH_BUFFER =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor KEEPING_OPEN =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);

    private Downcalls() {}

    /// Links a function that every C library of the Unixes has. On Windows, the handle of a function that Winsock lacks
    /// throws [UnsupportedOperationException].
    ///
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle link(String name, FunctionDescriptor type) {
        return make(name, type);
    }

    private static MethodHandle make(String name, FunctionDescriptor type) {
        if (!Platform.IS_WINDOWS) {
            return Handles.make(name, address(LIBC, symbol(name)), type, CAPTURE_ERRNO);
        }
        return LIBC.find(symbol(name))
                .map(address -> Winsock.adapt(Handles.make(name, address, Winsock.type(type), CAPTURE_ERRNO), type))
                .orElseGet(() -> Winsock.missing(name, type));
    }

    /// Links a function of at most four parameters with a type that many functions share: four `long` parameters and a
    /// `long` result. Linking a new type takes some milliseconds, linking another function of a known type almost
    /// nothing.
    ///
    /// A pointer is passed as [Memory#address], so its memory must be passed to [Memory#keepAlive] after the call.
    /// Parameters that the function does not have are 0.
    ///
    /// The shared type is correct on every supported ABI: the first four integers and pointers are passed in 64-bit
    /// registers, and the function ignores further ones. It reads the lower half of an `int`, which is sign-extended as
    /// riscv64, s390x and ppc64le require; so is a `short`. (Unsigned parameters get no value of 2^31 or more.) Only
    /// the lower half of an `int` result counts.
    ///
    /// @param type the function's own return and parameter types, as in C: integers and pointers
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle linkAsLongs(String name, FunctionDescriptor type) {
        requireSharedType(type, true);
        return make(name, AS_LONGS);
    }

    /// Links a function as [#linkAsLongs] does, whose second parameter is a pointer to a buffer of the caller. It is
    /// passed as a segment, so the JDK keeps the buffer's arena open during the call even if another thread closes it.
    ///
    /// @param type the function's own return and parameter types, as in C
    /// @return the handle, of a `long`, a segment, and two `long`s
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle linkWithBuffer(String name, FunctionDescriptor type) {
        requireSharedType(type, false);
        return make(name, WITH_BUFFER);
    }

    /// Links a function of at most three parameters as [#linkAsLongs] does, and adds a fourth parameter that the
    /// function ignores: a segment. The JDK keeps the arena of this segment open during the call, so a struct that is
    /// passed to the function may contain addresses of its memory.
    ///
    /// @param type the function's own return and parameter types, as in C
    /// @return the handle, of three `long`s and a segment
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle linkKeepingOpen(String name, FunctionDescriptor type) {
        requireSharedType(type.appendArgumentLayouts(ADDRESS), true);
        return make(name, KEEPING_OPEN);
    }

    /// Checks that a shared function type fits a function.
    ///
    /// @param anyPointers whether every parameter may be a pointer; else the second one is a pointer, and no other
    /// @throws IllegalArgumentException if it does not fit
    static void requireSharedType(FunctionDescriptor type, boolean anyPointers) {
        List<MemoryLayout> parameters = type.argumentLayouts();
        boolean fits = parameters.size() <= SHARED_PARAMETERS;
        for (int i = 0; i < parameters.size(); i++) {
            MemoryLayout parameter = parameters.get(i);
            boolean pointer = parameter.equals(ADDRESS);
            fits &= parameter.equals(JAVA_INT)
                    || parameter.equals(JAVA_LONG)
                    || parameter.equals(JAVA_SHORT)
                    || pointer;
            fits &= anyPointers || pointer == (i == 1);
        }
        if (!fits || (!anyPointers && parameters.size() < 2)) {
            throw new IllegalArgumentException("no shared function type fits " + type);
        }
    }

    /// Links a function of a library.
    ///
    /// @throws UnsatisfiedLinkError if the library has no such function
    public static MethodHandle link(SymbolLookup lookup, String name, FunctionDescriptor type) {
        return Handles.make(name, address(lookup, name), type, CAPTURE_ERRNO);
    }

    /// Loads a library by its file name and returns its symbols, or nothing if it is not installed or native access is
    /// denied. The library stays loaded.
    @SuppressWarnings("restricted") // the purpose of this class
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

    /// Links a variadic function. Some ABIs, such as Apple's on arm64, pass variadic parameters differently.
    ///
    /// @param firstVariadic index of the first variadic parameter
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle linkVariadic(String name, int firstVariadic, FunctionDescriptor type) {
        if (Platform.IS_WINDOWS) {
            return make(name, type); // ioctlsocket is not variadic
        }
        return Handles.make(
                name, address(LIBC, symbol(name)), type, CAPTURE_ERRNO, Linker.Option.firstVariadicArg(firstVariadic));
    }

    /// Links a function that older C libraries lack, or returns nothing.
    public static Optional<MethodHandle> linkIfPresent(String name, FunctionDescriptor type) {
        return LIBC.find(symbol(name)).map(address -> Handles.make(name, address, type, CAPTURE_ERRNO));
    }

    /// Returns the address of a variable of the C library.
    ///
    /// @throws UnsatisfiedLinkError if the C library has no such variable
    public static MemorySegment variable(String name) {
        return address(LIBC, name);
    }

    /// Returns the value of a variable whose type is a pointer.
    ///
    /// @param variable the address of the variable
    @SuppressWarnings("restricted") // the purpose of this class
    public static MemorySegment pointer(MemorySegment variable) {
        return variable.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0);
    }

    /// Rethrows an exception of a downcall that failed before it reached native code, such as an illegal argument or
    /// the memory of a closed arena. It never returns normally.
    ///
    /// @return never; the type lets the caller write `throw rethrow(…)`
    /// @throws RuntimeException the cause, if it is one
    /// @throws Error the cause, if it is one
    public static AssertionError rethrow(String name, Throwable cause) {
        switch (cause) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError("the call of " + name + " failed before it reached native code", cause);
        }
    }

    private static String symbol(String name) {
        Platform.Os os = Platform.CURRENT.os();
        return os == Platform.Os.LINUX ? name : Symbols.of(os, name); // Linux renames no function
    }

    private static MemorySegment address(SymbolLookup lookup, String name) {
        Optional<MemorySegment> found = lookup.find(name);
        if (found.isEmpty()) {
            throw new UnsatisfiedLinkError("the C library has no function " + name);
        }
        return found.get();
    }
}
