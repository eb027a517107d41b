package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A `struct msghdr` for the elements of one [IovecArray].
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

    /// Sets all fields for `sendmsg`.
    ///
    /// @param count the number of elements, the first ones of the array
    /// @param name the address to send to, null for none; the caller keeps it reachable during the call
    /// @param control the control data to send, null for none; the caller keeps it reachable during the call
    /// @return this object
    Msghdr setSource(int count, @Nullable SockAddr name, @Nullable ControlBuffer control) {
        set(count, name, name == null ? 0 : name.size(), control, control == null ? 0 : control.size());
        return this;
    }

    /// Sets all fields for `recvmsg`.
    ///
    /// @param count the number of elements, the first ones of the array
    /// @param name the address to fill in, null for none; the caller keeps it reachable during the call
    /// @param control the control data to fill in, null for none; the caller keeps it reachable during the call
    /// @return this object
    Msghdr setTarget(int count, @Nullable SockAddr name, @Nullable ControlBuffer control) {
        int namelen = name == null ? 0 : SockAddr.SOCKADDR_STORAGE;
        set(count, name, namelen, control, control == null ? 0 : control.capacity());
        return this;
    }

    private void set(int count, @Nullable SockAddr name, int namelen, @Nullable ControlBuffer control, int controllen) {
        bytes.putLong(MsghdrLayout.NAME, name == null ? 0 : name.segment().address());
        bytes.putInt(MsghdrLayout.NAMELEN, namelen);
        bytes.putLong(MsghdrLayout.IOV, iovecs.segment().address());
        putCount(MsghdrLayout.IOVLEN, count);
        bytes.putLong(
                MsghdrLayout.CONTROL, control == null ? 0 : control.segment().address());
        putCount(MsghdrLayout.CONTROLLEN, controllen);
    }

    private void putCount(int offset, int count) {
        if (layout.longCounts()) {
            bytes.putLong(offset, count);
        } else {
            bytes.putInt(offset, count);
        }
    }

    /// Passes on what `recvmsg` has written: the length of the name and of the control data, and the flags.
    void get(@Nullable SockAddr name, @Nullable ControlBuffer control) {
        if (name != null) {
            name.length().set(0, bytes.getInt(MsghdrLayout.NAMELEN));
        }
        if (control != null) {
            int controllen = layout.longCounts()
                    ? (int) bytes.getLong(MsghdrLayout.CONTROLLEN)
                    : bytes.getInt(MsghdrLayout.CONTROLLEN);
            control.received(controllen, bytes.getInt(layout.flags()));
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
