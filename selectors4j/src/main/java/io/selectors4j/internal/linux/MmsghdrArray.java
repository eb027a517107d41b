package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.posix.IovecArray;
import io.selectors4j.internal.posix.MsghdrLayout;
import io.selectors4j.internal.posix.SockAddr;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// An array of `struct mmsghdr` (sys/socket.h), each with an address and one buffer, for `recvmmsg` and `sendmmsg`.
///
/// ```c
/// struct mmsghdr { struct msghdr msg_hdr;   // 0
///                  unsigned int  msg_len; };// 56 (64)
/// ```
public final class MmsghdrArray implements Memory {

    private static final StructLayout MSGHDR = new MsghdrLayout(true).layout();

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            MSGHDR.withName("msg_hdr"),
            ValueLayout.JAVA_INT.withName("msg_len"),
            MemoryLayout.paddingLayout(Integer.BYTES));

    /// The size of an element.
    public static final int SIZE = (int) LAYOUT.byteSize();

    private static final int NAME = (int) Layouts.offset(MSGHDR, "msg_name");
    private static final int NAMELEN = (int) Layouts.offset(MSGHDR, "msg_namelen");
    private static final int IOV = (int) Layouts.offset(MSGHDR, "msg_iov");
    private static final int IOVLEN = (int) Layouts.offset(MSGHDR, "msg_iovlen");
    private static final int FLAGS = (int) Layouts.offset(MSGHDR, "msg_flags");
    private static final int LEN = (int) Layouts.offset(LAYOUT, "msg_len");

    private final MemorySegment segment;
    private final ByteBuffer structs;
    private final IovecArray iovecs;
    private final SockAddr[] names;
    private final ByteBuffer[] buffers;
    private final long[] addresses;

    /// Allocates the array and its buffers. The messages are empty and have no address.
    public MmsghdrArray(int count, int bufferSize) {
        segment = NativeMemory.allocate((long) SIZE * count, LAYOUT.byteAlignment());
        structs = segment.asByteBuffer().order(ByteOrder.nativeOrder());
        iovecs = new IovecArray(count);
        names = new SockAddr[count];
        buffers = new ByteBuffer[count];
        addresses = new long[count];
        for (int i = 0; i < count; i++) {
            names[i] = new SockAddr();
            names[i].length().set(0, 0);
            MemorySegment bytes = NativeMemory.allocate(bufferSize, 1);
            buffers[i] = bytes.asByteBuffer().limit(0);
            addresses[i] = bytes.address();
            structs.putLong(SIZE * i + IOV, iovecs.segment().address() + IovecArray.LAYOUT.byteSize() * i);
            structs.putLong(SIZE * i + IOVLEN, 1);
        }
    }

    /// Returns the number of elements.
    public int count() {
        return buffers.length;
    }

    /// Returns the buffer of a message.
    public ByteBuffer buffer(int index) {
        return buffers[index];
    }

    /// Returns the address of a message, with the size 0 if it has none.
    public SockAddr name(int index) {
        return names[index];
    }

    /// Prepares all elements for `recvmmsg`, with their whole buffers.
    public void prepareReceive() {
        for (int i = 0; i < buffers.length; i++) {
            buffers[i].clear();
            set(i, SockAddr.SOCKADDR_STORAGE, addresses[i], buffers[i].capacity());
        }
    }

    /// Prepares elements for `sendmmsg`, with the remaining bytes of their buffers.
    public void prepareSend(int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            int position = buffers[i].position();
            int remaining = Math.max(0, buffers[i].limit() - position); // another thread may change both
            set(i, names[i].size(), addresses[i] + position, remaining);
        }
    }

    /// Empties the buffers of messages that `sendmmsg` has sent.
    public void sent(int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            buffers[i].position(buffers[i].limit());
        }
    }

    private void set(int index, int namelen, long address, int length) {
        int at = SIZE * index;
        structs.putLong(at + NAME, namelen == 0 ? 0 : names[index].segment().address());
        structs.putInt(at + NAMELEN, namelen);
        structs.putInt(at + FLAGS, 0);
        structs.putInt(at + LEN, 0);
        iovecs.set(index, address, length);
    }

    /// Takes over what the kernel has written for the first messages: the sizes of their addresses, and the limits of
    /// their buffers.
    public void received(int count) {
        for (int i = 0; i < count; i++) {
            names[i].length().set(0, structs.getInt(SIZE * i + NAMELEN));
            // MSG_TRUNC returns the length of the message, which may be more than the buffer has room for.
            buffers[i].limit(Math.clamp(structs.getInt(SIZE * i + LEN), 0, buffers[i].capacity()));
        }
    }

    /// Returns whether a message that was received has neither bytes nor an address.
    public boolean isEmpty(int index) {
        return !buffers[index].hasRemaining() && names[index].size() == 0;
    }

    /// Returns `msg_flags` of a message.
    public int flags(int index) {
        return structs.getInt(SIZE * index + FLAGS);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
