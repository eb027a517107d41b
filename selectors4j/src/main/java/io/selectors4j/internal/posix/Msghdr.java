package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A `struct msghdr` without an address and without control data, for the elements of one [IovecArray].
/// [MsghdrLayout] has the layouts.
public final class Msghdr implements Memory {

    private final MsghdrLayout layout;
    private final MemorySegment segment;
    private final ByteBuffer bytes;

    /// Keeps the array that `msg_iov` points to reachable as long as this struct.
    private final IovecArray iovecs;

    /// Allocates the struct in the layout of this system.
    Msghdr(IovecArray iovecs) {
        this(MsghdrLayout.CURRENT, iovecs);
    }

    /// Allocates the struct in the layout of any system.
    Msghdr(MsghdrLayout layout, IovecArray iovecs) {
        this.layout = layout;
        this.iovecs = iovecs;
        segment = NativeMemory.allocate(layout.layout());
        bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /// Sets the number of elements, the first ones of the array. The kernel may have changed the other fields in an
    /// earlier call.
    ///
    /// @return this object
    Msghdr set(int count) {
        bytes.putLong(MsghdrLayout.IOV, iovecs.segment().address());
        if (layout.longCounts()) {
            bytes.putLong(MsghdrLayout.IOVLEN, count);
        } else {
            bytes.putInt(MsghdrLayout.IOVLEN, count);
        }
        return this;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
