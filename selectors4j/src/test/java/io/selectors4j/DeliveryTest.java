package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.internal.selector.KeyTable;
import io.selectors4j.internal.selector.Membership;
import io.selectors4j.internal.selector.Registration;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryTest {

    private static final int READABLE = Readiness.number(PollMask.IN, Interest.READ);

    private final KeyTable<Integer> table = new KeyTable<>();
    private final Delivery<Integer> delivery = new Delivery<>(table, new Object());

    private Registration<Integer> put(Pollable fileobj, int fd, Interest events, @Nullable Membership membership) {
        Registration<Integer> registration =
                new Registration<>(new SelectorKey<>(fileobj, fd, events, fd), table.change(), membership);
        table.put(registration);
        return registration;
    }

    private Registration<Integer> put(int fd, Interest events) {
        return put(Pollable.of(fd), fd, events, null);
    }

    private void remove(Registration<Integer> registration) {
        table.change();
        table.remove(registration);
    }

    private void askAnew(Registration<Integer> registration) {
        registration.setChanged(table.change());
        table.update(registration);
    }

    private void fill(int... fds) {
        delivery.begin();
        for (int fd : fds) {
            delivery.add(fd, READABLE);
        }
    }

    private List<SelectorKey<Integer>> handOut() {
        List<SelectorKey<Integer>> keys = new ArrayList<>();
        int count = delivery.handOut((key, readiness) -> {
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
        assertThat(delivery.isWanted()).isFalse();
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
            assertThat(delivery.isWanted()).isTrue();
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
        int count = delivery.handOut((key, readiness) -> {
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
        SelectorKey<Integer> later = new SelectorKey<>(Pollable.of(2), 2, Interest.READ, 7);
        List<Integer> data = new ArrayList<>();
        delivery.handOut((key, readiness) -> {
            data.add(key.data());
            second.setKey(later);
            table.change();
            table.update(second);
        });
        assertThat(data).containsExactly(1, 7);
    }

    @Test
    void whatIsWaitedForNoMoreIsLeftOut() {
        Registration<Integer> registration = put(1, Interest.READ);
        fill(1);
        registration.setKey(new SelectorKey<>(Pollable.of(1), 1, Interest.WRITE, 1));
        table.change();
        table.update(registration);
        assertThat(delivery.isWanted()).isFalse();
        assertThat(handOut()).isEmpty();
    }

    @Test
    void anObjectThatHasGoneIsLeftOut() {
        AtomicInteger fd = new AtomicInteger(1);
        SelectorKey<Integer> key =
                put(fd::get, 1, Interest.READ, Membership.ofBorrowed()).key();
        fill(1);
        assertThat(handOut()).containsExactly(key);
        fill(1);
        fd.set(-1);
        assertThat(delivery.isWanted()).isFalse();
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
                .isThrownBy(() -> delivery.handOut((key, readiness) -> {
                    throw new IllegalStateException();
                }));
        assertThat(delivery.isWanted()).isTrue();
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
        delivery.handOut((key, readiness) -> {
            seen.add(key);
            if (key.fd() == 1) {
                put(5000, Interest.READ);
            }
        });
        assertThat(seen).hasSize(2).endsWith(second);
    }
}
