package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;

/// The parts of a request of ioctl(2): `_IOC`. Requests that are older than this scheme, such as those of terminals on
/// most systems, have no size.
///
/// Source: asm-generic/ioctl.h; arch/powerpc/include/uapi/asm/ioctl.h; sys/ioccom.h of the BSDs and macOS.
public final class IoctlRequest {

    private static final int SIZE_SHIFT = 16;
    private static final int SIZE_MASK = 0x3FFF;
    private static final long DIRECTION = 0xC000_0000L;

    /// One bit less for the size: the BSDs, macOS and powerpc.
    private static final int SHORT_SIZE_MASK = 0x1FFF;

    private IoctlRequest() {}

    /// Returns the size in bytes that a request states for its argument; 0 if it states none.
    public static int size(long request) {
        return size(Platform.CURRENT, request);
    }

    /// Returns the size that a request of a platform states. The direction bits of powerpc are 001 for none, 010 for
    /// reading, 100 for writing; those of the BSDs are the same.
    static int size(Platform platform, long request) {
        boolean generic = platform.os() == Os.LINUX && platform.arch() != Arch.PPC64LE;
        if ((request & DIRECTION) == 0) {
            return 0;
        }
        return (int) (request >>> SIZE_SHIFT) & (generic ? SIZE_MASK : SHORT_SIZE_MASK);
    }
}
