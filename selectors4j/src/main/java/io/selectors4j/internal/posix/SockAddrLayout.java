package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;

/// The differences between systems in the structs of socket addresses. Two bytes precede the address itself: on Linux
/// and Windows the family, on other systems the length of the struct and the family, one byte each. The rest is the
/// same everywhere, except for the size of `sun_path`.
///
/// @param hasLength whether the struct begins with its length (sys/socket.h; Linux: linux/socket.h)
/// @param inet6 the value of AF_INET6
/// @param unixPath the size of `sun_path` (sys/un.h; Linux: linux/un.h; Windows: afunix.h)
public record SockAddrLayout(boolean hasLength, int inet6, int unixPath) {

    /// The layout of this system.
    public static final SockAddrLayout CURRENT = of(Platform.CURRENT.os());

    /// Number of bytes before the address itself.
    public static final int HEAD = 2;

    /// Returns the layout of a system; that of Linux for an unsupported system, where no call is made.
    public static SockAddrLayout of(Os os) {
        if (os == Os.LINUX || !Platform.isUnix(os)) {
            Os known = os == Os.WINDOWS ? os : Os.LINUX;
            return new SockAddrLayout(false, Constants.of(known, "AF_INET6"), 108);
        }
        return new SockAddrLayout(true, Constants.of(os, "AF_INET6"), 104);
    }

    /// Returns the size of `struct sockaddr_un` in bytes.
    public int sockaddrUn() {
        return HEAD + unixPath;
    }

    /// Returns the largest family number that the struct can hold.
    public int maxFamily() {
        return hasLength ? 0xFF : 0xFFFF;
    }
}
