package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.posix.IovecArray;
import io.selectors4j.internal.posix.MsghdrLayout;
import io.selectors4j.internal.posix.SockAddr;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// A `struct msghdr` with an address, for the elements of one [IovecArray].
public final class IoUringMessageHeader implements Memory {

    private static final StructLayout LAYOUT = MsghdrLayout.CURRENT.layout();
    private static final long NAME = Layouts.offset(LAYOUT, "msg_name");
    private static final long NAMELEN = Layouts.offset(LAYOUT, "msg_namelen");
    private static final long IOV = Layouts.offset(LAYOUT, "msg_iov");
    private static final long IOVLEN = Layouts.offset(LAYOUT, "msg_iovlen");
    private static final long FLAGS = Layouts.offset(LAYOUT, "msg_flags");

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT);

    /// Keeps the array that `msg_iov` points to reachable as long as this struct.
    private final IovecArray iovecs;

    // These two keep the address that `msg_name` points to reachable as long as this struct.

    private final SockAddr sender = new SockAddr();
    private @Nullable SockAddr receiver;

    /// Allocates the struct.
    public IoUringMessageHeader(IovecArray iovecs) {
        this.iovecs = iovecs;
    }

    /// Sets the receiver of the messages to send.
    ///
    /// @param address the receiver; null for the one that the socket is connected to
    /// @param v6 whether the address is written as an IPv6 one
    public void setReceiver(@Nullable SocketAddress address, boolean v6) throws UnknownHostException {
        receiver = address == null ? null : new SockAddr(address, v6);
    }

    /// Prepares the struct for `recvmsg`: the kernel writes the sender's address.
    ///
    /// @param count the number of elements of the array to use
    public void prepareReceive(int count) {
        set(sender, SockAddr.SOCKADDR_STORAGE, count);
    }

    /// Prepares the struct for `sendmsg`.
    ///
    /// @param count the number of elements of the array to use
    public void prepareSend(int count) {
        SockAddr address = receiver;
        set(address, address == null ? 0 : address.size(), count);
    }

    private void set(@Nullable SockAddr address, int length, int count) {
        segment.fill((byte) 0);
        segment.set(JAVA_LONG, NAME, Memory.pointer(address).address());
        segment.set(JAVA_INT, NAMELEN, length);
        segment.set(JAVA_LONG, IOV, iovecs.segment().address());
        segment.set(JAVA_LONG, IOVLEN, count);
    }

    /// Returns the address that the kernel has written, or null if there is none or no class of `java.net` can hold it.
    public @Nullable SocketAddress sender() {
        boolean received = segment.get(JAVA_LONG, NAME) == sender.segment().address();
        sender.length().set(0, received ? segment.get(JAVA_INT, NAMELEN) : 0);
        return sender.size() == 0 ? null : sender.decode();
    }

    /// Returns the MSG_* flags that the kernel has written.
    public int flags() {
        return segment.get(JAVA_INT, FLAGS);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
