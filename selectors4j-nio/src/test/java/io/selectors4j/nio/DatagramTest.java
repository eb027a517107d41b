package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Base class of the tests of datagram channels.
abstract class DatagramTest extends ProviderTest {

    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    DatagramTest(ProviderUnderTest underTest) {
        super(underTest);
        try {
            provider.openDatagramChannel().close(); // the JDK keeps a descriptor of its first datagram channel
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Opens a channel that is not bound, blocking.
    final DatagramChannel openUnbound() throws IOException {
        return own(provider.openDatagramChannel());
    }

    /// Opens a channel on a free port of the loopback interface, blocking.
    final DatagramChannel openBound() throws IOException {
        return openUnbound().bind(new InetSocketAddress(LOOPBACK, 0));
    }

    /// Opens a channel that is connected to another one, blocking.
    final DatagramChannel openConnected(DatagramChannel peer) throws IOException {
        return openBound().connect(peer.getLocalAddress());
    }

    /// Returns an address of the loopback interface on which no socket receives.
    final InetSocketAddress closedPort() throws IOException {
        try (DatagramChannel channel = provider.openDatagramChannel()) {
            channel.bind(new InetSocketAddress(LOOPBACK, 0));
            return localAddress(channel);
        }
    }

    static InetSocketAddress localAddress(DatagramChannel channel) throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /// Returns the address of the loopback interface at the port of a channel that is bound to the wildcard.
    static InetSocketAddress loopbackOf(DatagramChannel channel) throws IOException {
        return new InetSocketAddress(LOOPBACK, localAddress(channel).getPort());
    }

    static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    static String text(ByteBuffer received) {
        return StandardCharsets.UTF_8.decode(received.flip()).toString();
    }

    static void send(DatagramChannel channel, String text, SocketAddress target) throws IOException {
        assertThat(channel.send(bytes(text), target)).isEqualTo(text.length());
    }

    /// Receives a datagram. Waits for it with a selector if the channel is non-blocking.
    static String receive(DatagramChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        SocketAddress sender = channel.receive(buffer);
        if (sender == null && !channel.isBlocking()) {
            awaitReadable(channel);
            sender = channel.receive(buffer);
        }
        assertThat(sender).isNotNull();
        return text(buffer);
    }

    /// Waits until a non-blocking channel is ready to read.
    static void awaitReadable(DatagramChannel channel) throws IOException {
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, SelectionKey.OP_READ);
            assertThat(selector.select(Expect.PATIENCE.toMillis()))
                    .as("readable: %s", channel)
                    .isOne();
        }
    }

    /// Makes a channel non-blocking and checks that it has nothing to receive.
    static void expectNothing(DatagramChannel channel) throws IOException {
        channel.configureBlocking(false);
        @Nullable SocketAddress sender = channel.receive(ByteBuffer.allocate(100));
        assertThat(sender).isNull();
        channel.configureBlocking(true);
    }
}
