package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// `nfds_t` of poll.h: an `unsigned long` on Linux, an `unsigned int` on macOS and the BSDs. In Java it is a `long`.
final class NfdsT {

    /// The type on this system.
    static final ValueLayout HERE = of(Platform.CURRENT.os());

    private NfdsT() {}

    /// The type on a system.
    static ValueLayout of(Os os) {
        return switch (os) {
            case MACOS, FREEBSD, OPENBSD, NETBSD, DRAGONFLY -> JAVA_INT;
            default -> JAVA_LONG;
        };
    }

    /// Makes a parameter of this type a `long`, wherever it is one in C.
    ///
    /// @param index which of the C function's parameters; the segment of a ErrnoCapture stands before them
    static MethodHandle asLong(int index, MethodHandle handle) {
        return MethodHandles.explicitCastArguments(handle, handle.type().changeParameterType(1 + index, long.class));
    }
}
