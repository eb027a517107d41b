package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.internal.selector.CloseListeners;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReadyQueueTest {

    private final KeyTable<Integer> table = new KeyTable<>();
    private final ReadyQueue<Integer> queue = new ReadyQueue<>(table, new Object());

    private Registration<Integer> put(Pollable fileobj, int fd, Interest events, @Nullable CloseListeners listeners) {
        Registration<Integer> registration =
                new Registration<>(new SelectorKey<>(fileobj, fd, events, fd), table.nextVersion(), listeners);
        table.put(registration);
        return registration;
    }

    private Registration<Integer> put(int fd, Interest events) {
        return put(Pollable.borrow(fd), fd, events, null);
    }

    private void remove(Registration<Integer> registration) {
        table.nextVersion();
        table.remove(registration);
    }

    private void rearm(Registration<Integer> registration) {
        registration.setVersion(table.nextVersion());
        table.refresh(registration);
    }

    private void fill(int... fds) {
        queue.begin();
        for (int fd : fds) {
            queue.add(fd, PollMask.IN, Interest.READ);
        }
    }

    private List<SelectorKey<Integer>> dispatch() {
        List<SelectorKey<Integer>> keys = new ArrayList<>();
        int count = queue.dispatch((key, readiness) -> {
            assertThat(readiness.nativeMask()).isEqualTo(PollMask.IN);
            keys.add(key);
        });
        assertThat(count).isEqualTo(keys.size());
        assertThat(queue.isEmpty()).isTrue();
        return keys;
    }

    @Test
    void newQueue_isEmpty() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.hasDeliverable()).isFalse();
        assertThat(dispatch()).isEmpty();
    }

    @Test
    void dispatch_keepsOrderAndGrows() {
        List<SelectorKey<Integer>> expected = new ArrayList<>();
        int[] fds = new int[1000];
        for (int i = 0; i < fds.length; i++) {
            fds[i] = fds.length - i;
            expected.add(put(fds[i], Interest.READ).key());
        }
        for (int round = 0; round < 3; round++) {
            fill(fds);
            assertThat(queue.hasDeliverable()).isTrue();
            assertThat(dispatch()).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void eventOfEarlierRegistration_isDropped() {
        Registration<Integer> first = put(1, Interest.READ);
        SelectorKey<Integer> other = put(2, Interest.READ).key();
        fill(1, 2);
        remove(first);
        put(1, Interest.READ);
        assertThat(dispatch()).containsExactly(other);
    }

    @Test
    void eventOfKeyRemovedByHandler_isDropped() {
        put(1, Interest.READ);
        Registration<Integer> second = put(2, Interest.READ);
        put(3, Interest.READ);
        fill(1, 2, 3);
        List<Integer> seen = new ArrayList<>();
        int count = queue.dispatch((key, readiness) -> {
            seen.add(key.fd());
            if (key.fd() == 1) {
                remove(second);
            }
        });
        assertThat(seen).containsExactly(1, 3);
        assertThat(count).isEqualTo(2);
    }

    @Test
    void modifiedKey_isTheOneDispatched() {
        put(1, Interest.READ);
        Registration<Integer> second = put(2, Interest.READ);
        fill(1, 2);
        SelectorKey<Integer> later = new SelectorKey<>(Pollable.borrow(2), 2, Interest.READ, 7);
        List<Integer> data = new ArrayList<>();
        queue.dispatch((key, readiness) -> {
            data.add(key.data());
            second.setKey(later);
            table.nextVersion();
            table.refresh(second);
        });
        assertThat(data).containsExactly(1, 7);
    }

    @Test
    void eventOutsideNewInterest_isDropped() {
        Registration<Integer> registration = put(1, Interest.READ);
        fill(1);
        registration.setKey(new SelectorKey<>(Pollable.borrow(1), 1, Interest.WRITE, 1));
        table.nextVersion();
        table.refresh(registration);
        assertThat(queue.hasDeliverable()).isFalse();
        assertThat(dispatch()).isEmpty();
    }

    @Test
    void eventOfClosedObject_isDropped() {
        AtomicInteger fd = new AtomicInteger(1);
        SelectorKey<Integer> key =
                put(fd::get, 1, Interest.READ, CloseListeners.ofForeign()).key();
        fill(1);
        assertThat(dispatch()).containsExactly(key);
        fill(1);
        fd.set(-1);
        assertThat(queue.hasDeliverable()).isFalse();
    }

    @Test
    void rearmedOnceOrEdgeKey_isDropped() {
        for (Interest once : new Interest[] {Interest.READ.oneShot(), Interest.READ.edgeTriggered()}) {
            Registration<Integer> registration = put(1, once);
            fill(1);
            rearm(registration);
            assertThat(dispatch()).as(once.toString()).isEmpty();
            remove(registration);
        }
    }

    @Test
    void rearmedLevelTriggeredKey_isDispatched() {
        Registration<Integer> registration = put(1, Interest.READ);
        fill(1);
        rearm(registration);
        assertThat(dispatch()).containsExactly(registration.key());
    }

    @Test
    void handlerThrows_restStaysInQueue() {
        put(1, Interest.READ);
        SelectorKey<Integer> second = put(2, Interest.READ).key();
        fill(1, 2);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> queue.dispatch((key, readiness) -> {
                    throw new IllegalStateException();
                }));
        assertThat(queue.hasDeliverable()).isTrue();
        assertThat(dispatch()).containsExactly(second);
    }

    @Test
    void dispatchedKey_isNotRetained() throws InterruptedException {
        WeakReference<SelectorKey<Integer>> key = dispatchedAndRemoved();
        for (int i = 0; i < 100 && key.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(key.get()).isNull();
    }

    /// Registers a high number after the dispatch, so that the table has new arrays.
    private WeakReference<SelectorKey<Integer>> dispatchedAndRemoved() {
        Registration<Integer> registration = put(1, Interest.READ);
        fill(1);
        assertThat(dispatch()).hasSize(1);
        put(5000, Interest.READ);
        remove(registration);
        return new WeakReference<>(registration.key());
    }

    @Test
    void tableGrowsDuringDispatch_restIsDispatched() {
        put(1, Interest.READ);
        SelectorKey<Integer> second = put(2, Interest.READ).key();
        fill(1, 2);
        List<SelectorKey<Integer>> seen = new ArrayList<>();
        queue.dispatch((key, readiness) -> {
            seen.add(key);
            if (key.fd() == 1) {
                put(5000, Interest.READ);
            }
        });
        assertThat(seen).hasSize(2).endsWith(second);
    }

    @Nested
    class SecondBatch {

        private final List<String> dispatched = new ArrayList<>();

        @BeforeEach
        void addFirstBatch() {
            put(1, Interest.READ_WRITE);
            put(2, Interest.READ_WRITE);
            put(3, Interest.READ_WRITE);
            queue.begin();
            assertThat(queue.add(1, PollMask.IN, Interest.READ_WRITE)).isTrue();
            assertThat(queue.add(2, PollMask.IN, Interest.READ_WRITE)).isTrue();
            queue.beginMerge();
        }

        private List<String> dispatch() {
            int count = queue.dispatch((key, readiness) ->
                    dispatched.add(key.fd() + " " + readiness.events() + " " + readiness.nativeMask()));
            assertThat(count).isEqualTo(dispatched.size());
            return dispatched;
        }

        @Test
        void eventOfKnownKey_isMerged() {
            assertThat(queue.add(2, PollMask.OUT, Interest.READ_WRITE)).isTrue();
            assertThat(dispatch()).containsExactly("1 READ 1", "2 READ|WRITE 5");
        }

        @Test
        void sameEventAgain_changesNothing() {
            assertThat(queue.add(1, PollMask.IN, Interest.READ_WRITE)).isTrue();
            assertThat(dispatch()).containsExactly("1 READ 1", "2 READ 1");
        }

        @Test
        void eventsOfNewKey_areAppendedAndMerged() {
            assertThat(queue.add(3, PollMask.OUT, Interest.READ_WRITE)).isTrue();
            assertThat(queue.add(1, PollMask.OUT, Interest.READ_WRITE)).isTrue();
            assertThat(queue.add(3, PollMask.IN, Interest.READ_WRITE)).isTrue();
            assertThat(dispatch()).containsExactly("1 READ|WRITE 5", "2 READ 1", "3 READ|WRITE 5");
        }

        @Test
        void eventOutsideInterest_isNotAdded() {
            put(4, Interest.READ);
            queue.begin();
            queue.beginMerge();
            assertThat(queue.add(4, PollMask.OUT, Interest.READ)).isFalse();
            assertThat(queue.isEmpty()).isTrue();
        }

        @Test
        void dispatchedEvent_isNotMerged() {
            List<Integer> fds = new ArrayList<>();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> queue.dispatch((key, readiness) -> {
                        fds.add(key.fd());
                        throw new IllegalStateException();
                    }));
            assertThat(fds).containsExactly(1);
            queue.beginMerge();
            assertThat(queue.add(1, PollMask.OUT, Interest.READ_WRITE)).isTrue();
            assertThat(dispatch()).containsExactly("2 READ 1", "1 WRITE 4");
        }

        @Test
        void begin_endsMerge() {
            queue.begin();
            queue.add(1, PollMask.IN, Interest.READ_WRITE);
            queue.add(1, PollMask.OUT, Interest.READ_WRITE);
            assertThat(dispatch()).containsExactly("1 READ 1", "1 WRITE 4");
        }
    }
}
