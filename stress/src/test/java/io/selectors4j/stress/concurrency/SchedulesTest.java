package io.selectors4j.stress.concurrency;

import io.selectors4j.Interest;
import io.selectors4j.JavaFile;
import io.selectors4j.JavaKernel;
import io.selectors4j.JavaSelector;
import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A thread selects without an end while another one does what has to end that, in many orders of their steps: Lincheck
/// sets them, and knows when none of the two can go on.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class SchedulesTest {

    private static final RunCounts COUNTS = new RunCounts("lincheck");

    /// How many schedules fit into some percent of the time.
    private static final int SCHEDULES = Math.max(200, (int) (Budget.duration(1).toMillis() / 10));

    /// Loops are longer than Lincheck expects: a table has 64 places.
    private static final LincheckSettings SETTINGS = new LincheckSettings(false, 100, 1000, 20);

    private static final String CLOSED = "closed";

    private interface Act {
        void run() throws IOException;
    }

    /// A selector, and what is registered with it.
    private static final class Fixture {
        final JavaKernel kernel;
        final JavaSelector<String> selector;
        final JavaFile file = new JavaFile(1);
        private String outcome = "";

        Fixture(boolean live) {
            kernel = new JavaKernel(live);
            kernel.makeReady(1);
            selector = new JavaSelector<>(kernel);
        }

        void pause() throws IOException {
            selector.modify(file, Interest.NONE, "nothing");
        }

        private void select() {
            List<String> delivered = new ArrayList<>();
            try {
                selector.select(null, (key, readiness) -> delivered.add(key.data()));
                outcome = delivered.toString();
            } catch (ClosedSelectorException e) {
                outcome = CLOSED;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /// Compares without the help of a library, whose steps would be more of the same to Lincheck.
        void expect(String expected, Act act) throws Exception {
            Thread selecting = new Thread(this::select);
            selecting.start();
            act.run();
            selecting.join();
            if (!outcome.equals(expected)) {
                throw new AssertionError(outcome + " instead of " + expected);
            }
        }
    }

    private static void play(boolean live) throws Exception {
        Fixture scene = new Fixture(live);
        scene.expect("[registered]", () -> scene.selector.register(scene.file, Interest.READ, "registered"));
        scene.pause();
        scene.expect("[modified]", () -> scene.selector.modify(scene.file, Interest.READ, "modified"));
        scene.pause();
        scene.expect("[]", scene.selector::wakeup);
        scene.expect(CLOSED, scene.selector::close);
        if (scene.kernel.releases() != 1) {
            throw new AssertionError("given back " + scene.kernel.releases() + " times");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatHasToEndASelectEndsItInAnyOrder(boolean live) {
        Lincheck.runConcurrentTestInternal$lincheck(SCHEDULES, SETTINGS, () -> {
            try {
                play(live);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        COUNTS.add("schedules", SCHEDULES);
    }
}
