package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The differences between systems in the structs of multicast groups (netinet/in.h): macOS packs them.
///
/// ```c
/// struct group_req        { uint32_t gr_interface;                 // 0
///                           struct sockaddr_storage gr_group; };   // 8 (136)     macOS: 4 (132)
/// struct group_source_req { uint32_t gsr_interface;                // 0
///                           struct sockaddr_storage gsr_group;     // 8           macOS: 4
///                           struct sockaddr_storage gsr_source; }; // 136 (264)   macOS: 132 (260)
/// ```
///
/// @param group the offset of the group
public record GroupReqLayout(int group) {

    /// The layout of this system.
    public static final GroupReqLayout CURRENT = of(Platform.CURRENT.os());

    /// Returns the layout of a system that has the options MCAST_JOIN_GROUP and so on.
    public static GroupReqLayout of(Os os) {
        return new GroupReqLayout(os == Os.MACOS ? Integer.BYTES : Long.BYTES);
    }

    /// Returns the offset of the source.
    int source() {
        return group + SockAddr.SOCKADDR_STORAGE;
    }

    /// Returns `struct group_req`.
    public StructLayout groupReq() {
        MemoryLayout padding = MemoryLayout.paddingLayout(Integer.BYTES);
        return group == Integer.BYTES
                ? MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("gr_interface"), address("gr_group"))
                : MemoryLayout.structLayout(
                        ValueLayout.JAVA_INT.withName("gr_interface"), padding, address("gr_group"));
    }

    /// Returns `struct group_source_req`.
    public StructLayout groupSourceReq() {
        MemoryLayout padding = MemoryLayout.paddingLayout(Integer.BYTES);
        return group == Integer.BYTES
                ? MemoryLayout.structLayout(
                        ValueLayout.JAVA_INT.withName("gsr_interface"), address("gsr_group"), address("gsr_source"))
                : MemoryLayout.structLayout(
                        ValueLayout.JAVA_INT.withName("gsr_interface"),
                        padding,
                        address("gsr_group"),
                        address("gsr_source"));
    }

    private static MemoryLayout address(String name) {
        return MemoryLayout.sequenceLayout(SockAddr.SOCKADDR_STORAGE, ValueLayout.JAVA_BYTE)
                .withName(name);
    }
}
