package io.selectors4j.fd;

import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.ControlBuffer;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.sys.Closing;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What [SocketFd#receiveMessage] has received beside the bytes: the sender, flags, control messages and descriptors.
/// An object serves any number of calls, one after another; each one replaces the contents. It is for one thread at a
/// time. A call into it creates no objects; [#sender] and [#control] create what they return.
///
/// The kernel cuts control data that do not fit: [#isControlTruncated]. Descriptors that do not fit, or that exceed the
/// limit of open files, are not opened.
///
/// Source: recvmsg(2), cmsg(3).
public final class ReceivedMessage implements Closeable {

    /// Room for the 253 descriptors that Linux passes at most, and for one control message of each other kind.
    private static final int DEFAULT_CAPACITY = 4096;

    private static final int MAX_CAPACITY = 1 << 20;

    private final SockAddr address = new SockAddr();
    private final ControlBuffer buffer;

    /// The descriptors that were not taken.
    private List<Fd> descriptors = List.of();

    private int domain = Constants.AF_UNSPEC;
    private long count;

    /// Creates an object with room for every control message that the kernel sends: 4,096 bytes.
    public ReceivedMessage() {
        this(DEFAULT_CAPACITY);
    }

    /// Creates an object.
    ///
    /// @param controlCapacity the room for control data in bytes, 0 to 1,048,576; with their headers
    /// @throws IllegalArgumentException if the number is out of range
    public ReceivedMessage(int controlCapacity) {
        if (controlCapacity < 0 || controlCapacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "the capacity for control data is 0 to " + MAX_CAPACITY + " bytes, not " + controlCapacity);
        }
        buffer = new ControlBuffer(controlCapacity);
    }

    /// Returns the number of bytes that the last call received.
    ///
    /// @return the number, 0 for an empty message or if nothing was received; with [SocketFd#MSG_TRUNC], the length of
    ///     the whole message; -1 at the end of the data of a connection
    public long count() {
        return count;
    }

    /// Returns the address of the sender, or for an entry of the error queue the destination of the datagram that
    /// failed.
    ///
    /// @return the address in the form of [SocketFd#receiveFrom]; null if the kernel gave none, as for a TCP
    ///     connection, or if nothing was received
    public @Nullable SocketAddress sender() {
        if (domain == Constants.AF_UNSPEC || (address.size() == 0 && domain != Constants.AF_UNIX)) {
            return null;
        }
        return SocketDomains.decodeSender(address, domain);
    }

    /// Returns the flags that the kernel set: `msg_flags`.
    ///
    /// @return MSG_* flags
    public int flags() {
        return buffer.flags();
    }

    /// Returns whether the buffers were too small for the message, so the rest of it is lost: MSG_TRUNC.
    ///
    /// @return true if bytes are lost
    public boolean isTruncated() {
        return (flags() & Constants.MSG_TRUNC) != 0;
    }

    /// Returns whether control data are lost, because there was no room for them, or because the process was at the
    /// limit of open files: MSG_CTRUNC. A message that was cut is [ControlMessage.Raw].
    ///
    /// @return true if control data are lost
    public boolean isControlTruncated() {
        return (flags() & Constants.MSG_CTRUNC) != 0;
    }

    /// Returns the control messages in their order, except [ControlMessage.Descriptors].
    ///
    /// @return a list that does not change
    public List<ControlMessage> control() {
        return ControlData.decode(buffer);
    }

    /// Returns the descriptors that were received. They are close-on-exec. The caller owns them and closes them. This
    /// object closes descriptors that were not taken: with the next call that receives into it, and with [#close].
    ///
    /// @return the descriptors in their order, each socket a [SocketFd]; empty if there are none, or if they have been
    ///     taken
    public List<Fd> takeDescriptors() {
        List<Fd> taken = descriptors;
        descriptors = List.of();
        return taken;
    }

    /// Closes the descriptors that were not taken, and forgets the message. The object can be used again.
    @Override
    public void close() throws IOException {
        domain = Constants.AF_UNSPEC;
        count = 0;
        buffer.clear();
        if (!descriptors.isEmpty()) {
            Closing.all(takeDescriptors());
        }
    }

    /// Returns the memory for the address of the sender.
    SockAddr address() {
        return address;
    }

    /// Returns the memory for the control data.
    ControlBuffer buffer() {
        return buffer;
    }

    /// Takes over what the kernel has written.
    void received(int socketDomain, long bytes) {
        domain = socketDomain;
        count = bytes;
        for (int at = buffer.next(ControlBuffer.NONE); at != ControlBuffer.NONE; at = buffer.next(at)) {
            if (ControlData.hasDescriptors(buffer, at)) {
                adopt(buffer.data(at), buffer.dataLength(at) / Integer.BYTES);
            }
        }
    }

    private void adopt(int data, int number) {
        if (descriptors.isEmpty()) {
            descriptors = new ArrayList<>(number);
        }
        for (int i = 0; i < number; i++) {
            descriptors.add(SocketFactory.received(buffer.getInt(data + i * Integer.BYTES)));
        }
    }
}
