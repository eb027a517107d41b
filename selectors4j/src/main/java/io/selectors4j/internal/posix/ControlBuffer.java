package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The control data of one message: a sequence of control messages, each with a header and data. [CmsghdrLayout] has
/// the layouts.
///
/// Offsets count from the beginning of the memory. An object serves one thread at a time.
public final class ControlBuffer implements Memory {

    /// No control message.
    public static final int NONE = -1;

    private static final ThreadLocal<ControlBuffer> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected ControlBuffer initialValue() {
            return new ControlBuffer(Long.SIZE);
        }
    };

    private final CmsghdrLayout layout;
    private final int capacity;
    private final MemorySegment segment;
    private final ByteBuffer bytes;

    /// The number of bytes in use: those that were appended, or that the kernel has written.
    private int size;

    /// `msg_flags` of the message.
    private int flags;

    /// Allocates memory in the layout of this system.
    ///
    /// @param capacity the number of bytes, 0 or more
    public ControlBuffer(int capacity) {
        this(CmsghdrLayout.CURRENT, capacity);
    }

    /// Allocates memory in the layout of any system.
    ControlBuffer(CmsghdrLayout layout, int capacity) {
        this.layout = layout;
        this.capacity = capacity;
        segment = NativeMemory.allocate(Math.max(capacity, 1), Long.BYTES);
        bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /// Returns the current thread's own memory, empty. It is valid until the thread calls this method again.
    ///
    /// @param capacity the least number of bytes
    public static ControlBuffer current(int capacity) {
        ControlBuffer buffer = OF_THREAD.get();
        if (buffer.capacity < capacity) {
            buffer = new ControlBuffer(Math.max(capacity, 2 * buffer.capacity));
            OF_THREAD.set(buffer);
        }
        buffer.size = 0;
        return buffer;
    }

    /// Returns the number of bytes that a control message takes.
    public static int space(int dataLength) {
        return CmsghdrLayout.CURRENT.space(dataLength);
    }

    int capacity() {
        return capacity;
    }

    /// Empties the memory.
    public void clear() {
        size = 0;
        flags = 0;
    }

    /// Sets what the kernel has written back.
    void received(int controllen, int msgFlags) {
        size = Math.clamp(controllen, 0, capacity);
        flags = msgFlags;
    }

    /// Returns the number of bytes to pass: `msg_controllen`.
    int size() {
        return size;
    }

    /// Returns `msg_flags` of the message that was received last.
    public int flags() {
        return flags;
    }

    /// Appends a control message, for which there must be room. Its data are not initialized.
    ///
    /// @return the offset of its data
    public int append(int level, int type, int dataLength) {
        int start = size;
        int end = start + layout.space(dataLength);
        for (int i = start; i < end; i++) {
            bytes.put(i, (byte) 0); // also the padding
        }
        int length = layout.length(dataLength);
        if (layout.longLength()) {
            bytes.putLong(start, length);
        } else {
            bytes.putInt(start, length);
        }
        bytes.putInt(start + layout.level(), level);
        bytes.putInt(start + layout.type(), type);
        size = end;
        return start + layout.length(0);
    }

    /// Returns the offset of the control message after another one.
    ///
    /// @param offset the offset of a control message; [#NONE] for the first one
    /// @return the offset, or [#NONE] after the last one
    public int next(int offset) {
        int start = offset == NONE ? 0 : offset + layout.align(length(offset));
        if (size - start < layout.length(0)) {
            return NONE;
        }
        int length = length(start);
        return length < layout.length(0) || length > size - start ? NONE : start;
    }

    private int length(int offset) {
        long length = layout.longLength() ? bytes.getLong(offset) : bytes.getInt(offset);
        return Math.clamp(length, 0, Integer.MAX_VALUE / 2);
    }

    /// Returns `cmsg_level` of the control message at an offset.
    public int level(int offset) {
        return bytes.getInt(offset + layout.level());
    }

    /// Returns `cmsg_type` of the control message at an offset.
    public int type(int offset) {
        return bytes.getInt(offset + layout.type());
    }

    /// Returns the offset of the data of the control message at an offset.
    public int data(int offset) {
        return offset + layout.length(0);
    }

    /// Returns the length of the data of the control message at an offset.
    public int dataLength(int offset) {
        return length(offset) - layout.length(0);
    }

    /// Returns a byte, 0 to 255.
    public int getByte(int offset) {
        return Byte.toUnsignedInt(bytes.get(offset));
    }

    /// Returns an unsigned `short`.
    public int getShort(int offset) {
        return Short.toUnsignedInt(bytes.getShort(offset));
    }

    /// Returns an `int`.
    public int getInt(int offset) {
        return bytes.getInt(offset);
    }

    /// Returns a `long`.
    public long getLong(int offset) {
        return bytes.getLong(offset);
    }

    /// Returns bytes.
    public byte[] getBytes(int offset, int count) {
        byte[] copy = new byte[count];
        bytes.get(offset, copy);
        return copy;
    }

    /// Sets an `int`.
    public void putInt(int offset, int value) {
        bytes.putInt(offset, value);
    }

    /// Sets an unsigned `short`.
    public void putShort(int offset, int value) {
        bytes.putShort(offset, (short) value);
    }

    /// Sets bytes.
    public void putBytes(int offset, byte[] value) {
        bytes.put(offset, value);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
