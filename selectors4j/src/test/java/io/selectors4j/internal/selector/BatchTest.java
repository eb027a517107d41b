package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchTest {

    private final Batch<Integer> batch = new Batch<>();

    private static Registration<Integer> registration(int fd) {
        return new Registration<>(new SelectorKey<>(Pollable.of(fd), fd, Interest.READ, fd), fd, null);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void givesBackInOrderWhatWasAdded() {
        Registration<Integer> first = registration(1);
        Registration<Integer> second = registration(2);
        batch.add(first, 0x10);
        batch.add(second, 0x20);
        assertThat(batch.mask()).isEqualTo(0x10);
        assertThat(batch.peek()).isSameAs(first);
        assertThat(batch.take()).isSameAs(first);
        assertThat(batch.mask()).isEqualTo(0x20);
        assertThat(batch.take()).isSameAs(second);
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void growsBeyondItsFirstSize() {
        for (int i = 0; i < 1000; i++) {
            batch.add(registration(i), i);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(batch.mask()).isEqualTo(i);
            assertThat(batch.take().fd()).isEqualTo(i);
        }
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void takingLetsGoOfARegistration() throws InterruptedException {
        Registration<Integer> registration = registration(1);
        WeakReference<Registration<Integer>> weak = new WeakReference<>(registration);
        batch.add(registration, 1);
        assertThat(batch.take()).isSameAs(registration);
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
                assertThat(batch.mask()).isEqualTo(~expected);
                assertThat(batch.take().fd()).isEqualTo(expected);
            }
            assertThat(batch.isEmpty()).isEqualTo(model.isEmpty());
        }
    }
}
