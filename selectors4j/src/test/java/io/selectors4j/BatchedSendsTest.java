package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// A batched socket whose send waits in the kernel, because the peer does not read.
class BatchedSendsTest extends BatchedSocketFixture {

    private final ByteBuffer source = bytes(64 << 20, 1);

    BatchedSendsTest(ConnectedPair.Kind kind) throws IOException {
        super(kind);
    }

    /// The second ring gets the send again.
    @Test
    void anotherThreadSelects_sendsTheRest() throws Exception {
        int written = Background.run(() -> fill(source));
        assertThat(readFromPeer(written)).isEqualTo(source.duplicate().flip());
    }

    @Test
    void shutdownOutput_comesAfterTheRest() throws IOException {
        int written = fill(source);
        socket.shutdownOutput();
        assertThat(readFromPeer(written)).isEqualTo(source.duplicate().flip());
        selector.selectNow((_, _) -> {});
        peer.setBlocking(true);
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void unbatch_sendsTheRest() throws IOException {
        int written = fill(source);
        selector.unbatch(socket);
        ByteBuffer received = ByteBuffer.allocate(written);
        while (received.hasRemaining()) {
            assertThat(peer.read(received)).isNotNegative();
            assertThat(socket.write(ByteBuffer.allocate(0))).isZero(); // sends
        }
        assertThat(received.flip()).isEqualTo(source.duplicate().flip());
    }
}
