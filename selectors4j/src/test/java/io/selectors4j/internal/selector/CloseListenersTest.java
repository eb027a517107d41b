package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CloseListenersTest {

    private static final Pollable OBJECT = () -> -1;

    private final CloseListeners membership = new CloseListeners();

    /// A selector that keeps record.
    private final class Recorder implements CloseListener {

        final List<Integer> left = new ArrayList<>();
        final List<Integer> renewed = new ArrayList<>();

        @Nullable
        SelectorKey<?> key;

        Recorder(@Nullable SelectorKey<?> key) {
            this.key = key;
        }

        @Override
        public void onClosing(Pollable fileobj, int fd) {
            assertThat(fileobj).isSameAs(OBJECT);
            left.add(fd);
            if (key != null) {
                membership.rememberKey(this, key);
            }
        }

        @Override
        public void onReplaced(Pollable fileobj, int fd) {
            assertThat(fileobj).isSameAs(OBJECT);
            renewed.add(fd);
        }
    }

    private static SelectorKey<String> key(String data) {
        return new SelectorKey<>(OBJECT, 7, Interest.READ, data);
    }

    @Test
    void closingLeavesEverySelectorOnce() {
        Recorder one = new Recorder(key("one"));
        Recorder two = new Recorder(key("two"));
        assertThat(membership.add(one)).isTrue();
        assertThat(membership.add(two)).isTrue();
        membership.fireClosing(OBJECT, 7);
        assertThat(one.left).containsExactly(7);
        assertThat(two.left).containsExactly(7);
    }

    @Test
    void everySelectorLearnsOfAnotherOpenFile() throws IOException {
        Recorder one = new Recorder(null);
        Recorder gone = new Recorder(null);
        membership.add(one);
        membership.add(gone);
        membership.remove(gone);
        membership.fireReplaced(OBJECT, 7);
        assertThat(one.renewed).containsExactly(7);
        assertThat(one.left).isEmpty();
        assertThat(gone.renewed).isEmpty();
    }

    @Test
    void whatWasQuitIsNotLeftAgain() {
        Recorder one = new Recorder(key("one"));
        membership.add(one);
        membership.remove(one);
        membership.fireClosing(OBJECT, 7);
        assertThat(one.left).isEmpty();
        assertThat(membership.takeRememberedKey(one)).isNull();
    }

    @Test
    void nobodyJoinsWhatIsClosing() {
        membership.fireClosing(OBJECT, 7);
        Recorder late = new Recorder(key("late"));
        assertThat(membership.add(late)).isFalse();
        membership.fireClosing(OBJECT, 7);
        assertThat(late.left).isEmpty();
    }

    @Test
    void aKeyIsRememberedForItsSelectorAndGivenOutOnce() {
        SelectorKey<String> key = key("one");
        Recorder one = new Recorder(key);
        Recorder two = new Recorder(key("two"));
        membership.add(one);
        membership.add(two);
        membership.fireClosing(OBJECT, 7);
        assertThat(membership.takeRememberedKey(one)).isSameAs(key);
        assertThat(membership.takeRememberedKey(one)).isNull();
        assertThat(membership.takeRememberedKey(two)).isSameAs(two.key);
        assertThat(membership.takeRememberedKey(new Recorder(null))).isNull();
    }

    @Test
    void aSelectorThatKnowsNothingOfTheObjectLeavesNoKey() {
        Recorder unregisteredMeanwhile = new Recorder(null);
        membership.add(unregisteredMeanwhile);
        membership.fireClosing(OBJECT, 7);
        assertThat(unregisteredMeanwhile.left).containsExactly(7);
        assertThat(membership.takeRememberedKey(unregisteredMeanwhile)).isNull();
    }

    @Test
    void ownedDescriptorsAndSelectorsHaveAMembershipAndOthersDoNot() throws Exception {
        try (EpollSelector<Void> selector = EpollSelector.open()) {
            assertThat(CloseListeners.of(selector)).isNotNull();
            assertThat(CloseListeners.of(selector)).isSameAs(CloseListeners.of(selector));
        }
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThat(CloseListeners.of(pipe.reader())).isNotNull();
            assertThat(CloseListeners.of(pipe.reader())).isSameAs(CloseListeners.of(pipe.reader()));
            assertThat(CloseListeners.of(pipe.reader())).isNotSameAs(CloseListeners.of(pipe.writer()));
        }
        assertThat(CloseListeners.of(Pollable.borrow(0))).isNull();
        assertThat(CloseListeners.of(OBJECT)).isNull();
    }
}
