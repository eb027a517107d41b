package io.selectors4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a test expects of a select.
public final class Expect {

    /// Longer than anything that works will take, on a machine that does other things too.
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration A_MOMENT = Duration.ofMillis(20);

    /// Long enough for a selector that wakes up each millisecond to be noticed.
    private static final Duration IDLE = Duration.ofMillis(60);

    private Expect() {}

    /// Waits for one object to be ready for exactly these events, and for nothing else.
    ///
    /// @return what the selector said of it
    public static Readiness expectReady(Selector<?> selector, Pollable fileobj, Interest events) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Map<Pollable, Readiness> ready = readiness(selector.select(PATIENCE));
            assertThat(ready.keySet()).as("ready objects").isSubsetOf(fileobj);
            Readiness readiness = ready.get(fileobj);
            if (readiness != null && readiness.events() == events) {
                return readiness;
            }
            assertThat(System.nanoTime() - end)
                    .as("%s is to be ready for %s and is ready for %s", fileobj, events, readiness)
                    .isNegative();
        }
    }

    /// Waits for these objects to be ready to read, in as many selects as it takes, and for nothing else.
    public static void expectReadable(Selector<?> selector, Set<? extends Pollable> fileobjs) throws IOException {
        Set<Pollable> missing = new HashSet<>(fileobjs);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!missing.isEmpty()) {
            for (ReadyKey<?> ready : selector.select(PATIENCE)) {
                assertThat(ready.readiness().isReadable()).as("%s", ready).isTrue();
                assertThat(fileobjs.contains(ready.key().fileobj()))
                        .as("%s", ready)
                        .isTrue();
                missing.remove(ready.key().fileobj());
            }
            assertThat(System.nanoTime() - end).as("not ready: %s", missing).isNegative();
        }
    }

    /// Makes sure that nothing is ready, and stays so for a moment.
    public static void expectNothing(Selector<?> selector) throws IOException {
        assertThat(selector.selectNow()).as("ready at once").isEmpty();
        expectNothing(selector, A_MOMENT);
    }

    /// Makes sure that a select finds nothing, waits its whole time, and sleeps meanwhile.
    public static void expectNothing(Selector<?> selector, Duration timeout) throws IOException {
        long start = System.nanoTime();
        assertThat(selector.select(timeout)).as("ready").isEmpty();
        assertThat(System.nanoTime() - start).as("waited").isGreaterThanOrEqualTo(timeout.toNanos());
    }

    /// Makes sure that a select that finds nothing sleeps instead of spinning: counted, not measured.
    public static void expectIdle(Selector<?> selector) throws IOException {
        expectNothing(selector);
        for (int i = 0; i < KernelWaits.TRIES; i++) {
            KernelWaits before = KernelWaits.ofThisThread();
            expectNothing(selector, IDLE);
            if (before.isOneWait(IDLE)) {
                return;
            }
        }
        throw new AssertionError("an idle select does not sleep");
    }

    /// Something that another thread makes true.
    @FunctionalInterface
    public interface Condition {

        /// Whether it is true now.
        boolean holds() throws IOException;
    }

    /// Waits for another thread, without sleeping.
    public static void spinUntil(String description, Condition condition) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - end).as(description).isNegative();
            Thread.onSpinWait();
        }
    }

    /// What is ready, by object.
    public static Map<Pollable, Readiness> readiness(List<? extends ReadyKey<?>> ready) {
        return ready.stream().collect(Collectors.toMap(one -> one.key().fileobj(), ReadyKey::readiness));
    }
}
