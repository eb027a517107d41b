package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.TestSignal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Threads that receive some thousand signals a second. Each signal interrupts the system call.
@Tag("system")
@Tag("linux")
class SignalContractTest extends ContractTest {

    private volatile boolean stop;
    private TestSignal signal;

    SignalContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @BeforeEach
    void handleSignal() {
        signal = own(TestSignal.interrupting("URG"));
    }

    /// Sends signals to a thread until it ends or the test stops it.
    ///
    /// @return the number of signals sent
    private Background<Integer> storm(int tid) {
        AtomicInteger count = new AtomicInteger();
        Background<Integer> storm = Background.start(() -> {
            // A signal cannot be sent to a thread that has ended.
            while (!stop && signal.trySend(tid)) {
                count.incrementAndGet();
                LockSupport.parkNanos(300_000);
            }
            return count.get();
        });
        own(() -> stop = true);
        while (count.get() == 0 && storm.isRunning()) {
            Thread.onSpinWait();
        }
        return storm;
    }

    private int end(Background<Integer> storm) throws Exception {
        stop = true;
        return storm.result();
    }

    @Test
    void signals_interruptABlockingSystemCall() throws Exception {
        Background<Integer> storm = storm(Libc.gettid());
        int result = Libc.pollNothing((int) PATIENCE.toMillis());
        assertThat(end(storm)).isPositive();
        assertThat(result).isEqualTo(-Libc.EINTR);
    }

    @Test
    void signals_doNotChangeTheTimeout() throws Exception {
        Selector<String> selector = open();
        selector.register(pair().reader(), Interest.READ, "data");
        Duration timeout = Duration.ofMillis(400);
        Background<Integer> storm = storm(Libc.gettid());

        long start = System.nanoTime();
        List<ReadyKey<String>> ready = selector.select(timeout);
        long waited = System.nanoTime() - start;

        assertThat(end(storm)).as("signals").isGreaterThan(10);
        assertThat(ready).isEmpty();
        assertThat(waited).isGreaterThanOrEqualTo(timeout.toNanos());
    }

    @Test
    void signals_doNotEndAnUntimedWait() throws Exception {
        Selector<String> selector = open();
        ConnectedPair pair = pair();
        selector.register(pair.reader(), Interest.READ, "data");
        Background<List<ReadyKey<String>>> select =
                Background.start(() -> selector.select()).awaitAsleep();
        Background<Integer> storm = storm(select.tid());

        select.expectRunning(Duration.ofMillis(100));
        pair.write(1);

        assertThat(select.result()).hasSize(1);
        assertThat(end(storm)).isPositive();
    }

    @Test
    void signals_loseNoWakeup() throws Exception {
        Selector<String> selector = open();
        Background<Integer> select = Background.start(() -> {
            int count = 0;
            for (; count < 200; count++) {
                assertThat(selector.select()).isEmpty();
            }
            return count;
        });
        Background<Integer> storm = storm(select.tid());
        while (!select.endsWithin(Duration.ofNanos(500_000))) {
            selector.wakeup();
        }
        assertThat(select.result()).isEqualTo(200);
        assertThat(end(storm)).isPositive();
    }
}
