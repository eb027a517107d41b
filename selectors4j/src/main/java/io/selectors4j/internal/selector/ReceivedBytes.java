package io.selectors4j.internal.selector;

import io.selectors4j.internal.linux.IoUringBufferRing;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The bytes of a stream that were received and not yet read: first those in memory of this object, then those in
/// buffers of the kernel. The owner serializes the calls.
final class ReceivedBytes {

    private static final byte[] NONE = {};

    private IoUringBufferRing group;
    private byte[] own = NONE;
    private int ownStart;
    private int ownEnd;

    /// The provided buffers with bytes, in order.
    private int[] ids = new int[2];

    /// The numbers of bytes in these buffers.
    private int[] counts = new int[2];

    private int start;
    private int end;

    /// The number of bytes in all of these buffers that were not read.
    private int held;

    /// The offset of the first unread byte in the first of these buffers.
    private int offset;

    /// Creates an object without bytes.
    ///
    /// @param group the kernel's buffers
    ReceivedBytes(IoUringBufferRing group) {
        this.group = group;
    }

    /// Returns the number of bytes.
    int count() {
        return ownEnd - ownStart + held;
    }

    /// Returns the number of bytes in memory of this object.
    int ownCount() {
        return ownEnd - ownStart;
    }

    /// Makes room, so that [#add] cannot fail.
    void reserve() {
        if (end == ids.length) {
            int[] moreIds = Arrays.copyOf(ids, 2 * end);
            counts = Arrays.copyOf(counts, 2 * end);
            ids = moreIds;
        }
    }

    /// Adds the bytes of a provided buffer, after the others.
    void add(int id, int count) {
        reserve();
        ids[end] = id;
        counts[end++] = Math.min(count, group.size());
        held += counts[end - 1];
    }

    /// Reads bytes. Gives the buffers back that have none left.
    ///
    /// @return the number of bytes
    int read(ByteBuffer target) {
        int count = 0;
        if (ownStart < ownEnd) {
            count = Math.min(ownEnd - ownStart, target.remaining());
            target.put(own, ownStart, count);
            ownStart += count;
            if (ownStart == ownEnd) {
                setOwn(NONE);
            }
        }
        while (start < end && target.hasRemaining()) {
            count += readHeld(target);
        }
        return count;
    }

    private int readHeld(ByteBuffer target) {
        int left = counts[start] - offset;
        int count = Math.min(left, target.remaining());
        group.copy(ids[start], offset, target, count);
        offset += count;
        held -= count;
        if (count == left) {
            group.add(ids[start++]);
            offset = 0;
            if (start == end) {
                start = 0;
                end = 0;
            }
        }
        return count;
    }

    private void setOwn(byte[] bytes) {
        own = bytes;
        ownStart = 0;
        ownEnd = bytes.length;
    }

    /// Copies the bytes of provided buffers to memory of this object, and gives the buffers back.
    void returnBuffers() {
        if (held > 0) {
            ByteBuffer all = ByteBuffer.allocate(count());
            read(all);
            setOwn(all.array());
        }
    }

    /// Removes all bytes.
    void clear() {
        while (start < end) {
            group.add(ids[start++]);
        }
        start = 0;
        end = 0;
        held = 0;
        offset = 0;
        setOwn(NONE);
    }

    /// Gives a buffer back that has no bytes to be read.
    void reject(int id) {
        group.add(id);
    }

    /// Returns the kernel's buffers.
    IoUringBufferRing group() {
        return group;
    }

    /// Copies the bytes of provided buffers to memory of this object. The buffers that follow are of another group.
    void setGroup(IoUringBufferRing newGroup) {
        returnBuffers();
        group = newGroup;
    }

    /// Returns whether the group has a buffer.
    boolean hasBuffer(int id) {
        return id < group.count();
    }
}
