package io.selectors4j.stress.faults;

import static io.selectors4j.stress.faults.DescriptorFaultsTest.act;
import static io.selectors4j.stress.faults.DescriptorFaultsTest.close;
import static io.selectors4j.stress.faults.DescriptorFaultsTest.everyCallFails;
import static io.selectors4j.stress.faults.DescriptorFaultsTest.make;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.stress.Limits;
import io.selectors4j.testing.Background;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Failing system calls below batched sockets: no byte gets lost, and none comes twice.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class BatchedFaultsTest {

    private static final int BYTES = 90;

    private static ByteBuffer data() {
        ByteBuffer data = ByteBuffer.allocate(BYTES);
        for (int i = 0; i < BYTES; i++) {
            data.put((byte) i);
        }
        return data.flip();
    }

    private static SocketFd.Pair openPair(FaultRun run) throws Exception {
        SocketFd.Pair pair = make(run, () -> SocketFd.pair(SocketFd.Type.STREAM));
        act(run, () -> pair.first().setBlocking(false));
        act(run, () -> pair.second().setBlocking(false));
        return pair;
    }

    /// Opens a selector that batches a socket.
    private static IoUringSelector<String> open(FaultRun run, SocketFd socket) throws Exception {
        IoUringSelector<String> selector = make(run, IoUringSelector::open);
        act(run, () -> selector.batch(socket));
        return selector;
    }

    private static void selectNow(FaultRun run, IoUringSelector<String> selector) throws Exception {
        run.call(() -> selector.selectNow((_, _) -> {}));
    }

    /// Transfers bytes in both directions, with any number of failing calls.
    private static void transfer(FaultRun run, IoUringSelector<String> selector, SocketFd socket, SocketFd peer)
            throws Exception {
        ByteBuffer sent = data();
        ByteBuffer received = ByteBuffer.allocate(BYTES);
        while (received.hasRemaining()) {
            run.call(() -> socket.write(sent));
            selectNow(run, selector);
            run.call(() -> peer.read(received));
        }
        assertThat(received.flip()).isEqualTo(data());

        sent.clear();
        received.clear();
        while (received.hasRemaining()) {
            run.call(() -> peer.write(sent));
            selectNow(run, selector);
            run.call(() -> socket.read(received));
        }
        assertThat(received.flip()).isEqualTo(data());
        assertThat(socket.read(received.clear())).isZero();
    }

    @Test
    void batchedSocket_everyCallFails() throws Exception {
        everyCallFails(run -> {
            SocketFd.Pair pair = openPair(run);
            IoUringSelector<String> selector = open(run, pair.first());
            make(run, () -> selector.register(pair.first(), Interest.READ_WRITE, "data"));
            transfer(run, selector, pair.first(), pair.second());
            selector.unregister(pair.first());
            act(run, () -> selector.unbatch(pair.first()));
            act(run, () -> selector.batch(pair.first()));
            transfer(run, selector, pair.first(), pair.second());
            pair.first().write(data());
            run.call(() -> {
                selector.close();
                return true;
            });
            ByteBuffer received = ByteBuffer.allocate(BYTES);
            while (received.hasRemaining()) {
                run.call(() -> pair.first().write(ByteBuffer.allocate(0))); // sends the rest
                if (run.hasFailed()) {
                    break; // the send has failed
                }
                run.call(() -> pair.second().read(received));
            }
            close(run, pair.first());
            close(run, pair.second());
        });
    }

    /// The ring for one thread is replaced.
    @Test
    void anotherThread_everyCallFails() throws Exception {
        everyCallFails(run -> {
            SocketFd.Pair pair = openPair(run);
            IoUringSelector<String> selector = open(run, pair.first());
            Background.run(() -> {
                transfer(run, selector, pair.first(), pair.second());
                return true;
            });
            transfer(run, selector, pair.first(), pair.second());
            run.call(() -> {
                selector.close();
                return true;
            });
            close(run, pair.first());
            close(run, pair.second());
        });
    }
}
