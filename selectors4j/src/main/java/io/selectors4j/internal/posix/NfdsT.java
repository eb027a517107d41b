package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// `nfds_t` of poll.h: `unsigned long` on Linux, `unsigned int` on macOS and the BSDs. Java code passes a `long`.
final class NfdsT {

    /// The type on this system.
    static final ValueLayout CURRENT = of(Platform.CURRENT.os());

    private NfdsT() {}

    /// Returns the type on a system.
    static ValueLayout of(Os os) {
        return switch (os) {
            case MACOS, FREEBSD, OPENBSD, NETBSD, DRAGONFLY -> JAVA_INT;
            default -> JAVA_LONG;
        };
    }

    /// Adapts a handle to take its `nfds_t` as a `long`. The index counts the parameters of the C function; the segment
    /// of an ErrnoCapture precedes them.
    static MethodHandle asLong(int index, MethodHandle handle) {
        return MethodHandles.explicitCastArguments(handle, handle.type().changeParameterType(1 + index, long.class));
    }
}
