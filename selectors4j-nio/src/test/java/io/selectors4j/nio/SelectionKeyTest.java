package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.testing.Background;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The contract of [SelectionKey] and of the sets of a [Selector].
class SelectionKeyTest extends ProviderTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    SelectionKeyTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @Nested
    class Keys {

        @Test
        void readyKey_isSelectedOnce() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ, "data");
            assertThat(selector.selectNow()).isZero();
            TestIo.write(pipe.sink(), 1);

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
            TestIo.drain(pipe.source());
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
        void unreadBytesOfACanceledKey_areReportedElsewhere() throws IOException {
            Pair pair = openPair();
            SocketChannel channel = pair.client();
            channel.configureBlocking(false);
            pair.accepted().write(ByteBuffer.allocate(10));
            ByteBuffer target = ByteBuffer.allocate(3);
            for (int i = 0; i < 3; i++) { // a program that replaces its selector, such as Netty
                Selector selector = openSelector();
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                assertThat(selector.select()).isEqualTo(1);
                assertThat(channel.read(target.clear())).isEqualTo(3);
                key.cancel();
                assertThat(selector.selectNow()).isZero();
            }
            channel.configureBlocking(true);
            assertThat(channel.read(target.clear())).isEqualTo(1);
        }

        @Test
        void sets_cannotGrow() throws IOException {
            Selector selector = openSelector();
            SelectionKey key = openNonBlockingPipe().source().register(selector, 0);
            assertThat(selector.keys()).containsExactly(key);
            assertThatThrownBy(() -> selector.keys().remove(key)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> selector.selectedKeys().add(key))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> selector.selectedKeys().addAll(Set.of(key)))
                    .isInstanceOf(UnsupportedOperationException.class);
        }

        @Test
        void registerWhileTheKeysAreIterated_doesNotFail() throws IOException {
            Selector selector = openSelector();
            openNonBlockingPipe().source().register(selector, 0);
            openNonBlockingPipe().source().register(selector, 0);
            int seen = 0;
            for (SelectionKey key : selector.keys()) {
                assertThat(key.isValid()).isTrue();
                if (seen++ == 0) {
                    openNonBlockingPipe().source().register(selector, 0);
                }
            }
            assertThat(seen).isBetween(2, 3);
            assertThat(selector.keys()).hasSize(3);
        }

        @Test
        void registeredAgain_keyIsUpdated() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            SelectionKey key = pipe.source().register(selector, 0, "old");
            TestIo.write(pipe.sink(), 1);
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
            Pipe pipe = openNonBlockingPipe();
            pipe.source().register(one, SelectionKey.OP_READ);
            pipe.source().register(two, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
            assertThat(one.select()).isEqualTo(1);
            assertThat(two.select()).isEqualTo(1);
        }

        @Test
        void wrongArguments_areRefused() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
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
        void keyCancelledBeforeItsFirstSelect_isForgotten() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            TestIo.write(pipe.sink(), 1);
            pipe.source().register(selector, SelectionKey.OP_READ).cancel();
            assertThat(selector.selectNow()).isZero();
            assertThat(selector.keys()).isEmpty();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
            assertThat(selector.selectNow()).isOne();
            assertThat(selector.selectedKeys()).containsExactly(key);
        }

        @Test
        void cancelledKey_staysUntilTheNextSelect() throws IOException {
            Selector selector = openSelector();
            Pipe pipe = openNonBlockingPipe();
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
            TestIo.write(pipe.sink(), 1);
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
                TestIo.write(pipe.sink(), 1);
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
            Pipe pipe = openNonBlockingPipe();
            Pipe other = openNonBlockingPipe();
            pipe.source().register(selector, SelectionKey.OP_READ);
            SelectionKey key = other.source().register(selector, SelectionKey.OP_READ);
            try (Background<Integer> selecting = Background.start(() -> selector.select())) {
                selecting.awaitBlocked();
                pipe.source().close();
                selecting.expectRunning(SHORT);
                TestIo.write(other.sink(), 1);
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
            Pipe pipe = openNonBlockingPipe();
            TestIo.write(pipe.sink(), 1);
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
            Pipe pipe = openNonBlockingPipe();
            TestIo.write(pipe.sink(), 1);
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
            Pipe pipe = openNonBlockingPipe();
            TestIo.write(pipe.sink(), 1);
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
            Pipe pipe = openNonBlockingPipe();
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
}
