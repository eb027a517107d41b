package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When a thread looks before it sleeps.
class LookFirstTest {

    private final LookFirst lookFirst = new LookFirst();

    private int waitsUntilALook() {
        int waits = 0;
        while (!lookFirst.isWorthwhile()) {
            lookFirst.waited(true);
            waits++;
        }
        return waits;
    }

    @Test
    void aThreadThatSleepsEachTimeLooksNowAndThen() {
        for (int i = 0; i < 3; i++) {
            assertThat(waitsUntilALook()).isBetween(50, 100);
            lookFirst.looked(false);
            lookFirst.waited(true);
        }
    }

    @Test
    void aBusyThreadAlwaysLooks() {
        waitsUntilALook();
        for (int i = 0; i < 3; i++) {
            assertThat(lookFirst.isWorthwhile()).isTrue();
            lookFirst.looked(true);
        }
        lookFirst.looked(false);
        assertThat(lookFirst.isWorthwhile()).isFalse();
    }

    @Test
    void whereNothingEverHappensThereIsNothingToLookFor() {
        for (int i = 0; i < 1000; i++) {
            lookFirst.waited(false);
            assertThat(lookFirst.isWorthwhile()).isFalse();
        }
    }
}
