package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When a thread looks before it sleeps.
class PollFirstStrategyTest {

    private final PollFirstStrategy lookFirst = new PollFirstStrategy();

    private int waitsUntilALook() {
        int waits = 0;
        while (!lookFirst.shouldPoll()) {
            lookFirst.blocked(true);
            waits++;
        }
        return waits;
    }

    @Test
    void aThreadThatSleepsEachTimeLooksNowAndThen() {
        for (int i = 0; i < 3; i++) {
            assertThat(waitsUntilALook()).isBetween(50, 100);
            lookFirst.polled(false);
            lookFirst.blocked(true);
        }
    }

    @Test
    void aBusyThreadAlwaysLooks() {
        waitsUntilALook();
        for (int i = 0; i < 3; i++) {
            assertThat(lookFirst.shouldPoll()).isTrue();
            lookFirst.polled(true);
        }
        lookFirst.polled(false);
        assertThat(lookFirst.shouldPoll()).isFalse();
    }

    @Test
    void whereNothingEverHappensThereIsNothingToLookFor() {
        for (int i = 0; i < 1000; i++) {
            lookFirst.blocked(false);
            assertThat(lookFirst.shouldPoll()).isFalse();
        }
    }
}
