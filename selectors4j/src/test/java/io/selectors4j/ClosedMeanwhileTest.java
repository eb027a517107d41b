package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A selector that is closed when a wait has found something, and before that is handed over.
class ClosedMeanwhileTest {

    private static final int NUMBER = 3;

    private final List<String> calls = new ArrayList<>();

    private final class NoWaker implements Waker {
        @Override
        public int fileno() {
            return -1;
        }

        @Override
        public int signal() {
            calls.add("signal");
            return 0;
        }

        @Override
        public void drain() {
            calls.add("drain");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    /// Finds whatever is registered, and is closed just then.
    private final class Closing extends AbstractSelector<String> {

        Closing() {
            super(new NoWaker());
        }

        @Override
        public Backend backend() {
            return Backend.POLL;
        }

        @Override
        void add(Registration<String> registration) {
            calls.add("add");
        }

        @Override
        void change(Registration<String> registration, Interest events, long changed) {
            calls.add("change");
        }

        @Override
        void remove(Registration<String> registration) {
            calls.add("remove");
        }

        @Override
        void disarm(Registration<String> registration) {
            calls.add("disarm");
        }

        @Override
        void prepare() {
            calls.add("prepare");
        }

        @Override
        int await(long nanos) {
            calls.add("await");
            return 1;
        }

        @Override
        void collect(int found, ReadyQueue<String> into) {
            found(table.all().getFirst(), PollMask.IN, into);
        }

        /// No lock is held here, as when another thread closes.
        @Override
        void tellOthers() {
            close();
        }

        @Override
        void release() {
            calls.add("release");
        }
    }

    @Test
    void aLookThrowsInsteadOfFindingNothing() throws Exception {
        Closing selector = new Closing();
        selector.register(Pollable.borrow(NUMBER), Interest.READ, "data");

        assertThatExceptionOfType(ClosedSelectorException.class).isThrownBy(selector::selectNow);

        assertThat(calls).containsExactly("add", "prepare", "await", "release", "close");
    }

    @Test
    void soDoesASelectThatWasWoken() throws Exception {
        Closing selector = new Closing();
        selector.register(Pollable.borrow(NUMBER), Interest.READ, "data");
        selector.wakeup();

        assertThatExceptionOfType(ClosedSelectorException.class).isThrownBy(selector::select);

        assertThat(calls).containsExactly("add", "prepare", "await", "release", "close");
    }
}
