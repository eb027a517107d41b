package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.posix.CString;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// Functions of Linux (glibc and musl) on terminals; the same rules as in [LinuxLibc].
public final class LinuxTerminals {

    private LinuxTerminals() {}

    private static final class PtsnameR {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("ptsname_r", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
    }

    /// `int ptsname_r(int fd, char *buf, size_t buflen);`
    ///
    /// The C function returns an errno value; this method negates it.
    public static int ptsname_r(ErrnoCapture state, int fd, CString buf, long buflen) {
        try {
            return -Memory.keepAlive(
                    (int) (long)
                            PtsnameR.HANDLE.invokeExact(state.segment(), (long) fd, Memory.address(buf), buflen, 0L),
                    buf);
        } catch (Throwable t) {
            throw Downcalls.rethrow("ptsname_r", t);
        }
    }
}
