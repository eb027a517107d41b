package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// A `struct group_req`, or a `struct group_source_req` if there is a source. [GroupReqLayout] has the layouts.
public final class GroupReq implements Memory {

    private final MemorySegment segment;

    /// Creates the struct in the layout of this system.
    ///
    /// @param ifindex the index of the interface
    public GroupReq(int ifindex, SockAddr group, @Nullable SockAddr source) {
        this(GroupReqLayout.CURRENT, ifindex, group, source);
    }

    /// Creates the struct in the layout of any system.
    GroupReq(GroupReqLayout layout, int ifindex, SockAddr group, @Nullable SockAddr source) {
        segment = NativeMemory.allocate(
                source == null
                        ? layout.groupReq().byteSize()
                        : layout.groupSourceReq().byteSize(),
                Long.BYTES);
        segment.set(ValueLayout.JAVA_INT, 0, ifindex);
        put(group, layout.group());
        if (source != null) {
            put(source, layout.source());
        }
    }

    private void put(SockAddr address, long offset) {
        MemorySegment.copy(address.segment(), 0, segment, offset, address.size());
    }

    /// Returns the size in bytes.
    public int size() {
        return (int) segment.byteSize();
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
