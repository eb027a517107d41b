package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.posix.CString;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Functions on files; the same rules as in [LinuxLibc].
public final class LinuxFiles {

    // linux/memfd.h
    public static final int MFD_CLOEXEC = 0x0001;

    private LinuxFiles() {}

    private static final class MemfdCreate {
        // since glibc 2.27
        static final @Nullable MethodHandle HANDLE = Downcalls.linkIfPresent(
                        "memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT))
                .orElse(null);
    }

    /// `int memfd_create(const char *name, unsigned int flags);`
    ///
    /// Returns `-ENOSYS` if the C library lacks the function, as an old kernel does.
    public static int memfd_create(ErrnoCapture state, CString name, int flags) {
        MethodHandle handle = MemfdCreate.HANDLE;
        if (handle == null) {
            return -Errno.ENOSYS;
        }
        try {
            return state.valueOrErrno((int) handle.invokeExact(state.segment(), name.segment(), flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("memfd_create", t);
        }
    }

    private static final class Sendfile {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs(
                "sendfile", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
    }

    /// `ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count);`
    public static long sendfile(ErrnoCapture state, int out_fd, int in_fd, FileOffset offset, long count) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (long) Sendfile.HANDLE.invokeExact(
                            state.segment(), (long) out_fd, (long) in_fd, Memory.address(offset), count),
                    offset));
        } catch (Throwable t) {
            throw Downcalls.rethrow("sendfile", t);
        }
    }
}
