package io.selectors4j.nio;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.testing.Background;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The contract of the selection operations of a [Selector].
class SelectorTest extends ProviderTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    SelectorTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @Nested
    class Wakeups {

        @Test
        void wakeup_endsABlockedSelect() throws Exception {
            Selector selector = openSelector();
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.awaitBlocked();
                assertThat(selector.wakeup()).isSameAs(selector);
                assertThat(selecting.result()).isZero();
            }
        }

        @Test
        void wakeupBefore_endsExactlyOneSelect() throws Exception {
            Selector selector = openSelector();
            selector.wakeup();
            selector.wakeup();
            assertThat(selector.select()).isZero();
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.expectRunning(SHORT);
                selector.wakeup();
                selecting.result();
            }
        }

        @Test
        void selectNow_consumesTheWakeup() throws Exception {
            Selector selector = openSelector();
            selector.wakeup();
            assertThat(selector.selectNow()).isZero();
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.expectRunning(SHORT);
                selector.wakeup();
                selecting.result();
            }
        }

        @Test
        void selectNowWithAction_consumesTheWakeup() throws Exception {
            Selector selector = openSelector();
            selector.wakeup();
            assertThat(selector.selectNow(key -> {})).isZero();
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.expectRunning(SHORT);
                selector.wakeup();
                assertThat(selecting.result()).isZero();
            }
        }

        @Test
        void wakeupInAction_endsTheNextSelect() throws Exception {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
            assertThat(selector.select(key -> selector.wakeup())).isOne();
            TestIo.drain(pipe.source());
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                assertThat(selecting.result()).isZero();
            }
        }

        @Test
        void wakeupWithReadyKey_isConsumedWithIt() throws Exception {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
            selector.wakeup();
            assertThat(selector.select()).isEqualTo(1);
            TestIo.drain(pipe.source());
            selector.selectedKeys().remove(key);
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.expectRunning(SHORT);
                selector.wakeup();
                selecting.result();
            }
        }

        @Test
        void interrupt_endsSelectAndStaysSet() throws Exception {
            Selector selector = openSelector();
            try (Background<Boolean> selecting = Background.start(() -> {
                selector.select();
                boolean first = Thread.currentThread().isInterrupted();
                selector.select(); // returns at once
                return first && Thread.interrupted();
            })) {
                selecting.awaitBlocked();
                selecting.thread().interrupt();
                assertThat(selecting.result()).isTrue();
            }
            assertThat(selector.isOpen()).isTrue();
        }

        @Test
        void manyWakeups_noneIsLost() throws Exception {
            Selector selector = openSelector();
            AtomicInteger returned = new AtomicInteger();
            try (Background<Integer> selecting = Background.start(() -> {
                for (int i = 0; i < 2_000; i++) {
                    selector.select();
                    returned.incrementAndGet();
                }
                return returned.get();
            })) {
                for (int i = 0; i < 2_000; i++) {
                    selector.wakeup();
                    while (returned.get() <= i && selecting.isRunning()) {
                        Thread.onSpinWait();
                    }
                }
                assertThat(selecting.result()).isEqualTo(2_000);
            }
        }

        @Test
        void timeout_isNeverShort() throws IOException {
            Selector selector = openSelector();
            long start = System.nanoTime();
            assertThat(selector.select(20)).isZero();
            assertThat(System.nanoTime() - start)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(19).toNanos());
        }

        @Test
        void virtualThread_selectsAndIsWoken() throws Exception {
            Selector selector = openSelector();
            AtomicInteger result = new AtomicInteger(-1);
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    result.set(selector.select());
                } catch (IOException e) {
                    result.set(-2);
                }
            });
            selector.wakeup();
            assertThat(thread.join(PATIENCE)).isTrue();
            assertThat(result).hasValue(0);
        }
    }

    @Nested
    class Actions {

        @Test
        void action_getsEachReadyKey() throws IOException {
            Selector selector = openSelector();
            List<SelectionKey> expected = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Pipe pipe = openNonBlockingPipe();
                expected.add(pipe.source().register(selector, SelectionKey.OP_READ));
                TestIo.write(pipe.sink(), 1);
            }
            List<SelectionKey> found = new ArrayList<>();
            assertThat(selector.select(found::add)).isEqualTo(5);
            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(selector.selectedKeys()).isEmpty();
            assertThat(selector.selectNow(found::add)).isEqualTo(5);
            assertThat(selector.select(found::add, 1_000)).isEqualTo(5);
        }

        @Test
        void readyOps_areThoseOfThisSelect() throws IOException {
            Selector selector = openSelector();
            Pair pair = openPair();
            pair.client().configureBlocking(false);
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_WRITE);
            List<Integer> found = new ArrayList<>();
            assertThat(selector.select(ready -> found.add(ready.readyOps()))).isOne();
            key.interestOps(SelectionKey.OP_READ);
            TestIo.write(pair.accepted(), 1);
            assertThat(selector.select(ready -> found.add(ready.readyOps()))).isOne();
            assertThat(found).containsExactly(SelectionKey.OP_WRITE, SelectionKey.OP_READ);
        }

        @Test
        void nullAction_isRefused() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
            assertThatNullPointerException().isThrownBy(() -> selector.select(null));
            assertThatNullPointerException().isThrownBy(() -> selector.select(null, 1));
            assertThatNullPointerException().isThrownBy(() -> selector.selectNow(null));
            assertThat(selector.selectedKeys()).isEmpty();
        }

        @Test
        void actionThatThrows_isPropagated() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
            assertThatThrownBy(() -> selector.select(key -> {
                        throw new IllegalArgumentException("from the action");
                    }))
                    .hasMessage("from the action");
            assertThat(selector.select(key -> {})).isEqualTo(1);
        }

        @Test
        void actionThatThrows_leavesTheOthersToTheKernel() throws IOException {
            Selector selector = openSelector();
            List<Pipe> pipes = List.of(openNonBlockingPipe(), openNonBlockingPipe());
            for (Pipe pipe : pipes) {
                pipe.source().register(selector, SelectionKey.OP_READ);
                TestIo.write(pipe.sink(), 1);
            }
            AtomicInteger calls = new AtomicInteger();
            assertThatThrownBy(() -> selector.select(key -> {
                        throw new IllegalStateException("call " + calls.incrementAndGet());
                    }))
                    .hasMessage("call 1");
            assertThat(calls).hasValue(1);
            assertThat(selector.selectNow()).isEqualTo(2);
            selector.selectedKeys().clear();
            assertThatThrownBy(() -> selector.select(key -> {
                        throw new IllegalStateException("action");
                    }))
                    .hasMessage("action");
            for (Pipe pipe : pipes) {
                TestIo.drain(pipe.source());
            }
            assertThat(selector.selectNow()).isZero();
        }

        @Test
        void selectInAction_isRefused() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
            assertThat(selector.select(key -> {
                        assertThatThrownBy(selector::selectNow).isInstanceOf(IllegalStateException.class);
                        assertThatThrownBy(() -> selector.select(1)).isInstanceOf(IllegalStateException.class);
                        assertThatThrownBy(() -> selector.selectNow(other -> {}))
                                .isInstanceOf(IllegalStateException.class);
                    }))
                    .isEqualTo(1);
        }

        @Test
        void setsAreUsedInAction_areConsistent() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
            assertThat(selector.select()).isEqualTo(1);
            int count = selector.select(ready -> {
                assertThat(selector.keys()).contains(key);
                selector.selectedKeys().clear();
            });
            assertThat(count).isEqualTo(1);
            assertThat(selector.selectedKeys()).isEmpty();
        }

        @Test
        void keyCancelledInAction_isRemoved() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
            assertThat(selector.select(SelectionKey::cancel)).isEqualTo(1);
            assertThat(selector.selectNow()).isZero();
            assertThat(selector.keys()).isEmpty();
        }

        @Test
        void closeInAction_endsTheSelect() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
            assertThatThrownBy(() -> selector.select(key -> {
                        try {
                            selector.close();
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .isInstanceOf(ClosedSelectorException.class);
            assertThat(pipe.source().isRegistered()).isFalse();
        }
    }

    @Nested
    class Closed {

        @Test
        void closedSelector_refusesAll() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
            selector.close();
            selector.close();
            assertThat(selector.isOpen()).isFalse();
            assertThat(key.isValid()).isFalse();
            assertThat(pipe.source().isRegistered()).isFalse();
            assertThatThrownBy(selector::select).isInstanceOf(ClosedSelectorException.class);
            assertThatThrownBy(selector::selectNow).isInstanceOf(ClosedSelectorException.class);
            assertThatThrownBy(selector::keys).isInstanceOf(ClosedSelectorException.class);
            assertThatThrownBy(selector::selectedKeys).isInstanceOf(ClosedSelectorException.class);
            assertThatThrownBy(() -> pipe.source().register(selector, 0)).isInstanceOf(ClosedSelectorException.class);
            assertThat(selector.wakeup()).isSameAs(selector);
        }

        @Test
        void close_waitsForTheMonitorOfTheSelectedKeys() throws Exception {
            Selector selector = openSelector();
            Background<Boolean> closing;
            synchronized (selector.selectedKeys()) {
                closing = own(Background.start(() -> {
                    selector.close();
                    return true;
                }));
                closing.expectRunning(SHORT);
            }
            assertThat(closing.result()).isTrue();
        }

        @Test
        void closeDuringSelect_endsIt() throws Exception {
            Selector selector = openSelector();
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.awaitBlocked();
                selector.close();
                try {
                    assertThat(selecting.result()).isZero();
                } catch (ClosedSelectorException e) {
                    // as good: the selector is closed
                }
            }
        }
    }

    @Nested
    class Connections {

        @Test
        void nonBlockingConnect_isReportedByOpConnect() throws IOException {
            Selector selector = openSelector();
            ServerSocketChannel server = openServer();
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            SocketChannel client = own(provider.openSocketChannel());
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, SelectionKey.OP_CONNECT);
            boolean connected = client.connect(server.getLocalAddress());
            assertThat(client.isConnectionPending()).isEqualTo(!connected);
            SocketChannel accepted = null;
            while (accepted == null || !client.isConnected()) {
                selector.select();
                for (SelectionKey ready : selector.selectedKeys()) {
                    if (ready.isAcceptable()) {
                        accepted = own(server.accept());
                    } else if (ready.isConnectable()) {
                        assertThat(client.finishConnect()).isTrue();
                        key.interestOps(SelectionKey.OP_READ);
                    }
                }
                selector.selectedKeys().clear();
                if (connected) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
            assertThat(accepted.isBlocking()).isTrue();
            accepted.write(ByteBuffer.allocate(3));
            assertThat(selector.select()).isEqualTo(1);
            assertThat(client.read(ByteBuffer.allocate(10))).isEqualTo(3);
        }

        @Test
        void refusedConnect_isConnectable() throws IOException {
            Selector selector = openSelector();
            java.net.SocketAddress gone;
            try (ServerSocketChannel server = openServer()) {
                gone = server.getLocalAddress();
            }
            SocketChannel client = own(provider.openSocketChannel());
            client.configureBlocking(false);
            assertThat(client.connect(gone)).isFalse();
            SelectionKey key = client.register(selector, SelectionKey.OP_CONNECT);
            assertThat(selector.select()).isEqualTo(1);
            assertThat(key.isConnectable()).isTrue();
            assertThatThrownBy(client::finishConnect)
                    .isInstanceOf(java.net.ConnectException.class)
                    .hasMessage("Connection refused");
            assertThat(client.isOpen()).isFalse();
        }
    }
}
