package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Functions that map files into memory; the same rules as in [LinuxLibc].
public final class LinuxMappings {

    // asm-generic/mman-common.h, linux/mman.h
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int MAP_POPULATE = 0x8000;

    private LinuxMappings() {}

    private static final class Mmap {
        static final MethodHandle HANDLE = Downcalls.link(
                "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    }

    /// `void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset);` The kernel chooses the
    /// address.
    public static long mmap(ErrnoCapture state, long length, int prot, int flags, int fd, long offset) {
        try {
            return state.valueOrErrno(((MemorySegment) Mmap.HANDLE.invokeExact(
                            state.segment(), MemorySegment.NULL, length, prot, flags, fd, offset))
                    .address()); // MAP_FAILED is -1
        } catch (Throwable t) {
            throw Downcalls.rethrow("mmap", t);
        }
    }

    private static final class Munmap {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    /// `int munmap(void *addr, size_t length);`
    public static int munmap(ErrnoCapture state, long addr, long length) {
        try {
            return state.valueOrErrno((int) (long) Munmap.HANDLE.invokeExact(state.segment(), addr, length, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("munmap", t);
        }
    }
}
