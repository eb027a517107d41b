package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.internal.selector.CloseListeners;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadyQueueTest {

    private static final int READABLE = Readiness.number(PollMask.IN, Interest.READ);

    private final KeyTable<Integer> table = new KeyTable<>();
    private final ReadyQueue<Integer> delivery = new ReadyQueue<>(table, new Object());

    private Registration<Integer> put(Pollable fileobj, int fd, Interest events, @Nullable CloseListeners membership) {
        Registration<Integer> registration =
                new Registration<>(new SelectorKey<>(fileobj, fd, events, fd), table.nextVersion(), membership);
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

    private void askAnew(Registration<Integer> registration) {
        registration.setVersion(table.nextVersion());
        table.refresh(registration);
    }

    private void fill(int... fds) {
        delivery.begin();
        for (int fd : fds) {
            delivery.add(fd, READABLE);
        }
    }

    private List<SelectorKey<Integer>> handOut() {
        List<SelectorKey<Integer>> keys = new ArrayList<>();
        int count = delivery.dispatch((key, readiness) -> {
            assertThat(readiness.nativeMask()).isEqualTo(PollMask.IN);
            keys.add(key);
        });
        assertThat(count).isEqualTo(keys.size());
        assertThat(delivery.isEmpty()).isTrue();
        return keys;
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(delivery.isEmpty()).isTrue();
        assertThat(delivery.hasDeliverable()).isFalse();
        assertThat(handOut()).isEmpty();
    }

    @Test
    void handsOutInOrderWhatWasAddedAndGrows() {
        List<SelectorKey<Integer>> expected = new ArrayList<>();
        int[] fds = new int[1000];
        for (int i = 0; i < fds.length; i++) {
            fds[i] = fds.length - i;
            expected.add(put(fds[i], Interest.READ).key());
        }
        for (int turn = 0; turn < 3; turn++) {
            fill(fds);
            assertThat(delivery.hasDeliverable()).isTrue();
            assertThat(handOut()).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void anEventOfTheRegistrationBeforeIsLeftOut() {
        Registration<Integer> first = put(1, Interest.READ);
        SelectorKey<Integer> other = put(2, Interest.READ).key();
        fill(1, 2);
        remove(first);
        put(1, Interest.READ);
        assertThat(handOut()).containsExactly(other);
    }

    @Test
    void whatAHandlerEndsIsLeftOut() {
        put(1, Interest.READ);
        Registration<Integer> second = put(2, Interest.READ);
        put(3, Interest.READ);
        fill(1, 2, 3);
        List<Integer> seen = new ArrayList<>();
        int count = delivery.dispatch((key, readiness) -> {
            seen.add(key.fd());
            if (key.fd() == 1) {
                remove(second);
            }
        });
        assertThat(seen).containsExactly(1, 3);
        assertThat(count).isEqualTo(2);
    }

    @Test
    void theKeyIsTheOneOfTheTurn() {
        put(1, Interest.READ);
        Registration<Integer> second = put(2, Interest.READ);
        fill(1, 2);
        SelectorKey<Integer> later = new SelectorKey<>(Pollable.borrow(2), 2, Interest.READ, 7);
        List<Integer> data = new ArrayList<>();
        delivery.dispatch((key, readiness) -> {
            data.add(key.data());
            second.setKey(later);
            table.nextVersion();
            table.refresh(second);
        });
        assertThat(data).containsExactly(1, 7);
    }

    @Test
    void whatIsWaitedForNoMoreIsLeftOut() {
        Registration<Integer> registration = put(1, Interest.READ);
        fill(1);
        registration.setKey(new SelectorKey<>(Pollable.borrow(1), 1, Interest.WRITE, 1));
        table.nextVersion();
        table.refresh(registration);
        assertThat(delivery.hasDeliverable()).isFalse();
        assertThat(handOut()).isEmpty();
    }

    @Test
    void anObjectThatHasGoneIsLeftOut() {
        AtomicInteger fd = new AtomicInteger(1);
        SelectorKey<Integer> key =
                put(fd::get, 1, Interest.READ, CloseListeners.ofForeign()).key();
        fill(1);
        assertThat(handOut()).containsExactly(key);
        fill(1);
        fd.set(-1);
        assertThat(delivery.hasDeliverable()).isFalse();
    }

    @Test
    void whatIsReportedOnceIsLeftOutOnceItWasAskedForAnew() {
        for (Interest once : new Interest[] {Interest.READ.oneShot(), Interest.READ.edgeTriggered()}) {
            Registration<Integer> registration = put(1, once);
            fill(1);
            askAnew(registration);
            assertThat(handOut()).as(once.toString()).isEmpty();
            remove(registration);
        }
    }

    @Test
    void whatIsReportedAlwaysIsHandedOutAfterAChange() {
        Registration<Integer> registration = put(1, Interest.READ);
        fill(1);
        askAnew(registration);
        assertThat(handOut()).containsExactly(registration.key());
    }

    @Test
    void whatIsLeftWhenAHandlerThrowsIsForTheNextTime() {
        put(1, Interest.READ);
        SelectorKey<Integer> second = put(2, Interest.READ).key();
        fill(1, 2);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> delivery.dispatch((key, readiness) -> {
                    throw new IllegalStateException();
                }));
        assertThat(delivery.hasDeliverable()).isTrue();
        assertThat(handOut()).containsExactly(second);
    }

    @Test
    void aKeyIsNotKept() throws InterruptedException {
        WeakReference<SelectorKey<Integer>> key = handedOutAndRemoved();
        for (int i = 0; i < 100 && key.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(key.get()).isNull();
    }

    /// The table then has other arrays than at the time of handing out.
    private WeakReference<SelectorKey<Integer>> handedOutAndRemoved() {
        Registration<Integer> registration = put(1, Interest.READ);
        fill(1);
        assertThat(handOut()).hasSize(1);
        put(5000, Interest.READ);
        remove(registration);
        return new WeakReference<>(registration.key());
    }

    @Test
    void theTableMayGrowMeanwhile() {
        put(1, Interest.READ);
        SelectorKey<Integer> second = put(2, Interest.READ).key();
        fill(1, 2);
        List<SelectorKey<Integer>> seen = new ArrayList<>();
        delivery.dispatch((key, readiness) -> {
            seen.add(key);
            if (key.fd() == 1) {
                put(5000, Interest.READ);
            }
        });
        assertThat(seen).hasSize(2).endsWith(second);
    }
}
