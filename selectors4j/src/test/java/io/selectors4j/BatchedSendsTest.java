package io.selectors4j;

import static io.selectors4j.testing.Expect.PATIENCE;
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

    /// The selecting thread gives the kernel what the send buffer did not take, and goes on waiting.
    @Test
    void writesDuringAWait_areSentWithoutASelect() throws Exception {
        Background<Integer> select =
                Background.start(() -> selector.select(PATIENCE, (_, _) -> {})).awaitAsleep();
        int written = 0;
        int count;
        do {
            count = socket.write(source.slice(written, 1000));
            written += count;
        } while (count > 0);
        ByteBuffer received = ByteBuffer.allocate(written);
        long start = System.nanoTime();
        while (received.hasRemaining()) {
            requireTime(start, received);
            peer.read(received);
        }
        assertThat(received.flip()).isEqualTo(source.slice(0, written));
        assertThat(select.isRunning()).isTrue();
        selector.wakeup();
        assertThat(select.result()).isZero();
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
