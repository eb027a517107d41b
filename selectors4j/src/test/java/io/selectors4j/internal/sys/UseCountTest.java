package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Background;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.junit.jupiter.api.Test;

class UseCountTest {

    private static final UseCount<Used> USES = new UseCount<>(AtomicIntegerFieldUpdater.newUpdater(Used.class, "uses"));

    private static final class Used {
        @SuppressWarnings("unused") // accessed by USES
        volatile int uses = UseCount.OWNED;
    }

    private final Used used = new Used();

    @Test
    void ownerAlone_isTheLastUser() {
        assertThat(USES.isOpen(used)).isTrue();
        assertThat(USES.beginClose(used)).isTrue();
        assertThat(USES.isOpen(used)).isFalse();
        assertThat(USES.release(used)).isTrue();
    }

    @Test
    void userAfterTheOwner_isTheLast() {
        assertThat(USES.acquire(used)).isTrue();
        assertThat(USES.acquire(used)).isTrue();
        assertThat(USES.beginClose(used)).isTrue();
        assertThat(USES.release(used)).as("the owner").isFalse();
        assertThat(USES.release(used)).as("the first user").isFalse();
        assertThat(USES.release(used)).as("the last user").isTrue();
    }

    @Test
    void releaseOfOpenObject_isNotTheLast() {
        assertThat(USES.acquire(used)).isTrue();
        assertThat(USES.release(used)).isFalse();
        assertThat(USES.isOpen(used)).isTrue();
    }

    @Test
    void closing_rejectsNewUsers() {
        USES.beginClose(used);
        assertThat(USES.acquire(used)).isFalse();
        assertThat(USES.beginClose(used)).as("a second time").isFalse();
        assertThat(USES.release(used)).isTrue();
    }

    @Test
    void isInUse_ignoresTheOwner() {
        assertThat(USES.isInUse(used)).isFalse();
        USES.acquire(used);
        assertThat(USES.isInUse(used)).isTrue();
        USES.beginClose(used);
        assertThat(USES.isInUse(used)).isTrue();
        USES.release(used);
        assertThat(USES.isInUse(used)).isFalse();
    }

    /// Waits with a timeout, since a failed thread does not arrive.
    private static void await(CyclicBarrier round) throws Exception {
        round.await(120, TimeUnit.SECONDS);
    }

    @Test
    void concurrentCloses_oneSucceeds() throws Exception {
        int rounds = 1_000;
        CyclicBarrier round = new CyclicBarrier(2);
        Used[] current = new Used[1];
        int winners = 0;
        try (Background<Integer> other = Background.start(() -> {
            int won = 0;
            for (int r = 0; r < rounds; r++) {
                await(round);
                won += USES.beginClose(current[0]) ? 1 : 0;
                await(round);
            }
            return won;
        })) {
            for (int r = 0; r < rounds; r++) {
                current[0] = new Used();
                await(round);
                winners += USES.beginClose(current[0]) ? 1 : 0;
                await(round);
            }
            assertThat(winners + other.result()).isEqualTo(rounds);
        }
    }
}
