package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A selector that is closed between a wait with events and their dispatch.
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

    /// A selector whose waits report the first key, and that closes after each wait.
    private final class Closing extends AbstractSelector<String> {

        Closing() {
            super(new NoWaker());
        }

        @Override
        public Backend backend() {
            return Backend.POLL;
        }

        @Override
        void addToKernel(Registration<String> registration) {
            calls.add("add");
        }

        @Override
        void modifyInKernel(Registration<String> registration, Interest events, long version) {
            calls.add("change");
        }

        @Override
        void removeFromKernel(Registration<String> registration) {
            calls.add("remove");
        }

        @Override
        void disarm(Registration<String> registration) {
            calls.add("disarm");
        }

        @Override
        void prepareWait() {
            calls.add("prepare");
        }

        @Override
        int await(long nanos) {
            calls.add("await");
            return 1;
        }

        @Override
        void drainEvents(int found, ReadyQueue<String> into) {
            addReady(table.all().getFirst(), PollMask.IN, into);
        }

        /// Called without the lock, as a close by another thread is.
        @Override
        void notifyWatchers() {
            close();
        }

        @Override
        void release() {
            calls.add("release");
        }
    }

    @Test
    void selectNow_throws() throws Exception {
        Closing selector = new Closing();
        selector.register(Pollable.borrow(NUMBER), Interest.READ, "data");

        assertThatExceptionOfType(ClosedSelectorException.class).isThrownBy(selector::selectNow);

        assertThat(calls).containsExactly("add", "prepare", "await", "release", "close");
    }

    @Test
    void wokenSelect_throws() throws Exception {
        Closing selector = new Closing();
        selector.register(Pollable.borrow(NUMBER), Interest.READ, "data");
        selector.wakeup();

        assertThatExceptionOfType(ClosedSelectorException.class).isThrownBy(selector::select);

        assertThat(calls).containsExactly("add", "prepare", "await", "release", "close");
    }
}
