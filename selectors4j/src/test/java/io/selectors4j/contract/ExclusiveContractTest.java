package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two selectors, each with its own thread, that wait for connections on one listening socket.
@Tag("system")
class ExclusiveContractTest extends ContractTest {

    private static final int CONNECTIONS = 200;

    /// How long the second thread gets to wake up, where it must not, before the first one accepts the connection.
    private static final long GRACE_NANOS = 4_000_000;
    private static final long PAUSE_NANOS = 20_000;
    private final AtomicInteger wakeups = new AtomicInteger();

    /// The number of threads that are not in a select.
    private final AtomicInteger busy = new AtomicInteger();

    /// The number of connections made.
    private volatile int made;
    private volatile int released;

    ExclusiveContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Test
    void exclusiveInterest_wakesOneOfTwoSelectors() throws Exception {
        int shared = count(Interest.READ, PATIENCE.toNanos());
        assertThat(shared).isEqualTo(2 * CONNECTIONS);
        if (backend.supports(Interest.READ.exclusive())) {
            int exclusive = count(Interest.READ.exclusive(), GRACE_NANOS);
            System.out.printf(
                    "%s: %d connections to two selectors: %d wake-ups, and %d where they are exclusive%n",
                    backend, CONNECTIONS, shared, exclusive);
            assertThat(exclusive).isBetween(CONNECTIONS, CONNECTIONS + CONNECTIONS / 4);
        }
    }

    /// Counts how often the two threads wake up. Each connection is made while both threads are blocked, and accepted
    /// when both are awake or the grace time is over.
    private int count(Interest events, long graceNanos) throws Exception {
        wakeups.set(0);
        made = 0;
        released = 0;
        SocketFd server = own(SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100));
        server.setBlocking(false);
        Selector<String> one = open();
        Selector<String> two = open();
        one.register(server, events, "one");
        two.register(server, events, "two");
        try (Background<?> first = Background.start("first", () -> accept(one, server));
                Background<?> second = Background.start("second", () -> accept(two, server))) {
            for (int i = 0; i < CONNECTIONS; i++) {
                awaitIdle(first, second);
                int before = wakeups.get();
                made = i + 1;
                SocketFd.createConnection(server.localAddress()).close();
                awaitWakeups(before + 1, PATIENCE.toNanos());
                awaitWakeups(before + 2, graceNanos);
                released = i + 1;
            }
            awaitIdle(first, second);
            int woken = wakeups.get();
            one.wakeup();
            two.wakeup();
            first.result();
            second.result();
            return woken;
        }
    }

    private void awaitWakeups(int count, long nanos) {
        long end = System.nanoTime() + nanos;
        while (wakeups.get() < count && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void awaitIdle(Background<?> first, Background<?> second) {
        do {
            first.awaitBlocked();
            second.awaitBlocked();
        } while (busy.get() > 0);
    }

    private Void accept(Selector<String> selector, SocketFd server) throws IOException {
        while (!selector.select().isEmpty()) {
            busy.incrementAndGet();
            wakeups.incrementAndGet();
            while (released < made) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            SocketFd connection = server.accept();
            if (connection != null) {
                connection.close();
            }
            busy.decrementAndGet();
        }
        return null;
    }

    @Tag("linux")
    @Test
    void exclusiveInterestInASelector_isRefused() throws IOException {
        Selector<String> selector = open();
        EpollSelector<String> inner = own(EpollSelector.open());
        assertThatThrownBy(() -> selector.register(inner, Interest.READ.exclusive(), "inner"))
                .isInstanceOfAny(NativeIOException.class, UnsupportedOperationException.class);
        assertThat(selector.getMap()).isEmpty();
    }
}
