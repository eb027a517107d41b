package io.selectors4j.stress.concurrency;

import io.selectors4j.Interest;
import io.selectors4j.JavaFile;
import io.selectors4j.JavaKernel;
import io.selectors4j.JavaSelector;
import io.selectors4j.stress.Tally;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A thread selects while another one does something, in one order of their steps after the other: Lincheck tries them, and knows when none of them can go on.
class SchedulesTest {

    private static final Tally TALLY = new Tally("lincheck");
    /// Loops are longer than Lincheck expects: a table has 64 places.
    private static final LincheckSettings SETTINGS = new LincheckSettings(false, 100, 1000, 20);

    private static final String CLOSED = "closed";
    private static final int SCHEDULES = Integer.getInteger("schedules", 300);

    /// A selector, what is registered with it, and the thread that selects.
    private static final class Scene {
        final JavaKernel kernel;
        final JavaSelector<String> selector;
        final JavaFile file = new JavaFile(1);
        final List<String> delivered = new ArrayList<>();
        private final Thread selecting;
        private boolean closed;

        Scene(boolean live, @Nullable Duration timeout) {
            kernel = new JavaKernel(live);
            selector = new JavaSelector<>(kernel);
            selecting = new Thread(() -> {
                try {
                    selector.select(timeout, (key, readiness) -> delivered.add(key.data()));
                } catch (ClosedSelectorException e) {
                    closed = true;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }

        void register(String data) throws IOException {
            selector.register(file, Interest.READ, data);
        }

        void select() {
            selecting.start();
        }

        /// What the select has handed over, or that the selector was closed.
        String outcome() throws InterruptedException {
            selecting.join();
            return closed ? CLOSED : delivered.toString();
        }
    }

    private interface Play {
        String outcome() throws Exception;
    }

    /// The outcomes are compared without the help of a library: Lincheck would take its steps for more of the same.
    private static void expect(Play play, String... expected) {
        List<String> right = List.of(expected);
        Lincheck.runConcurrentTestInternal$lincheck(SCHEDULES, SETTINGS, () -> {
            try {
                String outcome = play.outcome();
                if (!right.contains(outcome)) {
                    throw new AssertionError(outcome + " instead of " + right);
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        TALLY.add("schedules", SCHEDULES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeEndsAWait(boolean live) {
        expect(
                () -> {
                    Scene scene = new Scene(live, null);
                    scene.select();
                    scene.selector.close();
                    return scene.outcome() + scene.kernel.releases();
                },
                CLOSED + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWakeupEndsAWait(boolean live) {
        expect(
                () -> {
                    Scene scene = new Scene(live, null);
                    scene.select();
                    scene.selector.wakeup();
                    return scene.outcome();
                },
                "[]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsRegisteredEndsAWait(boolean live) {
        expect(
                () -> {
                    Scene scene = new Scene(live, null);
                    scene.kernel.makeReady(1);
                    scene.select();
                    scene.register("data");
                    return scene.outcome();
                },
                "[data]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsModifiedEndsAWait(boolean live) {
        expect(
                () -> {
                    Scene scene = new Scene(live, null);
                    scene.kernel.makeReady(1);
                    scene.register("before");
                    scene.selector.modify(scene.file, Interest.NONE, "before");
                    scene.select();
                    scene.selector.modify(scene.file, Interest.READ, "after");
                    return scene.outcome();
                },
                "[after]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsUnregisteredDoesNotEndAWait(boolean live) {
        expect(
                () -> {
                    Scene scene = new Scene(live, null);
                    scene.register("data");
                    scene.select();
                    scene.selector.unregister(scene.file);
                    scene.kernel.makeReady(1);
                    scene.selector.wakeup();
                    return scene.outcome();
                },
                "[]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSelectThatFindsSomethingIsNotEmpty(boolean live) {
        expect(
                () -> {
                    Scene scene = new Scene(live, Duration.ZERO);
                    scene.kernel.makeReady(1);
                    scene.register("data");
                    scene.select();
                    scene.selector.close();
                    return scene.outcome() + scene.kernel.releases();
                },
                CLOSED + 1,
                "[data]1");
    }
}
