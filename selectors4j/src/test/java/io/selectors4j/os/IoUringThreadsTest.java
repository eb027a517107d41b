package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Background;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An instance that several threads use.
class IoUringThreadsTest extends IoUringFixture {

    @Test
    void closeOfABusyRing_endsWaits() throws Exception {
        for (int i = 0; i < 50; i++) {
            int flags = i % 2 == 0 ? 0 : IoUring.IOSQE_ASYNC;
            IoUring busy = IoUring.create(4);
            try (Background<Integer> waiting =
                            Background.start(() -> busy.submitAndWait(null, new IoUringCompletions(1)));
                    Background<Integer> preparing = Background.start(() -> prepareUntilClosed(busy, flags))) {
                Thread.sleep(0, 1 + i * 20_000);
                busy.close();
                assertThat(waiting.failure()).isInstanceOf(ClosedChannelException.class);
                assertThat(preparing.result()).isNotNegative();
            } finally {
                busy.close();
            }
        }
    }

    /// Submits requests that never complete, at most 200.
    private int prepareUntilClosed(IoUring busy, int flags) throws IOException {
        int count = 0;
        try {
            while (count < 200) {
                busy.recv(a, direct(1), 0, flags, 1);
                busy.submit();
                count++;
            }
        } catch (ClosedChannelException e) {
            assertThat(busy.closed()).isTrue();
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threads_receiveEachCompletionOnce(boolean virtual) throws Exception {
        int each = 500;
        int threads = 4;
        AtomicInteger received = new AtomicInteger();
        BitSet all = new BitSet();
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int number = t;
            tasks.add(new FutureTask<>(() -> {
                for (int i = 0; i < each; i++) {
                    ring.nop(0, (long) number * each + i);
                    if (i % 7 == 0) {
                        ring.submit();
                    }
                }
                ring.submit();
                return null;
            }));
            tasks.add(new FutureTask<>(() -> {
                IoUringCompletions some = new IoUringCompletions(3);
                while (received.get() < threads * each) {
                    int count = ring.submitAndWait(Duration.ofMillis(10), some);
                    received.addAndGet(count);
                    synchronized (all) {
                        for (int i = 0; i < count; i++) {
                            assertThat(all.get((int) some.data(i))).isFalse();
                            all.set((int) some.data(i));
                        }
                    }
                }
                return null;
            }));
        }
        tasks.forEach(task -> {
            if (virtual) {
                Thread.ofVirtual().start(task);
            } else {
                Thread.ofPlatform().start(task);
            }
        });
        for (FutureTask<Void> task : tasks) {
            task.get(100, TimeUnit.SECONDS);
        }
        assertThat(all.cardinality()).isEqualTo(threads * each);
    }
}
