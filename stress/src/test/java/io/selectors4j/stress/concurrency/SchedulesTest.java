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

/// One thread selects without a timeout while another thread makes a call that must end the select, in many schedules.
/// Lincheck controls the schedules and detects a deadlock.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class SchedulesTest {

    private static final RunCounts COUNTS = new RunCounts("lincheck");

    /// The number of schedules that fit into some percent of the time budget.
    private static final int SCHEDULES = Math.max(200, (int) (Budget.duration(1).toMillis() / 10));

    /// Loops are longer than Lincheck expects: a table has 64 entries.
    private static final LincheckSettings SETTINGS = new LincheckSettings(false, 100, 1000, 20);

    private static final String CLOSED = "closed";

    private interface Action {
        void run() throws IOException;
    }

    /// A selector and a ready object.
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

        /// Runs a select and an action concurrently, and compares the outcome without an assertion library, whose steps
        /// Lincheck would schedule too.
        void expect(String expected, Action action) throws Exception {
            Thread selecting = new Thread(this::select);
            selecting.start();
            action.run();
            selecting.join();
            if (!outcome.equals(expected)) {
                throw new AssertionError(outcome + " instead of " + expected);
            }
        }
    }

    private static void run(boolean live) throws Exception {
        Fixture fixture = new Fixture(live);
        fixture.expect("[registered]", () -> fixture.selector.register(fixture.file, Interest.READ, "registered"));
        fixture.pause();
        fixture.expect("[modified]", () -> fixture.selector.modify(fixture.file, Interest.READ, "modified"));
        fixture.pause();
        fixture.expect("[]", fixture.selector::wakeup);
        fixture.expect(CLOSED, fixture.selector::close);
        if (fixture.kernel.releases() != 1) {
            throw new AssertionError("released " + fixture.kernel.releases() + " times");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void concurrentChange_endsTheSelect(boolean live) {
        Lincheck.runConcurrentTestInternal$lincheck(SCHEDULES, SETTINGS, () -> {
            try {
                run(live);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        COUNTS.add("schedules", SCHEDULES);
    }
}
