package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sockets that were batched and have bytes in memory of the library: each selector reports them, as if the kernel had
/// them.
@Tag("system")
class UnreadBytesContractTest extends ContractTest {

    UnreadBytesContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Hides that of the base class.
    static List<BackendUnderTest> backends() {
        return Backend.IO_URING.isAvailable() ? Backends.underTest() : List.of();
    }

    /// Opens a pair whose reader has so many bytes in memory.
    private ConnectedPair unreadPair(int count) throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
        SocketFd socket = (SocketFd) pair.reader();
        try (IoUringSelector<String> ring = IoUringSelector.open()) {
            ring.batch(socket);
            ring.register(socket, Interest.READ, "data");
            pair.write(count);
            while (socket.available() < count || Fd.borrow(socket.fileno()).available() > 0) {
                ring.select(PATIENCE);
            }
            ring.unregister(socket);
            ring.unbatch(socket);
        }
        return pair;
    }

    private static int read(ConnectedPair pair, int count) throws IOException {
        return pair.reader().read(ByteBuffer.allocate(count));
    }

    @Test
    void unreadBytes_areReadyUntilTheyAreRead() throws IOException {
        Selector<String> selector = open();
        ConnectedPair pair = unreadPair(10);
        selector.register(pair.reader(), Interest.READ, "data");
        expectReady(selector, pair.reader(), Interest.READ);
        assertThat(selector.selectNow()).hasSize(1);
        assertThat(read(pair, 9)).isEqualTo(9);
        expectReady(selector, pair.reader(), Interest.READ);
        assertThat(read(pair, 9)).isEqualTo(1);
        expectNothing(selector);
        pair.write(1);
        expectReady(selector, pair.reader(), Interest.READ);
        assertThat(read(pair, 9)).isEqualTo(1);
        expectNothing(selector, Duration.ofMillis(5));
    }

    @Test
    void unreadBytes_doNotHideOtherEvents() throws IOException {
        Selector<String> selector = open();
        ConnectedPair pair = unreadPair(10);
        ConnectedPair other = readablePair();
        selector.register(pair.reader(), Interest.READ_WRITE, "data");
        selector.register(other.reader(), Interest.READ, "other");
        for (int i = 0; i < 3; i++) {
            List<ReadyKey<String>> ready = selector.select(PATIENCE);
            while (ready.size() < 2) {
                ready = selector.select(PATIENCE);
            }
            assertThat(ready).hasSize(2);
            expectBothReady(selector, pair.reader(), other.reader());
        }
    }

    private static void expectBothReady(Selector<String> selector, Pollable both, Pollable readable)
            throws IOException {
        for (ReadyKey<String> ready : selector.select(PATIENCE)) {
            assertThat(ready.readiness().events())
                    .isEqualTo(ready.key().fileobj().equals(both) ? Interest.READ_WRITE : Interest.READ);
            assertThat(List.of(both, readable)).contains(ready.key().fileobj());
        }
    }

    @Test
    void otherInterests_doNotReportUnreadBytes() throws IOException {
        Selector<String> selector = open();
        ConnectedPair pair = unreadPair(10);
        selector.register(pair.reader(), Interest.WRITE, "data");
        expectReady(selector, pair.reader(), Interest.WRITE);
        selector.modify(pair.reader(), Interest.NONE, "data");
        expectNothing(selector);
        selector.modify(pair.reader(), Interest.READ, "data");
        expectReady(selector, pair.reader(), Interest.READ);
        selector.unregister(pair.reader());
        expectNothing(selector);
        selector.register(pair.reader(), Interest.READ, "again");
        expectReady(selector, pair.reader(), Interest.READ);
        pair.reader().close();
        expectNothing(selector);
    }

    @Test
    void oneShot_reportsUnreadBytesOncePerModify() throws IOException {
        Selector<String> selector = open();
        ConnectedPair pair = unreadPair(10);
        Interest events = Interest.READ_WRITE.oneShot();
        selector.register(pair.reader(), events, "data");
        for (int i = 0; i < 3; i++) {
            assertThat(selector.select(PATIENCE)).hasSize(1);
            pair.write(1);
            expectNothing(selector);
            selector.modify(pair.reader(), events, "data" + i);
        }
        assertThat(selector.select(PATIENCE)).hasSize(1);
    }

    @Test
    void edgeTriggered_reportsUnreadBytesOnce() throws IOException {
        Interest events = Interest.READ.edgeTriggered();
        if (backend.supports(events)) {
            Selector<String> selector = open();
            ConnectedPair pair = unreadPair(10);
            selector.register(pair.reader(), events, "data");
            expectReady(selector, pair.reader(), Interest.READ);
            expectNothing(selector);
            pair.write(1);
            expectReady(selector, pair.reader(), Interest.READ);
            assertThat(read(pair, 10)).isEqualTo(10);
            assertThat(read(pair, 10)).isOne();
        }
    }

    @Test
    void registeredDuringAWait_unreadBytesEndIt() throws Exception {
        Selector<String> selector = open();
        ConnectedPair pair = unreadPair(10);
        Background<List<ReadyKey<String>>> select =
                Background.start(() -> selector.select(PATIENCE)).awaitAsleep();
        selector.register(pair.reader(), Interest.READ, "data");
        assertThat(select.result()).hasSize(1);
    }

    @Test
    void virtualThread_doesNotParkWithUnreadBytes() throws Exception {
        Selector<String> selector = open();
        ConnectedPair pair = unreadPair(10);
        selector.register(pair.reader(), Interest.READ, "data");
        FutureTask<List<ReadyKey<String>>> select = new FutureTask<>(() -> selector.select((Duration) null));
        Thread.startVirtualThread(select);
        assertThat(select.get()).hasSize(1);
    }

    @Test
    void outerSelector_seesUnreadBytes() throws IOException {
        Selector<String> inner = open();
        if (inner instanceof Pollable pollable && !backend.isBatched()) {
            try (Selector<String> outer = Selector.open()) {
                outer.register(pollable, Interest.READ, "inner");
                ConnectedPair pair = unreadPair(10);
                inner.register(pair.reader(), Interest.READ, "data");
                for (int i = 0; i < 3; i++) {
                    expectReady(outer, pollable, Interest.READ);
                    assertThat(inner.selectNow()).hasSize(1);
                }
                assertThat(read(pair, 10)).isEqualTo(10);
                inner.selectNow();
                expectNothing(outer);
            }
        }
    }
}
