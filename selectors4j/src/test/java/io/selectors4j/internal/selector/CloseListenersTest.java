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

    private final CloseListeners listeners = new CloseListeners(true, false);

    /// Records the calls.
    private final class Recorder implements CloseListener {

        final List<Integer> closed = new ArrayList<>();
        final List<Integer> replaced = new ArrayList<>();

        @Nullable
        SelectorKey<?> key;

        Recorder(@Nullable SelectorKey<?> key) {
            this.key = key;
        }

        @Override
        public void onClosing(Pollable fileobj, int fd) {
            assertThat(fileobj).isSameAs(OBJECT);
            closed.add(fd);
            if (key != null) {
                listeners.rememberKey(this, key);
            }
        }

        @Override
        public void onReplaced(Pollable fileobj, int fd) {
            assertThat(fileobj).isSameAs(OBJECT);
            replaced.add(fd);
        }
    }

    private static SelectorKey<String> key(String data) {
        return new SelectorKey<>(OBJECT, 7, Interest.READ, data);
    }

    @Test
    void fireClosing_callsEachListenerOnce() {
        Recorder first = new Recorder(key("one"));
        Recorder second = new Recorder(key("two"));
        assertThat(listeners.add(first)).isTrue();
        assertThat(listeners.add(second)).isTrue();
        listeners.fireClosing(OBJECT, 7);
        assertThat(first.closed).containsExactly(7);
        assertThat(second.closed).containsExactly(7);
    }

    @Test
    void fireReplaced_callsEachListener() throws IOException {
        Recorder first = new Recorder(null);
        Recorder gone = new Recorder(null);
        listeners.add(first);
        listeners.add(gone);
        listeners.remove(gone);
        listeners.fireReplaced(OBJECT, 7);
        assertThat(first.replaced).containsExactly(7);
        assertThat(first.closed).isEmpty();
        assertThat(gone.replaced).isEmpty();
    }

    @Test
    void removedListener_isNotCalled() {
        Recorder first = new Recorder(key("one"));
        listeners.add(first);
        listeners.remove(first);
        listeners.fireClosing(OBJECT, 7);
        assertThat(first.closed).isEmpty();
        assertThat(listeners.takeRememberedKey(first)).isNull();
    }

    @Test
    void add_afterClosing_isRejected() {
        listeners.fireClosing(OBJECT, 7);
        Recorder late = new Recorder(key("late"));
        assertThat(listeners.add(late)).isFalse();
        listeners.fireClosing(OBJECT, 7);
        assertThat(late.closed).isEmpty();
    }

    @Test
    void rememberedKey_isReturnedOnce() {
        SelectorKey<String> key = key("one");
        Recorder first = new Recorder(key);
        Recorder second = new Recorder(key("two"));
        listeners.add(first);
        listeners.add(second);
        listeners.fireClosing(OBJECT, 7);
        assertThat(listeners.takeRememberedKey(first)).isSameAs(key);
        assertThat(listeners.takeRememberedKey(first)).isNull();
        assertThat(listeners.takeRememberedKey(second)).isSameAs(second.key);
        assertThat(listeners.takeRememberedKey(new Recorder(null))).isNull();
    }

    @Test
    void listenerWithoutKey_leavesNone() {
        Recorder unregisteredMeanwhile = new Recorder(null);
        listeners.add(unregisteredMeanwhile);
        listeners.fireClosing(OBJECT, 7);
        assertThat(unregisteredMeanwhile.closed).containsExactly(7);
        assertThat(listeners.takeRememberedKey(unregisteredMeanwhile)).isNull();
    }

    @Test
    void fdsAndSelectors_haveListeners_othersNone() throws Exception {
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
