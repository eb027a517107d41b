package io.selectors4j.os;

import io.selectors4j.internal.linux.IoUringBufferRing;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Objects;

/// Buffers from which the kernel takes one when it has bytes, so that waiting requests need none:
/// [IoUring#provideBuffers]. All have the same size.
///
/// A completion names the buffer that it has taken. The program gives the buffer back to the kernel with [#release].
/// Any thread may call these methods.
///
/// Source: io_uring_register(2), IORING_REGISTER_PBUF_RING.
public final class IoUringBuffers {

    private final IoUring ring;
    private final int group;
    private final IoUringBufferRing buffers;
    private final ByteBuffer[] slices;

    /// The buffers that belong to the program. Guarded by itself.
    private final BitSet taken = new BitSet();

    private volatile boolean unregistered;

    /// Creates the buffers, which all belong to the kernel.
    IoUringBuffers(IoUring ring, int group, IoUringBufferRing buffers, int count) {
        this.ring = ring;
        this.group = group;
        this.buffers = buffers;
        slices = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            slices[i] = buffers.slice(i);
            buffers.add(i);
        }
    }

    /// Returns the number of buffers.
    ///
    /// @return the number of buffers
    public int count() {
        return slices.length;
    }

    /// Returns a buffer that a completion has taken, with the received bytes between its position and its limit. It is
    /// the same object each time. The program must not use it after [#release].
    ///
    /// @param id the number of the buffer: [IoUringCompletions#bufferId]
    /// @param length the number of bytes: [IoUringCompletions#result]
    /// @return the buffer, whose position is 0
    /// @throws IndexOutOfBoundsException if there is no buffer with this number, or if it is shorter
    /// @throws IllegalStateException if the buffer belongs to the kernel
    public ByteBuffer get(int id, int length) {
        Objects.checkIndex(id, slices.length);
        synchronized (taken) {
            requireTaken(id);
            ByteBuffer buffer = slices[id];
            Objects.checkFromToIndex(0, length, buffer.capacity());
            return buffer.clear().limit(length);
        }
    }

    /// Gives a buffer back to the kernel.
    ///
    /// @param id the number of the buffer
    /// @throws IndexOutOfBoundsException if there is no buffer with this number
    /// @throws IllegalStateException if the buffer belongs to the kernel
    public void release(int id) {
        Objects.checkIndex(id, slices.length);
        synchronized (taken) {
            requireTaken(id);
            taken.clear(id);
            buffers.add(id);
        }
    }

    private void requireTaken(int id) {
        if (!taken.get(id)) {
            throw new IllegalStateException("buffer " + id + " belongs to the kernel");
        }
    }

    /// Returns the size of a buffer.
    int size() {
        return slices[0].capacity();
    }

    /// Records that a completion has taken a buffer.
    void take(int id) {
        synchronized (taken) {
            if (id < slices.length) {
                taken.set(id);
            }
        }
    }

    /// Returns the number of the group.
    ///
    /// @throws IllegalStateException if the buffers belong to another instance or are unregistered
    int group(IoUring user) {
        if (user != ring) {
            throw new IllegalStateException("buffers of another instance");
        }
        if (unregistered) {
            throw new IllegalStateException("unregistered buffers");
        }
        return group;
    }

    /// Unregisters the buffers. Requests that wait for bytes complete with ENOBUFS when bytes arrive. The memory stays
    /// valid as long as this object is reachable, or a request uses it. Unregistering again does nothing, and neither
    /// does it after the instance was closed.
    public void unregister() {
        synchronized (taken) {
            if (unregistered) {
                return;
            }
            unregistered = true;
        }
        ring.unregisterBuffers(group, buffers);
    }
}
