package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When a thread polls before it blocks.
class PollFirstStrategyTest {

    private final PollFirstStrategy strategy = new PollFirstStrategy();

    private int waitsUntilPoll() {
        int waits = 0;
        while (!strategy.shouldPoll()) {
            strategy.blocked(true);
            waits++;
        }
        return waits;
    }

    @Test
    void blockingThread_pollsNowAndThen() {
        for (int i = 0; i < 3; i++) {
            assertThat(waitsUntilPoll()).isBetween(50, 100);
            strategy.polled(false);
            strategy.blocked(true);
        }
    }

    @Test
    void busyThread_alwaysPolls() {
        waitsUntilPoll();
        for (int i = 0; i < 3; i++) {
            assertThat(strategy.shouldPoll()).isTrue();
            strategy.polled(true);
        }
        strategy.polled(false);
        assertThat(strategy.shouldPoll()).isFalse();
    }

    @Test
    void waitsWithoutEvents_neverPoll() {
        for (int i = 0; i < 1000; i++) {
            strategy.blocked(false);
            assertThat(strategy.shouldPoll()).isFalse();
        }
    }
}
