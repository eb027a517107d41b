package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Calls with almost no stack left, at every depth: the virtual machine survives each overflow in the library, and the
/// selector keeps working.
///
/// Simulated kernels are excluded: native code calls them, and a StackOverflowError cannot leave an upcall.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class EndOfStackTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");

    /// The number of depths above the deepest call; a call needs fewer.
    private static final int DEPTHS = 300;

    private static final long STACK_SIZE = 256 * 1024;

    private interface Step {
        void run() throws IOException;
    }

    private int overflows;
    private int steps;

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL", "EPOLL"})
    void stackOverflow_leavesTheSelectorUsable(Backend backend) throws Exception {
        try (Selector<String> selector = backend.open();
                EventFd ready = EventFd.open(1);
                EventFd event = EventFd.open(1)) {
            event.setBlocking(false);
            selector.register(ready, Interest.READ, "ready");
            List<Step> all = List.of(
                    selector::selectNow,
                    () -> selector.select(Limits.WAIT, (_, _) -> {}),
                    () -> selector.modify(ready, Interest.READ, "ready"),
                    () -> toggle(selector, event),
                    event::read,
                    () -> event.write(1));
            // A class whose initialization overflows stays broken. So all classes are initialized here, by successful
            // calls and by a failing call.
            for (int i = 0; i < 2; i++) {
                for (Step step : all) {
                    step.run();
                }
                event.read();
                event.read();
            }
            for (Step step : all) {
                overflows = 0;
                steps = 0;
                FutureTask<Boolean> task = new FutureTask<>(() -> descend(step), true);
                new Thread(null, task, "deep", STACK_SIZE).start();
                task.get();
                assertThat(overflows).isGreaterThan(1);
                COUNTS.add("overflows of the stack", overflows);
            }
            if (selector.getMap().containsKey(event)) {
                selector.unregister(event);
            }
            selector.selectNow();
            assertThat(selector.selectNow())
                    .singleElement()
                    .satisfies(key -> assertThat(key.key().fileobj()).isSameAs(ready));
        }
    }

    /// Registers or unregisters.
    private static void toggle(Selector<String> selector, EventFd event) throws IOException {
        if (selector.getMap().containsKey(event)) {
            selector.unregister(event);
        } else {
            selector.register(event, Interest.READ, "event");
        }
    }

    /// Runs a step on the way back from the greatest depth.
    @SuppressWarnings("InfiniteRecursion") // until the stack is full
    private void descend(Step step) {
        try {
            descend(step);
        } catch (StackOverflowError e) {
            overflows++;
        }
        if (steps++ < DEPTHS) {
            try {
                step.run();
            } catch (StackOverflowError e) {
                overflows++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
