package io.selectors4j.nio;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/// What the tests of channels read and write.
final class TestIo {

    private static final int CHUNK = 8192;

    private TestIo() {}

    /// Returns a port of the loopback interface that the kernel chooses.
    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    /// Reads a text of a number of bytes. Waits for it with a selector if the channel is non-blocking.
    static String read(ReadableByteChannel channel, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer);
            assertThat(count).as("bytes read after %s", buffer).isNotNegative();
            if (count == 0) {
                await((SelectableChannel) channel, SelectionKey.OP_READ);
            }
        }
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    /// Writes a number of zero bytes, for which there is room.
    static void write(WritableByteChannel channel, int count) throws IOException {
        assertThat(channel.write(ByteBuffer.allocate(count))).isEqualTo(count);
    }

    /// Reads all available bytes from a non-blocking channel.
    static void drain(ReadableByteChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        while (channel.read(buffer.clear()) > 0) {}
    }

    /// Writes all bytes of a buffer to a blocking channel.
    static void writeFully(WritableByteChannel channel, ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            channel.write(source);
        }
    }

    /// Waits until a non-blocking channel is ready for an operation.
    static void await(SelectableChannel channel, int ops) throws IOException {
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, ops);
            assertThat(selector.select(PATIENCE.toMillis()))
                    .as("ready for %s: %s", ops, channel)
                    .isOne();
        }
    }

    /// Writes until the buffers of the connection are full. The channel is blocking before and afterwards.
    static <C extends SelectableChannel & WritableByteChannel> void fill(C channel)
            throws IOException, InterruptedException {
        channel.configureBlocking(false);
        int refused = 0;
        while (refused < 3) { // the kernel moves bytes from one buffer to the other, and then there is room again
            int count = channel.write(ByteBuffer.allocate(CHUNK));
            if (count == 0) {
                count = channel.write(ByteBuffer.allocate(1));
            }
            if (count == 0) {
                refused++;
                Thread.sleep(2);
            } else {
                refused = 0;
            }
        }
        channel.configureBlocking(true);
    }
}
