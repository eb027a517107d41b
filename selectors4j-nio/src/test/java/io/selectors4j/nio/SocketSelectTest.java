package io.selectors4j.nio;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Background;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/// What programs do with a connected socket after they have cancelled its key, before and beside the next selection
/// operation.
class SocketSelectTest extends ProviderTest {

    SocketSelectTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @Test
    void cancelledKey_blockingReadWaits() throws Exception {
        Pair pair = openPair();
        Selector selector = openSelector();
        SelectionKey key = register(pair.accepted(), selector);
        pair.client().write(TestIo.bytes("ab"));
        assertThat(selector.select(PATIENCE.toMillis())).isOne();
        key.cancel();
        pair.accepted().configureBlocking(true);
        assertThat(TestIo.read(pair.accepted(), 2)).isEqualTo("ab");
        try (Background<String> reading = Background.start(() -> TestIo.read(pair.accepted(), 2))) {
            reading.awaitBlocked();
            pair.client().write(TestIo.bytes("cd"));
            assertThat(reading.result()).isEqualTo("cd");
        }
    }

    @Test
    void cancelledKey_blockingWriteIsSent() throws Exception {
        Pair pair = openPair();
        Selector selector = openSelector();
        SelectionKey key = register(pair.accepted(), selector);
        selector.selectNow();
        key.cancel();
        pair.accepted().configureBlocking(true);
        pair.accepted().write(TestIo.bytes("ab"));
        pair.client().socket().setSoTimeout((int) PATIENCE.toMillis());
        assertThat(pair.client().socket().getInputStream().readNBytes(2)).containsExactly('a', 'b');
    }

    @Test
    void cancelledBesideASelect_blockingReadWaits() throws Exception {
        Pair pair = openPair();
        Selector selector = openSelector();
        try (Loop loop = new Loop(selector)) {
            for (int i = 0; i < 100; i++) {
                SelectionKey key = register(pair.accepted(), selector);
                selector.wakeup();
                if (i % 2 == 0) {
                    loop.selecting.awaitBlocked();
                }
                key.cancel();
                pair.accepted().configureBlocking(true);
                pair.client().write(TestIo.bytes("ab"));
                assertThat(TestIo.read(pair.accepted(), 2)).isEqualTo("ab");
                loop.awaitRemoved(pair.accepted());
                assertThat(loop.selecting.isRunning()).isTrue();
            }
        }
    }

    @Test
    void cancelledKey_registersWithAnotherSelector() throws Exception {
        Pair pair = openPair();
        Selector selector = openSelector();
        Selector other = openSelector();
        SelectionKey key = register(pair.accepted(), selector);
        selector.selectNow();
        key.cancel();
        pair.accepted().register(other, SelectionKey.OP_READ);
        pair.client().write(TestIo.bytes("ab"));
        assertThat(other.select(PATIENCE.toMillis())).isOne();
        assertThat(TestIo.read(pair.accepted(), 2)).isEqualTo("ab");
    }

    @Test
    void sockets_moveBetweenSelectingSelectors() throws Exception {
        Pair first = openPair();
        Pair second = openPair();
        try (Loop one = new Loop(openSelector());
                Loop two = new Loop(openSelector())) {
            Loop from = one;
            Loop to = two;
            for (int i = 0; i < 100; i++) {
                SelectionKey key = register(first.accepted(), from.selector);
                SelectionKey otherKey = register(second.accepted(), to.selector);
                one.selector.wakeup();
                two.selector.wakeup();
                Thread.sleep(0, 100_000);
                key.cancel();
                otherKey.cancel();
                from.awaitRemoved(second.accepted());
                to.awaitRemoved(first.accepted());
                assertThat(one.selecting.isRunning() && two.selecting.isRunning())
                        .isTrue();
                Loop next = from;
                from = to;
                to = next;
            }
        }
    }

    @Test
    void socketInTwoSelectors_isSelectedByBoth() throws Exception {
        Pair pair = openPair();
        Selector reading = openSelector();
        Selector writing = openSelector();
        SelectionKey readKey = register(pair.accepted(), reading);
        assertThat(reading.selectNow()).isZero();
        SelectionKey writeKey = pair.accepted().register(writing, SelectionKey.OP_WRITE);
        assertThat(writing.select(PATIENCE.toMillis())).isOne();
        pair.accepted().write(TestIo.bytes("ab"));
        assertThat(TestIo.read(pair.client(), 2)).isEqualTo("ab");
        pair.client().write(TestIo.bytes("cd"));
        assertThat(reading.select(PATIENCE.toMillis())).isOne();
        assertThat(TestIo.read(pair.accepted(), 2)).isEqualTo("cd");
        assertThat(readKey.isValid() && writeKey.isValid()).isTrue();
    }

    @Test
    void registersBesideASelect_bothSelectorsSelect() throws Exception {
        Selector reading = openSelector();
        Selector writing = openSelector();
        for (int i = 0; i < 100; i++) {
            Pair pair = openPair();
            SelectionKey key = register(pair.accepted(), reading);
            boolean early = i % 2 == 0;
            try (Background<Integer> selecting = Background.start(() -> select(reading, key))) {
                if (early) {
                    selecting.awaitBlocked();
                }
                SelectionKey writeKey = pair.accepted().register(writing, SelectionKey.OP_WRITE);
                assertThat(select(writing, writeKey)).isOne();
                pair.client().write(TestIo.bytes("ab"));
                assertThat(selecting.result()).isOne();
            }
            pair.accepted().close();
            pair.client().close();
        }
    }

    /// A selector that waits for the connection and another one that waits for bytes.
    @Test
    void connectsInTwoSelectors_isSelectedByBoth() throws Exception {
        ServerSocketChannel server = openServer();
        Selector connecting = openSelector();
        Selector reading = openSelector();
        SocketChannel client = own(provider.openSocketChannel());
        client.configureBlocking(false);
        client.connect(server.getLocalAddress());
        client.register(connecting, SelectionKey.OP_CONNECT);
        SocketChannel accepted = own(server.accept());
        assertThat(connecting.select(PATIENCE.toMillis())).isOne();
        assertThat(client.finishConnect()).isTrue();
        client.register(reading, SelectionKey.OP_READ);
        accepted.write(TestIo.bytes("ab"));
        assertThat(reading.select(PATIENCE.toMillis())).isOne();
        assertThat(TestIo.read(client, 2)).isEqualTo("ab");
    }

    /// Selects until a key is selected.
    private static int select(Selector selector, SelectionKey key) throws IOException {
        int count = 0;
        while (count == 0) {
            count = selector.select(PATIENCE.toMillis());
        }
        selector.selectedKeys().remove(key);
        return count;
    }

    private static SelectionKey register(SocketChannel channel, Selector selector) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, SelectionKey.OP_READ);
    }

    /// A thread that selects again and again.
    private static final class Loop implements AutoCloseable {

        final Selector selector;
        final Background<Integer> selecting;
        private volatile boolean closed;

        Loop(Selector selector) {
            this.selector = selector;
            selecting = Background.start(this::select);
        }

        private int select() throws IOException {
            int count = 0;
            while (!closed) {
                count += selector.select();
            }
            return count;
        }

        /// Waits until the selector has removed the cancelled key of a channel.
        void awaitRemoved(SocketChannel channel) {
            while (channel.keyFor(selector) != null && selecting.isRunning()) {
                selector.wakeup();
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {
            closed = true;
            selector.wakeup();
            selecting.close();
        }
    }
}
