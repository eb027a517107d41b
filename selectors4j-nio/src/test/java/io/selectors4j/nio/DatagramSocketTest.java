package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Base class of the tests of the [DatagramSocket] of a channel.
abstract class DatagramSocketTest extends DatagramTest {

    DatagramSocketTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    final DatagramSocket openSocket() throws IOException {
        return openUnbound().socket();
    }

    /// Opens a socket on a free port of the loopback interface.
    final DatagramSocket openBoundSocket() throws IOException {
        return openBound().socket();
    }

    static DatagramPacket packet(String text, SocketAddress target) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new DatagramPacket(bytes, bytes.length, target);
    }

    static DatagramPacket packet(int length) {
        return new DatagramPacket(new byte[length], length);
    }

    static String text(DatagramPacket packet) {
        return new String(packet.getData(), packet.getOffset(), packet.getLength(), StandardCharsets.UTF_8);
    }

    static void send(DatagramSocket socket, String text, DatagramSocket target) throws IOException {
        socket.send(packet(text, target.getLocalSocketAddress()));
    }

    static void assertSocketFails(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isExactlyInstanceOf(SocketException.class).hasMessage(message);
    }

    static void assertInvalid(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
