package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;

/// What differs between systems in the structs of socket addresses. All of them have two bytes before the address itself: on
/// Linux, the family; elsewhere, the length of the struct and the family, a byte each. What follows is the same everywhere,
/// but for the length of a Unix socket's path.
///
/// @param hasLength whether a length stands before the family (sys/socket.h; Linux: linux/socket.h)
/// @param inet6 the family's number of IPv6
/// @param unixPath the size of `sun_path` (sys/un.h; Linux: linux/un.h)
public record SockAddrLayout(boolean hasLength, int inet6, int unixPath) {

    /// That of this system.
    public static final SockAddrLayout HERE = of(Platform.CURRENT.os());

    /// Bytes before the address itself.
    public static final int HEAD = 2;

    /// That of a system.
    ///
    /// @param os the system
    /// @return its layout; of a system that has none here, and where no call is made, that of Linux
    public static SockAddrLayout of(Os os) {
        if (os == Os.LINUX || !Platform.isUnix(os)) {
            return new SockAddrLayout(false, Constants.of(Os.LINUX, "AF_INET6"), 108);
        }
        return new SockAddrLayout(true, Constants.of(os, "AF_INET6"), 104);
    }

    /// Size of `struct sockaddr_un`.
    ///
    /// @return the number of bytes
    public int sockaddrUn() {
        return HEAD + unixPath;
    }

    /// The largest number of a family.
    ///
    /// @return what fits
    public int mostFamilies() {
        return hasLength ? 0xFF : 0xFFFF;
    }
}
