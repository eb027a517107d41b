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
    void aSleeperIsSignalledOnce() {
        assertThat(state.beginBlocking()).isTrue();
        assertThat(state.wake()).isTrue();
        assertThat(state.wake()).isFalse();
        assertThat(state.wake()).isFalse();
        assertThat(state.endBlocking()).isTrue();
    }

    @Test
    void whoIsAwakeIsNotSignalledButDoesNotFallAsleepNext() {
        assertThat(state.wake()).isFalse();
        assertThat(state.wake()).isFalse();
        assertThat(state.beginBlocking()).isFalse();
        assertThat(state.endBlocking()).isTrue();
        assertThat(state.beginBlocking()).isTrue();
    }

    @Test
    void whoWasNotWokenSleepsAgain() {
        assertThat(state.beginBlocking()).isTrue();
        assertThat(state.endBlocking()).isFalse();
        assertThat(state.beginBlocking()).isTrue();
        assertThat(state.endBlocking()).isFalse();
    }

    @Test
    void aWakeupIsSpentByOneSleep() {
        state.wake();
        assertThat(state.endBlocking()).isTrue();
        assertThat(state.endBlocking()).isFalse();
        assertThat(state.beginBlocking()).isTrue();
    }

    @Test
    void noWakeupIsLostAndEverySleepIsSignalledAtMostOnce() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger wakeups = new AtomicInteger();
        AtomicInteger signals = new AtomicInteger();
        int sleeps = 0;
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
        // On one processor each sleep costs a turn of another thread; fewer of them will do there.
        long end = System.nanoTime() + 3_000_000_000L;
        for (int i = 0; i < 200_000 && (sleeps < 10 || System.nanoTime() < end); i++) {
            int before = signals.get();
            int wokenBefore = wakeups.get();
            if (state.beginBlocking()) {
                sleeps++;
                // Sleeps until a signal; a lost one shows as a hang, which the bound turns into a failure.
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
        assertThat(sleeps).isPositive();
        assertThat(woken).isPositive();
    }
}
