package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WakeupStateTest {

    private final WakeupState state = new WakeupState();

    @Test
    void blockedThread_isSignalledOnce() {
        assertThat(state.beginBlocking()).isTrue();
        assertThat(state.wake()).isTrue();
        assertThat(state.wake()).isFalse();
        assertThat(state.wake()).isFalse();
        assertThat(state.endBlocking()).isTrue();
    }

    @Test
    void wakeWhileRunning_preventsNextBlock() {
        assertThat(state.wake()).isFalse();
        assertThat(state.wake()).isFalse();
        assertThat(state.beginBlocking()).isFalse();
        assertThat(state.endBlocking()).isTrue();
        assertThat(state.beginBlocking()).isTrue();
    }

    @Test
    void withoutWake_threadBlocksAgain() {
        assertThat(state.beginBlocking()).isTrue();
        assertThat(state.endBlocking()).isFalse();
        assertThat(state.beginBlocking()).isTrue();
        assertThat(state.endBlocking()).isFalse();
    }

    @Test
    void wakeup_isConsumedByOneWait() {
        state.wake();
        assertThat(state.endBlocking()).isTrue();
        assertThat(state.endBlocking()).isFalse();
        assertThat(state.beginBlocking()).isTrue();
    }

    @Test
    void concurrentWakes_signalEachBlockAtMostOnce() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger wakeups = new AtomicInteger();
        AtomicInteger signals = new AtomicInteger();
        int blocks = 0;
        int woken = 0;
        int tooManySignals = 0;
        List<Background<Void>> wakers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            wakers.add(Background.start(() -> {
                while (!done.get()) {
                    if (state.wake()) {
                        signals.incrementAndGet();
                    }
                    wakeups.incrementAndGet();
                }
                return null;
            }));
        }
        // On one processor each block costs a time slice of another thread: fewer blocks are enough there.
        long end = System.nanoTime() + 3_000_000_000L;
        for (int i = 0; i < 200_000 && (blocks < 10 || System.nanoTime() < end); i++) {
            int before = signals.get();
            int wokenBefore = wakeups.get();
            if (state.beginBlocking()) {
                blocks++;
                // Waits for a signal; a lost one fails the test at the bound.
                long bound = System.nanoTime() + 30_000_000_000L;
                while (signals.get() == before) {
                    Thread.onSpinWait();
                    assertThat(System.nanoTime())
                            .as("signals after %d wakeups", wakeups.get() - wokenBefore)
                            .isLessThan(bound);
                }
                if (signals.get() > before + 1) {
                    tooManySignals++;
                }
            }
            woken += state.endBlocking() ? 1 : 0;
        }
        done.set(true);
        for (Background<Void> waker : wakers) {
            waker.result();
        }
        assertThat(tooManySignals).isZero();
        assertThat(blocks).isPositive();
        assertThat(woken).isPositive();
    }
}
