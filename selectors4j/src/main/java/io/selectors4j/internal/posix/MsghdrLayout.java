package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The differences between systems in `struct msghdr` (sys/socket.h): the width of two counts.
///
/// ```c
/// struct msghdr { void         *msg_name;       // 0
///                 socklen_t     msg_namelen;    // 8
///                 struct iovec *msg_iov;        // 16
///                 size_t        msg_iovlen;     // 24   int on macOS and the BSDs
///                 void         *msg_control;    // 32
///                 size_t        msg_controllen; // 40   socklen_t on macOS and the BSDs
///                 int           msg_flags; };   // 48   44 on macOS and the BSDs
///                                               // 56   48 on macOS and the BSDs
/// ```
///
/// @param longCounts whether `msg_iovlen` and `msg_controllen` have 64 bits: Linux. In musl, they are an `int` and
///     padding that musl sets to 0, so a small number has the same bytes
public record MsghdrLayout(boolean longCounts) {

    /// The layout of this system.
    public static final MsghdrLayout CURRENT = of(Platform.CURRENT.os());

    /// Offset of `msg_name`.
    static final int NAME = 0;

    /// Offset of `msg_namelen`.
    static final int NAMELEN = 8;

    /// Offset of `msg_iov`.
    static final int IOV = 16;

    /// Offset of `msg_iovlen`.
    static final int IOVLEN = 24;

    /// Offset of `msg_control`.
    static final int CONTROL = 32;

    /// Offset of `msg_controllen`.
    static final int CONTROLLEN = 40;

    /// Returns the layout of a system; that of Linux for an unsupported system, where no call is made.
    public static MsghdrLayout of(Os os) {
        return new MsghdrLayout(os == Os.LINUX || !Platform.isUnix(os));
    }

    /// Returns the offset of `msg_flags`.
    int flags() {
        return longCounts ? CONTROLLEN + Long.BYTES : CONTROLLEN + Integer.BYTES;
    }

    /// Returns the struct.
    public StructLayout layout() {
        return longCounts
                ? MemoryLayout.structLayout(
                        ValueLayout.ADDRESS.withName("msg_name"),
                        ValueLayout.JAVA_INT.withName("msg_namelen"),
                        MemoryLayout.paddingLayout(Integer.BYTES),
                        ValueLayout.ADDRESS.withName("msg_iov"),
                        ValueLayout.JAVA_LONG.withName("msg_iovlen"),
                        ValueLayout.ADDRESS.withName("msg_control"),
                        ValueLayout.JAVA_LONG.withName("msg_controllen"),
                        ValueLayout.JAVA_INT.withName("msg_flags"),
                        MemoryLayout.paddingLayout(Integer.BYTES))
                : MemoryLayout.structLayout(
                        ValueLayout.ADDRESS.withName("msg_name"),
                        ValueLayout.JAVA_INT.withName("msg_namelen"),
                        MemoryLayout.paddingLayout(Integer.BYTES),
                        ValueLayout.ADDRESS.withName("msg_iov"),
                        ValueLayout.JAVA_INT.withName("msg_iovlen"),
                        MemoryLayout.paddingLayout(Integer.BYTES),
                        ValueLayout.ADDRESS.withName("msg_control"),
                        ValueLayout.JAVA_INT.withName("msg_controllen"),
                        ValueLayout.JAVA_INT.withName("msg_flags"));
    }
}
