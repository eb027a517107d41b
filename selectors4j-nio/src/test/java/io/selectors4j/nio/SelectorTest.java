package io.selectors4j.nio;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.testing.Background;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The contract of [Selector] and [SelectionKey].
class SelectorTest extends ProviderTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    SelectorTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    /// Opens a pipe whose reading end is non-blocking.
    private Pipe openPipe() throws IOException {
        Pipe pipe = provider.openPipe();
        own(pipe.sink());
        own(pipe.source()).configureBlocking(false);
        return pipe;
    }

    private static void write(Pipe pipe, int count) throws IOException {
        pipe.sink().write(ByteBuffer.allocate(count));
    }

    private static void drain(Pipe pipe) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (pipe.source().read(buffer.clear()) > 0) {}
    }

    @Nested
    class Keys {

        @Test
        void readyKey_isSelectedOnce() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ, "data");
            assertThat(selector.selectNow()).isZero();
            write(pipe, 1);

            assertThat(selector.select()).isEqualTo(1);
            assertThat(selector.selectedKeys()).containsExactly(key);
            assertThat(key.attachment()).isEqualTo("data");
            assertThat(key.isReadable()).isTrue();
            assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_READ);

            assertThat(selector.selectNow()).as("stays selected, nothing new").isZero();
            assertThat(selector.selectedKeys()).containsExactly(key);
            selector.selectedKeys().clear();
            assertThat(selector.selectNow()).as("still readable").isEqualTo(1);
            selector.selectedKeys().clear();
            drain(pipe);
            assertThat(selector.selectNow()).isZero();
        }

        @Test
        void readyOps_accumulateWhileTheKeyIsSelected() throws IOException {
            Selector selector = openSelector();
            Pair pair = openPair();
            pair.client().configureBlocking(false);
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_WRITE);
            assertThat(selector.select()).isEqualTo(1);
            key.interestOps(SelectionKey.OP_READ);
            pair.accepted().write(ByteBuffer.allocate(1));
            assertThat(selector.select()).isEqualTo(1);
            assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            selector.selectedKeys().remove(key);
            assertThat(selector.select()).isEqualTo(1);
            assertThat(key.readyOps()).as("replaced").isEqualTo(SelectionKey.OP_READ);
        }

        @Test
        void sets_cannotGrow() throws IOException {
            Selector selector = openSelector();
            SelectionKey key = openPipe().source().register(selector, 0);
            assertThat(selector.keys()).containsExactly(key);
            assertThatThrownBy(() -> selector.keys().remove(key)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> selector.selectedKeys().add(key))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> selector.selectedKeys().addAll(Set.of(key)))
                    .isInstanceOf(UnsupportedOperationException.class);
        }

        @Test
        void registeredAgain_keyIsUpdated() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            SelectionKey key = pipe.source().register(selector, 0, "old");
            write(pipe, 1);
            assertThat(selector.selectNow()).as("no interest").isZero();
            assertThat(pipe.source().register(selector, SelectionKey.OP_READ, "new"))
                    .isSameAs(key);
            assertThat(key.attachment()).isEqualTo("new");
            assertThat(selector.selectNow()).isEqualTo(1);
            assertThat(pipe.source().keyFor(selector)).isSameAs(key);
        }

        @Test
        void channelInTwoSelectors_isReportedByBoth() throws IOException {
            Selector one = openSelector();
            Selector two = openSelector();
            Pipe pipe = openPipe();
            pipe.source().register(one, SelectionKey.OP_READ);
            pipe.source().register(two, SelectionKey.OP_READ);
            write(pipe, 1);
            assertThat(one.select()).isEqualTo(1);
            assertThat(two.select()).isEqualTo(1);
        }

        @Test
        void wrongArguments_areRefused() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            assertThatThrownBy(() -> pipe.source().register(selector, SelectionKey.OP_WRITE))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> own(pipe.sink()).register(selector, SelectionKey.OP_WRITE))
                    .isInstanceOf(IllegalBlockingModeException.class);
            SelectionKey key = pipe.source().register(selector, 0);
            assertThatThrownBy(() -> key.interestOps(SelectionKey.OP_CONNECT))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> key.interestOpsOr(SelectionKey.OP_ACCEPT))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(key.interestOps()).isZero();
            assertThatThrownBy(() -> selector.select(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pipe.source().configureBlocking(true))
                    .isInstanceOf(IllegalBlockingModeException.class);
        }

        @Test
        void foreignChannel_isRefused() throws IOException {
            ProviderUnderTest other =
                    underTest.isJdk() ? ProviderUnderTest.all().get(1) : new ProviderUnderTest(null);
            try (Selector selector = provider.openSelector();
                    SelectableChannel foreign = other.open().openSocketChannel()) {
                foreign.configureBlocking(false);
                assertThatThrownBy(() -> foreign.register(selector, 0)).isInstanceOf(IllegalSelectorException.class);
                assertThat(foreign.isRegistered()).isFalse();
            }
        }

        @Test
        void interestOps_areChangedAtomically() throws Exception {
            Selector selector = openSelector();
            SocketChannel channel = openPair().client();
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, 0);
            assertThat(key.interestOpsOr(SelectionKey.OP_READ)).isZero();
            assertThat(key.interestOpsOr(SelectionKey.OP_WRITE)).isEqualTo(SelectionKey.OP_READ);
            assertThat(key.interestOpsAnd(~SelectionKey.OP_READ))
                    .isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            assertThat(key.interestOps()).isEqualTo(SelectionKey.OP_WRITE);
        }

        @Test
        void writableAndHungUp_areReady() throws IOException {
            Selector selector = openSelector();
            Pair pair = openPair();
            pair.client().configureBlocking(false);
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
            pair.accepted().close();
            assertThat(selector.select()).isEqualTo(1);
            assertThat(key.isReadable()).isTrue();
            assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Nested
    class Cancelled {

        @Test
        void cancelledKey_staysUntilTheNextSelect() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
            write(pipe, 1);
            assertThat(selector.select()).isEqualTo(1);
            key.cancel();
            assertThat(key.isValid()).isFalse();
            assertThat(selector.keys()).containsExactly(key);
            assertThatThrownBy(key::interestOps).isInstanceOf(CancelledKeyException.class);
            assertThatThrownBy(key::readyOps).isInstanceOf(CancelledKeyException.class);
            assertThatThrownBy(() -> key.interestOps(0)).isInstanceOf(CancelledKeyException.class);
            assertThatThrownBy(() -> pipe.source().register(selector, 0)).isInstanceOf(CancelledKeyException.class);

            assertThat(selector.selectNow()).isZero();
            assertThat(selector.keys()).isEmpty();
            assertThat(selector.selectedKeys()).isEmpty();
            assertThat(pipe.source().isRegistered()).isFalse();
            pipe.source().register(selector, SelectionKey.OP_READ);
            assertThat(selector.selectNow()).as("registered again").isEqualTo(1);
        }

        @Test
        void closedChannel_keyIsRemovedAndNumberReused() throws IOException {
            Selector selector = openSelector();
            for (int i = 0; i < 50; i++) {
                Pipe pipe = provider.openPipe();
                pipe.source().configureBlocking(false);
                SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ, i);
                write(pipe, 1);
                assertThat(selector.select()).isEqualTo(1);
                assertThat(selector.selectedKeys()).containsExactly(key);
                pipe.source().close();
                pipe.sink().close();
                assertThat(key.isValid()).isFalse();
                assertThatThrownBy(() -> pipe.source().register(selector, 0))
                        .isInstanceOf(ClosedChannelException.class);
            }
            assertThat(selector.selectNow()).isZero();
            assertThat(selector.keys()).isEmpty();
        }

        @Test
        void closedDuringSelect_selectGoesOn() throws Exception {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            Pipe other = openPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            SelectionKey key = other.source().register(selector, SelectionKey.OP_READ);
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.awaitBlocked();
                pipe.source().close();
                selecting.expectRunning(SHORT);
                write(other, 1);
                assertThat(selecting.result()).isEqualTo(1);
            }
            assertThat(selector.selectedKeys()).containsExactly(key);
            assertThat(selector.keys()).containsExactly(key);
        }

        /// Cancels, closes and registers in one thread, selects in another.
        @Test
        void changesBesideASelect_leaveNoKey() throws Exception {
            Selector selector = openSelector();
            AtomicBoolean done = new AtomicBoolean();
            try (Background<Integer> selecting = Background.start(() -> {
                int selected = 0;
                while (!done.get()) {
                    selected += selector.select(key -> {}, 1);
                }
                return selected;
            })) {
                for (int i = 0; i < 300; i++) {
                    Pipe pipe = provider.openPipe();
                    try (Pipe.SinkChannel sink = pipe.sink();
                            Pipe.SourceChannel source = pipe.source()) {
                        source.configureBlocking(false);
                        sink.write(ByteBuffer.allocate(1));
                        SelectionKey key = source.register(selector, SelectionKey.OP_READ);
                        selector.wakeup();
                        if (i % 3 == 0) {
                            key.cancel();
                        } else if (i % 3 == 1) {
                            key.interestOps(0);
                        }
                    }
                }
                done.set(true);
                selecting.result();
            }
            selector.selectNow();
            assertThat(selector.keys()).isEmpty();
        }
    }

    @Nested
    class Changes {

        @Test
        void changeDuringSelect_takesEffectAtTheNext() throws Exception {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            write(pipe, 1);
            SelectionKey key = pipe.source().register(selector, 0);
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.awaitBlocked();
                key.interestOps(SelectionKey.OP_READ);
                selecting.expectRunning(SHORT);
                selector.wakeup();
                assertThat(selecting.result()).isZero();
            }
            assertThat(selector.select()).isEqualTo(1);
        }

        @Test
        void registerDuringSelect_doesNotBlock() throws Exception {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            write(pipe, 1);
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.awaitBlocked();
                pipe.source().register(selector, SelectionKey.OP_READ);
                selector.wakeup();
                selecting.result();
            }
            assertThat(selector.select()).isEqualTo(1);
        }

        @Test
        void lotsOfUpdates_theLastCounts() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            write(pipe, 1);
            SelectionKey key = pipe.source().register(selector, 0);
            for (int i = 0; i < 10_000; i++) {
                key.interestOps(SelectionKey.OP_READ);
                key.interestOps(0);
            }
            assertThat(selector.selectNow()).isZero();
            key.interestOps(SelectionKey.OP_READ);
            assertThat(selector.selectNow()).isEqualTo(1);
        }

        @Test
        void lotsOfCancels_areRemovedByOneSelect() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            for (int i = 0; i < 200; i++) {
                SocketChannel channel = own(provider.openSocketChannel());
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_CONNECT);
            }
            pipe.source().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            selector.keys().forEach(SelectionKey::cancel);
            selector.selectNow();
            assertThat(selector.keys()).isEmpty();
        }
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
        void wakeupWithReadyKey_isConsumedWithIt() throws Exception {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
            write(pipe, 1);
            selector.wakeup();
            assertThat(selector.select()).isEqualTo(1);
            drain(pipe);
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
                Pipe pipe = openPipe();
                expected.add(pipe.source().register(selector, SelectionKey.OP_READ));
                write(pipe, 1);
            }
            List<SelectionKey> found = new ArrayList<>();
            assertThat(selector.select(found::add)).isEqualTo(5);
            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(selector.selectedKeys()).isEmpty();
            assertThat(selector.selectNow(found::add)).isEqualTo(5);
            assertThat(selector.select(found::add, 1_000)).isEqualTo(5);
        }

        @Test
        void actionThatThrows_isPropagated() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            write(pipe, 1);
            assertThatThrownBy(() -> selector.select(key -> {
                        throw new IllegalArgumentException("from the action");
                    }))
                    .hasMessage("from the action");
            assertThat(selector.select(key -> {})).isEqualTo(1);
        }

        @Test
        void selectInAction_isRefused() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            write(pipe, 1);
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
            Pipe pipe = openPipe();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
            write(pipe, 1);
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
            Pipe pipe = openPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            write(pipe, 1);
            assertThat(selector.select(SelectionKey::cancel)).isEqualTo(1);
            assertThat(selector.selectNow()).isZero();
            assertThat(selector.keys()).isEmpty();
        }

        @Test
        void closeInAction_endsTheSelect() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            write(pipe, 1);
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
            Pipe pipe = openPipe();
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
