package io.selectors4j.internal.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/// Makes method handles of C functions.
///
/// Every handle captures errno, so its first parameter is the segment of a [ErrnoCapture]; the C function's own
/// parameters follow. None uses [Linker.Option#critical]: a critical call holds up every safepoint, and most of
/// these calls can block.
public final class Downcalls {

    static final Linker LINKER = Linker.nativeLinker();

    /// The functions of the C library.
    public static final SymbolLookup LIBC = LINKER.defaultLookup();

    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

    /// How many parameters the shared shapes have.
    private static final int PADDED = 4;

    private static final FunctionDescriptor NUMBERS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor TRANSFER =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);

    private Downcalls() {}

    /// Links a C function that is known to exist on the platforms the caller runs on.
    ///
    /// @param name the function's name
    /// @param type its return and parameter types
    /// @return its handle
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle link(String name, FunctionDescriptor type) {
        return Handles.make(name, address(LIBC, symbol(name)), type, CAPTURE_ERRNO);
    }

    /// Links a C function of at most four parameters in a shape that it shares with many others: it takes four `long`s and returns
    /// one. To link a shape costs some milliseconds, to link a function in a known one next to nothing.
    ///
    /// A pointer is the [Memory#address] of what is freed when nobody can reach it any more, so it has to be [Memory#keepAlive] until the
    /// call has returned. Parameters that the function does not have are 0.
    ///
    /// Every ABI that this library knows passes the first four integers and pointers in registers of 64 bits; a function does not
    /// look at more of them than it has, nor at more of an `int` than its lower half, which is sign-extended as those of riscv64,
    /// s390x and ppc64le want it. (Unsigned parameters get no value of 2^31 or more.) Of what is returned as `int`, only the lower half
    /// counts.
    ///
    /// @param name the function's name
    /// @param type its own return and parameter types, as C has them: integers and pointers
    /// @return its handle, of four `long`s
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle linkAsLongs(String name, FunctionDescriptor type) {
        requireFew(type, true);
        return Handles.make(name, address(LIBC, symbol(name)), NUMBERS, CAPTURE_ERRNO);
    }

    /// The same for a function whose second parameter is a pointer to memory that may be anybody's, who may close it in another
    /// thread: it is a segment, which the JDK keeps open during the call.
    ///
    /// @param name the function's name
    /// @param type its own return and parameter types, as C has them
    /// @return its handle, of a `long`, a segment, and two `long`s
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle linkWithBuffer(String name, FunctionDescriptor type) {
        requireFew(type, false);
        return Handles.make(name, address(LIBC, symbol(name)), TRANSFER, CAPTURE_ERRNO);
    }

    /// Makes sure that a shared shape fits a function.
    ///
    /// @param type the function's own type
    /// @param numbers whether a pointer may be anywhere; else there is one, in the second place
    /// @throws IllegalArgumentException if it does not
    static void requireFew(FunctionDescriptor type, boolean numbers) {
        List<MemoryLayout> parameters = type.argumentLayouts();
        boolean fits = parameters.size() <= PADDED;
        for (int i = 0; i < parameters.size(); i++) {
            MemoryLayout parameter = parameters.get(i);
            boolean pointer = parameter.equals(ADDRESS);
            fits &= parameter.equals(JAVA_INT) || parameter.equals(JAVA_LONG) || pointer;
            fits &= numbers || pointer == (i == 1);
        }
        if (!fits || (!numbers && parameters.size() < 2)) {
            throw new IllegalArgumentException("no shared shape fits " + type);
        }
    }

    /// Links a C function of some library.
    ///
    /// @param lookup the library
    /// @param name the function's name
    /// @param type its return and parameter types
    /// @return its handle
    /// @throws UnsatisfiedLinkError if the library has no such function
    public static MethodHandle link(SymbolLookup lookup, String name, FunctionDescriptor type) {
        return Handles.make(name, address(lookup, name), type, CAPTURE_ERRNO);
    }

    /// A library that may not be installed. Once found it stays loaded.
    ///
    /// @param name its file name, for the dynamic loader to find
    /// @return its functions, or nothing
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

    /// Links a C function whose parameters from the given one on are variadic: some ABIs (Apple's on arm64) pass
    /// those otherwise.
    ///
    /// @param name the function's name
    /// @param firstVariadic index of the first variadic parameter
    /// @param type its return and parameter types
    /// @return its handle
    /// @throws UnsatisfiedLinkError if the C library has no such function
    public static MethodHandle linkVariadic(String name, int firstVariadic, FunctionDescriptor type) {
        return Handles.make(
                name, address(LIBC, symbol(name)), type, CAPTURE_ERRNO, Linker.Option.firstVariadicArg(firstVariadic));
    }

    /// Links a C function that an older C library may lack.
    ///
    /// @param name the function's name
    /// @param type its return and parameter types
    /// @return its handle, or nothing
    public static Optional<MethodHandle> linkIfPresent(String name, FunctionDescriptor type) {
        return LIBC.find(symbol(name)).map(address -> Handles.make(name, address, type, CAPTURE_ERRNO));
    }

    /// What to do when invoking a handle fails on the Java side, before native code is reached: an exception that says
    /// what is wrong with an argument, such as memory whose arena was closed, is the caller's.
    ///
    /// @param name the function's name
    /// @param cause what was thrown
    /// @return never
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
        return Symbols.of(Platform.CURRENT.os(), name);
    }

    private static MemorySegment address(SymbolLookup lookup, String name) {
        Optional<MemorySegment> found = lookup.find(name);
        if (found.isEmpty()) {
            throw new UnsatisfiedLinkError("the C library has no function " + name);
        }
        return found.get();
    }
}
