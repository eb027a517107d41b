package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The differences between systems in `struct cmsghdr` (sys/socket.h), the header of one control message, and in the
/// macros CMSG_LEN and CMSG_SPACE.
///
/// ```c
/// struct cmsghdr { size_t cmsg_len;     // 0   socklen_t on macOS and the BSDs
///                  int    cmsg_level;   // 8   4 on macOS and the BSDs
///                  int    cmsg_type; }; // 12  8 on macOS and the BSDs
///                                       // 16  12 on macOS and the BSDs
/// ```
///
/// In musl, `cmsg_len` is a `socklen_t` and padding, so a small number in zeroed memory has the same bytes.
///
/// @param longLength whether `cmsg_len` has 64 bits: Linux
/// @param alignment the alignment of headers and data: 4 on macOS, 8 elsewhere
public record CmsghdrLayout(boolean longLength, int alignment) {

    /// The layout of this system.
    public static final CmsghdrLayout CURRENT = of(Platform.CURRENT.os());

    /// Returns the layout of a system; that of Linux for an unsupported system, where no call is made.
    public static CmsghdrLayout of(Os os) {
        return new CmsghdrLayout(os == Os.LINUX || !Platform.isUnix(os), os == Os.MACOS ? Integer.BYTES : Long.BYTES);
    }

    /// Returns the struct.
    public StructLayout layout() {
        return MemoryLayout.structLayout(
                (longLength ? ValueLayout.JAVA_LONG : ValueLayout.JAVA_INT).withName("cmsg_len"),
                ValueLayout.JAVA_INT.withName("cmsg_level"),
                ValueLayout.JAVA_INT.withName("cmsg_type"));
    }

    /// Returns the offset of `cmsg_level`.
    int level() {
        return longLength ? Long.BYTES : Integer.BYTES;
    }

    /// Returns the offset of `cmsg_type`.
    int type() {
        return level() + Integer.BYTES;
    }

    /// Returns the length of a message with data of a length: CMSG_LEN. With 0, the offset of the data.
    public int length(int data) {
        return align(type() + Integer.BYTES) + data;
    }

    /// Returns the bytes that a message with data of a length takes: CMSG_SPACE.
    public int space(int data) {
        return align(length(data));
    }

    /// Rounds a length up to the alignment.
    int align(int length) {
        return length + alignment - 1 & -alignment;
    }
}
