package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final int GENERATION = 5;

    private final Batch<Integer> batch = new Batch<>();

    private static Registration<Integer> registration(int fd, Interest events, long generation) {
        return new Registration<>(new SelectorKey<>(Pollable.of(fd), fd, events, fd), generation, null);
    }

    private static Registration<Integer> registration(int fd) {
        return registration(fd, Interest.READ, GENERATION);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void givesBackInOrderWhatWasAdded() {
        Registration<Integer> first = registration(1);
        Registration<Integer> second = registration(2);
        batch.add(first, 10);
        batch.add(second, 20);
        assertThat(batch.readiness()).isEqualTo(10);
        assertThat(batch.key()).isSameAs(first.key());
        batch.remove();
        assertThat(batch.readiness()).isEqualTo(20);
        assertThat(batch.key()).isSameAs(second.key());
        batch.remove();
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void growsBeyondItsFirstSize() {
        for (int i = 0; i < 1000; i++) {
            batch.add(registration(i), i);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(batch.readiness()).isEqualTo(i);
            assertThat(batch.key().fd()).isEqualTo(i);
            batch.remove();
        }
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void isUpToDateUntilSomethingChanges() {
        batch.add(registration(1), 1);
        batch.settle(7);
        assertThat(batch.isUpToDate(7)).isTrue();
        assertThat(batch.isUpToDate(8)).isFalse();
        batch.settle(8);
        assertThat(batch.isUpToDate(8)).isTrue();
    }

    @Test
    void isNeverUpToDateWithAnObjectThatOthersClose() {
        Registration<Integer> borrowed = new Registration<>(
                new SelectorKey<>(Pollable.of(1), 1, Interest.READ, 1), GENERATION, Membership.ofBorrowed());
        batch.add(borrowed, 1);
        batch.add(registration(2), 1);
        batch.settle(7);
        assertThat(batch.isUpToDate(7)).isFalse();
        batch.remove();
        batch.remove();
        batch.add(registration(2), 1);
        batch.settle(7);
        assertThat(batch.isUpToDate(7)).as("the next batch").isTrue();
    }

    @Test
    void anEventOfTheRegistrationBeforeIsStale() {
        batch.add(registration(1), 1);
        assertThat(batch.isStale(registration(1))).isFalse();
        assertThat(batch.isStale(registration(1, Interest.READ, GENERATION + 1)))
                .isTrue();
    }

    @Test
    void anEventOfAnObjectThatHasGoneIsStale() {
        AtomicInteger fd = new AtomicInteger(1);
        Registration<Integer> borrowed = new Registration<>(
                new SelectorKey<>(fd::get, 1, Interest.READ, 1), GENERATION, Membership.ofBorrowed());
        batch.add(borrowed, 1);
        assertThat(batch.isStale(borrowed)).isFalse();
        fd.set(-1);
        assertThat(batch.isStale(borrowed)).isTrue();
    }

    @Test
    void whatIsReportedOnceIsStaleOnceItWasAskedForAnew() {
        for (Interest once : new Interest[] {Interest.READ.oneShot(), Interest.READ.edgeTriggered()}) {
            Registration<Integer> registration = registration(1, once, GENERATION);
            batch.add(registration, 1);
            assertThat(batch.isStale(registration)).isFalse();
            registration.setChanged(GENERATION + 1);
            assertThat(batch.isStale(registration)).as(once.toString()).isTrue();
            batch.remove();
        }
    }

    @Test
    void whatIsReportedAlwaysIsNotStaleAfterAChange() {
        Registration<Integer> registration = registration(1);
        batch.add(registration, 1);
        registration.setChanged(GENERATION + 1);
        assertThat(batch.isStale(registration)).isFalse();
    }

    @Test
    void theNextEventCanBeReplaced() {
        batch.add(registration(1), 1);
        batch.add(registration(2), 2);
        SelectorKey<Integer> key = registration(3).key();
        batch.replace(key, 3);
        assertThat(batch.key()).isSameAs(key);
        assertThat(batch.readiness()).isEqualTo(3);
        batch.remove();
        assertThat(batch.readiness()).isEqualTo(2);
    }

    @Test
    void removingLetsGoOfAKey() throws InterruptedException {
        Registration<Integer> registration = registration(1);
        WeakReference<SelectorKey<Integer>> weak = new WeakReference<>(registration.key());
        batch.add(registration, 1);
        batch.remove();
        registration = null;
        for (int i = 0; i < 100 && weak.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(weak.get()).isNull();
    }

    @Test
    void behavesLikeAQueue() {
        Random random = new Random(7);
        Deque<Integer> model = new ArrayDeque<>();
        for (int i = 0; i < 50_000; i++) {
            if (random.nextInt(100) < (i / 1000 % 2 == 0 ? 60 : 40)) {
                batch.add(registration(i), ~i);
                model.add(i);
            } else if (!model.isEmpty()) {
                int expected = model.remove();
                assertThat(batch.readiness()).isEqualTo(~expected);
                assertThat(batch.key().fd()).isEqualTo(expected);
                batch.remove();
            }
            assertThat(batch.isEmpty()).isEqualTo(model.isEmpty());
        }
    }
}
