package io.selectors4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.internal.ffi.Errno;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Assertions about a select.
public final class Expect {

    /// The limit of every wait for an event that must happen. It is long enough for a busy machine. A slow
    /// processor needs more: `-Dpatience.seconds=300`.
    public static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("patience.seconds", 60));

    /// The limit of a test in seconds. It allows for several waits that reach [#PATIENCE].
    public static final int TEST_SECONDS = 300;

    private static final Duration A_MOMENT = Duration.ofMillis(20);

    /// Long enough for a selector that wakes up each millisecond to be noticed.
    private static final Duration IDLE = Duration.ofMillis(60);

    private Expect() {}

    /// Waits until one object is ready for exactly these events. Fails if another object is ready.
    ///
    /// @return its readiness
    public static Readiness expectReady(Selector<?> selector, Pollable fileobj, Interest events) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Map<Pollable, Readiness> ready = readiness(selector.select(PATIENCE));
            assertThat(ready.keySet()).as("ready pollables").isSubsetOf(fileobj);
            Readiness readiness = ready.get(fileobj);
            if (readiness != null && readiness.events() == events) {
                return readiness;
            }
            assertThat(System.nanoTime() - end)
                    .as("%s: expected %s, was %s", fileobj, events, readiness)
                    .isNegative();
        }
    }

    /// Waits until all these objects were ready to read, in any number of selects. Fails if another object is ready.
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

    /// Checks that no key is ready, at once and during a short wait.
    public static void expectNothing(Selector<?> selector) throws IOException {
        assertThat(selector.selectNow()).as("ready at once").isEmpty();
        expectNothing(selector, A_MOMENT);
    }

    /// Checks that a select finds no ready key and lasts at least its timeout.
    public static void expectNothing(Selector<?> selector, Duration timeout) throws IOException {
        long start = System.nanoTime();
        assertThat(selector.select(timeout)).as("ready").isEmpty();
        assertThat(System.nanoTime() - start).as("waited").isGreaterThanOrEqualTo(timeout.toNanos());
    }

    /// Checks that a select without a ready key blocks instead of spinning.
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

    /// Returns the name that an errno of the Unixes has on this system.
    public static String errnoName(String unix) {
        return Errno.name(Errno.number(unix));
    }

    /// A condition that another thread fulfills.
    @FunctionalInterface
    public interface Condition {

        /// Returns whether the condition is true now.
        boolean holds() throws IOException;
    }

    /// Waits for another thread without sleeping.
    public static void spinUntil(String description, Condition condition) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - end).as(description).isNegative();
            Thread.onSpinWait();
        }
    }

    /// Returns the readiness of each ready object.
    public static Map<Pollable, Readiness> readiness(List<? extends ReadyKey<?>> ready) {
        return ready.stream().collect(Collectors.toMap(one -> one.key().fileobj(), ReadyKey::readiness));
    }
}
