package io.selectors4j.internal.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.stream.Stream;

/// The socket functions of Windows, which are those of the Unixes with other types: a socket is a `UINT_PTR`, whose
/// value fits into 32 bits; lengths and results are `int`. The bindings have the types of the Unixes.
final class Winsock {

    private static final int VERSION = 0x0202;

    /// Size of `WSADATA` on 64-bit Windows (winsock2.h), which this library does not read.
    private static final long WSADATA = 408;

    private static final MethodHandle UNSUPPORTED = constructor();

    private static boolean started;

    private Winsock() {}

    private static MethodHandle constructor() {
        try {
            return MethodHandles.lookup()
                    .findConstructor(
                            UnsupportedOperationException.class, MethodType.methodType(void.class, String.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no constructor", e);
        }
    }

    /// Loads the library.
    static SymbolLookup load() {
        return Downcalls.library("ws2_32")
                .orElseThrow(() -> new UnsatisfiedLinkError("ws2_32.dll was not loaded: " + NativeAccess.denial()));
    }

    /// Starts the library before the first call. The process never stops it.
    ///
    /// @throws UnsatisfiedLinkError if it cannot be started
    static synchronized void ensureStarted(ErrnoCapture state) {
        if (!started) {
            int error = WSAStartup(state, VERSION, NativeMemory.allocate(WSADATA, Long.BYTES));
            if (error != 0) {
                throw new UnsatisfiedLinkError("WSAStartup: " + error);
            }
            started = true;
        }
    }

    private static final class Startup {
        static final MethodHandle HANDLE =
                Downcalls.link("WSAStartup", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    }

    /// `int WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData);`
    ///
    /// @return 0, or the error
    public static int WSAStartup(ErrnoCapture state, int wVersionRequested, MemorySegment lpWSAData) {
        try {
            return (int) Startup.HANDLE.invokeExact(state.segment(), wVersionRequested, lpWSAData);
        } catch (Throwable t) {
            throw Downcalls.rethrow("WSAStartup", t);
        }
    }

    /// Returns the type that a function has on Windows, where it has a given one on the Unixes.
    static FunctionDescriptor type(FunctionDescriptor unix) {
        List<MemoryLayout> parameters = unix.argumentLayouts();
        Stream<MemoryLayout> further = parameters.stream().skip(1);
        boolean socket = parameters.getFirst().equals(JAVA_INT);
        return FunctionDescriptor.of(
                JAVA_INT,
                Stream.concat(Stream.of(socket ? JAVA_LONG : parameters.getFirst()), further)
                        .toArray(MemoryLayout[]::new));
    }

    /// Returns a handle for a function that Windows lacks, which throws an [UnsupportedOperationException].
    static MethodHandle missing(String name, FunctionDescriptor unix) {
        MethodType type = unix.toMethodType().insertParameterTypes(0, MemorySegment.class);
        MethodHandle cause = MethodHandles.insertArguments(
                UNSUPPORTED, 0, "Windows has no " + name + "(): only sockets are supported there");
        MethodHandle refusal = MethodHandles.throwException(type.returnType(), UnsupportedOperationException.class);
        return MethodHandles.dropArguments(MethodHandles.collectArguments(refusal, 0, cause), 0, type.parameterList());
    }

    /// Adapts the handle of a function of Windows to the type of the Unixes. A result that is a socket loses its upper
    /// half, in which INVALID_SOCKET alone has ones.
    static MethodHandle adapt(MethodHandle handle, FunctionDescriptor unix) {
        return MethodHandles.explicitCastArguments(
                handle, unix.toMethodType().insertParameterTypes(0, MemorySegment.class));
    }
}
