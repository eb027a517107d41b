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

class MembershipTest {

    private static final Pollable OBJECT = () -> -1;

    private final Membership membership = new Membership();

    /// A selector that keeps record.
    private final class Recorder implements Membership.Club {

        final List<Integer> left = new ArrayList<>();
        final List<Integer> renewed = new ArrayList<>();

        @Nullable
        SelectorKey<?> key;

        Recorder(@Nullable SelectorKey<?> key) {
            this.key = key;
        }

        @Override
        public void leave(Pollable fileobj, int fd) {
            assertThat(fileobj).isSameAs(OBJECT);
            left.add(fd);
            if (key != null) {
                membership.depart(this, key);
            }
        }

        @Override
        public void renew(Pollable fileobj, int fd) {
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
        assertThat(membership.join(one)).isTrue();
        assertThat(membership.join(two)).isTrue();
        membership.leaveAll(OBJECT, 7);
        assertThat(one.left).containsExactly(7);
        assertThat(two.left).containsExactly(7);
    }

    @Test
    void everySelectorLearnsOfAnotherOpenFile() throws IOException {
        Recorder one = new Recorder(null);
        Recorder gone = new Recorder(null);
        membership.join(one);
        membership.join(gone);
        membership.quit(gone);
        membership.renewAll(OBJECT, 7);
        assertThat(one.renewed).containsExactly(7);
        assertThat(one.left).isEmpty();
        assertThat(gone.renewed).isEmpty();
    }

    @Test
    void whatWasQuitIsNotLeftAgain() {
        Recorder one = new Recorder(key("one"));
        membership.join(one);
        membership.quit(one);
        membership.leaveAll(OBJECT, 7);
        assertThat(one.left).isEmpty();
        assertThat(membership.takeDeparted(one)).isNull();
    }

    @Test
    void nobodyJoinsWhatIsClosing() {
        membership.leaveAll(OBJECT, 7);
        Recorder late = new Recorder(key("late"));
        assertThat(membership.join(late)).isFalse();
        membership.leaveAll(OBJECT, 7);
        assertThat(late.left).isEmpty();
    }

    @Test
    void aKeyIsRememberedForItsSelectorAndGivenOutOnce() {
        SelectorKey<String> key = key("one");
        Recorder one = new Recorder(key);
        Recorder two = new Recorder(key("two"));
        membership.join(one);
        membership.join(two);
        membership.leaveAll(OBJECT, 7);
        assertThat(membership.takeDeparted(one)).isSameAs(key);
        assertThat(membership.takeDeparted(one)).isNull();
        assertThat(membership.takeDeparted(two)).isSameAs(two.key);
        assertThat(membership.takeDeparted(new Recorder(null))).isNull();
    }

    @Test
    void aSelectorThatKnowsNothingOfTheObjectLeavesNoKey() {
        Recorder unregisteredMeanwhile = new Recorder(null);
        membership.join(unregisteredMeanwhile);
        membership.leaveAll(OBJECT, 7);
        assertThat(unregisteredMeanwhile.left).containsExactly(7);
        assertThat(membership.takeDeparted(unregisteredMeanwhile)).isNull();
    }

    @Test
    void ownedDescriptorsAndSelectorsHaveAMembershipAndOthersDoNot() throws Exception {
        try (EpollSelector<Void> selector = EpollSelector.open()) {
            assertThat(Membership.of(selector)).isNotNull();
            assertThat(Membership.of(selector)).isSameAs(Membership.of(selector));
        }
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThat(Membership.of(pipe.reader())).isNotNull();
            assertThat(Membership.of(pipe.reader())).isSameAs(Membership.of(pipe.reader()));
            assertThat(Membership.of(pipe.reader())).isNotSameAs(Membership.of(pipe.writer()));
        }
        assertThat(Membership.of(Pollable.of(0))).isNull();
        assertThat(Membership.of(OBJECT)).isNull();
    }
}
