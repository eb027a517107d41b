package io.selectors4j.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.ref.WeakReference;
import java.net.DatagramPacket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// The buffers of packets that are received more than once.
///
/// A [DatagramPacket] has two lengths: that of the datagram, and that of the buffer. A receive sets the first and keeps
/// the second, so that a program can receive into one packet again and again. Outside of `java.net` the length of the
/// buffer can be neither read nor kept: [DatagramPacket#setLength] sets both. This class remembers it while the packet
/// is as the last receive left it.
///
/// A program that sets the length of a packet to exactly the length of the last datagram, to receive no more than that,
/// receives up to the old length of the buffer.
final class PacketBuffers {

    @GuardedBy("RECEIVED")
    private static final Map<DatagramPacket, Received> RECEIVED = new WeakHashMap<>();

    private PacketBuffers() {}

    /// A packet after a receive.
    ///
    /// @param data its array
    /// @param offset the offset of the buffer in the array
    /// @param length the length of the datagram
    /// @param bufferLength the length of the buffer
    private record Received(WeakReference<byte[]> data, int offset, int length, int bufferLength) {

        boolean isStateOf(DatagramPacket packet) {
            return data.refersTo(packet.getData()) && offset == packet.getOffset() && length == packet.getLength();
        }
    }

    /// Returns the buffer of a packet.
    static ByteBuffer bufferOf(DatagramPacket packet) {
        Received last = lastOf(packet);
        int length = last != null && last.isStateOf(packet) ? last.bufferLength : packet.getLength();
        return ByteBuffer.wrap(packet.getData(), packet.getOffset(), length);
    }

    private static @Nullable Received lastOf(DatagramPacket packet) {
        synchronized (RECEIVED) {
            return RECEIVED.get(packet);
        }
    }

    /// Sets the length of the datagram and its sender.
    ///
    /// @param buffer the buffer of the packet, its position at the end of the datagram
    static void received(DatagramPacket packet, ByteBuffer buffer, SocketAddress sender) {
        int length = buffer.position() - packet.getOffset();
        int bufferLength = buffer.limit() - packet.getOffset();
        packet.setLength(length);
        packet.setSocketAddress(sender);
        synchronized (RECEIVED) {
            if (length == bufferLength) {
                RECEIVED.remove(packet);
            } else {
                Received state =
                        new Received(new WeakReference<>(packet.getData()), packet.getOffset(), length, bufferLength);
                RECEIVED.put(packet, state);
            }
        }
    }
}
