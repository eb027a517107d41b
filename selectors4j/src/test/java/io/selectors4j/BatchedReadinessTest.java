package io.selectors4j;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Conditions of batched sockets that the kernel changes.
class BatchedReadinessTest extends BatchedSocketFixture {

    BatchedReadinessTest(ConnectedPair.Kind kind) throws IOException {
        super(kind);
    }

    /// Each time bytes arrive, although the earlier ones were not read.
    @Test
    void edgeTriggeredKey_isReadyForEachArrival() throws IOException {
        selector.register(socket, Interest.READ.edgeTriggered(), "data");
        for (int i = 0; i < 10; i++) {
            peer.write(ByteBuffer.allocate(10));
            expectReady(selector, socket, Interest.READ);
            expectNothing(selector);
        }
        assertThat(socket.read(ByteBuffer.allocate(200))).isEqualTo(100);
    }

    /// The kernel says POLLHUP when a peer is gone: of a Unix socket at once, and of TCP when this side is closed too.
    @Test
    void closedPeer_isAHangUp() throws IOException {
        selector.register(socket, Interest.READ, "data");
        if (kind == ConnectedPair.Kind.TCP) {
            socket.shutdownOutput();
        }
        peer.close();
        List<ReadyKey<String>> ready = selector.select(PATIENCE);
        assertThat(ready).hasSize(1);
        assertThat(ready.getFirst().readiness().isHangup()).isTrue();
        assertThat(ready.getFirst().readiness().isReadClosed()).isTrue();
    }
}
