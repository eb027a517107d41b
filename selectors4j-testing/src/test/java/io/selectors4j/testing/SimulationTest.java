package io.selectors4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The clock, the schedule, the threads and the seeds of a simulation.
class SimulationTest {

    private final Simulation simulation = Simulation.create(1);
    private final Selector<String> selector = simulation.openSelector();

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    @Nested
    class Time {

        @Test
        void timeout_movesTheClockExactly() throws Exception {
            assertThat(selector.select(Duration.ofDays(300))).isEmpty();
            assertThat(simulation.now()).isEqualTo(Duration.ofDays(300));
            assertThat(selector.select(Duration.ofNanos(1))).isEmpty();
            assertThat(simulation.clock().instant())
                    .isEqualTo(Instant.EPOCH.plus(Duration.ofDays(300)).plusNanos(1));
        }

        @Test
        void selectNow_doesNotMoveTheClock() throws Exception {
            assertThat(selector.selectNow()).isEmpty();
            assertThat(simulation.nanoTime()).isZero();
        }

        @Test
        void extremeTimes_areNowAndNever() throws Exception {
            List<String> ran = new ArrayList<>();
            Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
            simulation.at(longest, () -> ran.add("never"));
            simulation.after(longest, () -> ran.add("never"));
            simulation.at(longest.negated(), () -> ran.add("now"));
            simulation.after(longest.negated(), () -> ran.add("now"));

            assertThat(selector.select(Duration.ofDays(100_000))).isEmpty();

            assertThat(ran).containsExactly("now", "now");
        }

        @Test
        void action_comesBeforeTheTimeout() throws Exception {
            Simulation.Pair pair = simulation.openPair();
            selector.register(pair.first(), Interest.READ, "data");
            simulation.after(Duration.ofSeconds(3), () -> pair.second().write(bytes(1)));

            assertThat(selector.select(Duration.ofSeconds(2))).isEmpty();
            assertThat(simulation.now()).hasSeconds(2);
            assertThat(selector.select(Duration.ofSeconds(1)))
                    .as("at the same time")
                    .hasSize(1);
            assertThat(simulation.now()).hasSeconds(3);
        }

        @Test
        void actions_runInOrder() throws Exception {
            List<String> order = new ArrayList<>();
            simulation.at(Duration.ofSeconds(2), () -> order.add("second " + simulation.now()));
            simulation.at(Duration.ofSeconds(1), () -> {
                order.add("first " + simulation.now());
                simulation.after(Duration.ZERO, () -> order.add("at once"));
                simulation.at(Duration.ZERO, () -> order.add("past"));
            });
            simulation.at(Duration.ofSeconds(2), () -> order.add("third"));
            selector.select(Duration.ofSeconds(5));
            assertThat(order).containsExactly("first PT1S", "past", "at once", "second PT2S", "third");
        }

        @Test
        void scheduledWakeup_endsTheSelect() throws Exception {
            simulation.after(Duration.ofSeconds(4), selector::wakeup);
            assertThat(selector.select(Duration.ofSeconds(10))).isEmpty();
            assertThat(simulation.now()).hasSeconds(4);
        }

        @Test
        void exceptionOfAnAction_endsTheSelect() throws Exception {
            simulation.after(Duration.ofSeconds(1), () -> {
                throw new InterruptedException("planned");
            });
            assertThatThrownBy(() -> selector.select())
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("planned");
            assertThat(selector.select(Duration.ofSeconds(1))).isEmpty();
        }

        @Test
        void actionThatWaits_isRefused() throws Exception {
            simulation.after(
                    Duration.ofSeconds(1), () -> simulation.openSelector().select());
            assertThatThrownBy(() -> selector.select()).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void advance_runsTheActionsUntilThen() throws Exception {
            List<Duration> times = new ArrayList<>();
            simulation.after(Duration.ofSeconds(1), () -> times.add(simulation.now()));
            simulation.after(Duration.ofSeconds(3), () -> times.add(simulation.now()));
            simulation.advance(Duration.ofSeconds(2));
            assertThat(times).containsExactly(Duration.ofSeconds(1));
            assertThat(simulation.now()).hasSeconds(2);
        }

        @Test
        void timer_expiresOnTheSimulatedTime() throws Exception {
            SimulatedTimer timer = simulation.openTimer();
            selector.register(timer, Interest.READ, "timer");
            timer.set(Duration.ofMinutes(1), Duration.ofMinutes(10));
            assertThat(selector.select()).hasSize(1);
            assertThat(simulation.now()).hasMinutes(1);
            assertThat(selector.selectNow()).hasSize(1);
            simulation.advance(Duration.ofMinutes(20));
            assertThat(timer.read()).isEqualTo(3);
            assertThat(timer.read()).isZero();
            timer.disarm();
            assertThat(selector.select(Duration.ofDays(1))).isEmpty();
        }
    }

    @Nested
    class Deadlock {

        @Test
        void selectThatNeverReturns_describesItsKeys() throws Exception {
            Simulation.Pair pair = simulation.openPair();
            selector.register(pair.first(), Interest.READ.edgeTriggered(), "data");
            pair.second().write(bytes(5));
            assertThat(selector.select()).hasSize(1);
            simulation.advance(Duration.ofSeconds(7));
            assertThatThrownBy(() -> selector.select())
                    .isInstanceOf(SimulationDeadlockError.class)
                    .hasMessageContainingAll(
                            "Seed 1", "PT7S", "selector with 3 stream, 5 to read READ|EDGE", "4 stream, 0 to read");
            pair.second().write(bytes(1));
            assertThat(selector.select()).as("afterwards").hasSize(1);
        }

        @Test
        void selectWithoutKeys_isADeadlockToo() {
            assertThatThrownBy(() -> selector.select())
                    .isInstanceOf(SimulationDeadlockError.class)
                    .hasMessageContaining("without keys");
        }

        @Test
        void allThreadsThatWait_fail() {
            Future<?> one = simulation.start(() -> simulation.openSelector().select());
            Future<?> two = simulation.start(() -> simulation.openSelector().select());
            for (Future<?> select : List.of(one, two)) {
                assertThatThrownBy(select::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(SimulationDeadlockError.class);
            }
        }
    }

    @Nested
    class Threads {

        @Test
        void hold_keepsTheClockStill() throws Exception {
            Simulation.Pair pair = simulation.openPair();
            selector.register(pair.first(), Interest.READ, "data");
            Simulation.Hold hold = simulation.hold();
            Thread other = Thread.ofPlatform().start(() -> {
                try (hold) {
                    Thread.sleep(20);
                    pair.second().write(bytes(1));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(selector.select(Duration.ofDays(1))).hasSize(1);
            assertThat(simulation.nanoTime()).isZero();
            other.join();
            hold.close();
            assertThat(selector.selectNow()).hasSize(1);
        }

        @Test
        void startedThread_keepsTheClockStillUnlessItSelects() throws Exception {
            Simulation.Pair pair = simulation.openPair();
            selector.register(pair.first(), Interest.READ, "data");
            Future<Duration> other = simulation.start(() -> {
                Thread.sleep(20);
                try (Selector<String> own = simulation.openSelector()) {
                    own.select(Duration.ofSeconds(2));
                }
                pair.second().write(bytes(1));
                return simulation.now();
            });
            assertThat(selector.select(Duration.ofSeconds(3))).hasSize(1);
            assertThat(other.get()).hasSeconds(2);
            assertThat(simulation.now()).hasSeconds(2);
        }

        @Test
        void twoLoops_seeEachTimeoutInOrder() throws Exception {
            List<String> order = new ArrayList<>();
            Future<Boolean> odd;
            Future<Boolean> even;
            try (Simulation.Hold _ = simulation.hold()) {
                odd = simulation.start(() -> tick(order, "odd", 1));
                even = simulation.start(() -> tick(order, "even", 2));
            }
            assertThat(odd.get()).isTrue();
            assertThat(even.get()).isTrue();
            assertThat(order)
                    .containsExactly("odd PT1S", "even PT2S", "odd PT3S", "even PT4S", "odd PT5S", "even PT6S");
        }

        private boolean tick(List<String> order, String name, int first) throws Exception {
            try (Selector<String> own = simulation.openSelector()) {
                for (int second = first; second <= 6; second += 2) {
                    own.select(Duration.ofSeconds(second).minus(simulation.now()));
                    synchronized (order) {
                        order.add(name + " " + simulation.now());
                    }
                }
            }
            return true;
        }

        @Test
        void realTime_waitsForOtherThreads() throws Exception {
            Simulation real = Simulation.builder().realTime().build();
            Selector<String> waiting = real.openSelector();
            SimulatedTimer timer = real.openTimer();
            long start = System.nanoTime();
            assertThat(waiting.select(Duration.ofMillis(20))).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);

            waiting.register(timer, Interest.READ, "timer");
            start = System.nanoTime();
            timer.set(Duration.ofMillis(20));
            assertThat(waiting.select()).hasSize(1);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
            assertThatThrownBy(() -> real.advance(Duration.ofSeconds(1))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class Seeds {

        /// Makes many calls, and returns what they returned.
        private static List<String> run(long seed) throws Exception {
            Simulation simulation = Simulation.builder()
                    .seed(seed)
                    .spurious(0.2)
                    .shortTransfers(0.5)
                    .streamBuffer(100)
                    .build();
            List<String> log = new ArrayList<>();
            Selector<Integer> selector = simulation.openSelector();
            for (int i = 0; i < 10; i++) {
                Simulation.Pair pair = simulation.openPair();
                selector.register(pair.first(), Interest.READ, i);
                simulation.after(
                        Duration.ofSeconds(i % 3),
                        () -> log.add("wrote " + pair.second().write(bytes(200))));
            }
            while (simulation.now().compareTo(Duration.ofSeconds(9)) < 0) {
                selector.select(Duration.ofSeconds(1), (key, readiness) -> {
                    int count = ((SimulatedStream) key.fileobj()).read(bytes(64));
                    log.add(simulation.now() + " " + key.data() + " " + readiness + " " + count);
                });
            }
            return log;
        }

        @Test
        void sameSeed_givesTheSameRun() throws Exception {
            List<String> first = run(42);
            assertThat(first).hasSizeGreaterThan(20).anyMatch(line -> line.endsWith(" 0"));
            assertThat(run(42)).isEqualTo(first);
            assertThat(run(43)).isNotEqualTo(first);
        }

        @Test
        void forSeeds_namesTheSeedThatFails() {
            assertThatThrownBy(() -> Simulation.forSeeds(10, Simulation.builder(), one -> {
                        if (one.seed() == 7) {
                            throw new IllegalArgumentException("planned");
                        }
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("failed with seed 7: java.lang.IllegalArgumentException: planned")
                    .hasCauseInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void simulation_describesItself() throws Exception {
            simulation.openPair();
            simulation.openListener();
            assertThat(simulation)
                    .hasToString("Simulation[seed 1, time PT0S, open: 3 stream, 0 to read, 4 stream, 0 to read,"
                            + " 5 listener, 0 to accept]");
            assertThat(Simulation.create().seed())
                    .as("random")
                    .isNotEqualTo(Simulation.create().seed());
        }

        @Test
        void spuriousEvents_areReported() throws Exception {
            Simulation.Pair pair = simulation.openPair();
            selector.register(pair.first(), Interest.READ.edgeTriggered(), "data");
            pair.first().fireSpurious();
            assertThat(selector.select())
                    .singleElement()
                    .satisfies(
                            ready -> assertThat(ready.readiness().isReadable()).isTrue());
            assertThat(pair.first().read(bytes(1))).isZero();
            assertThat(selector.select(Duration.ofSeconds(1))).isEmpty();

            Selector<String> often =
                    Simulation.builder().seed(1).spurious(1).build().openSelector();
            assertThat(often.select(Duration.ofSeconds(1))).as("without keys").isEmpty();
        }

        @Test
        void readyKeys_haveEveryOrder() throws Exception {
            for (int i = 0; i < 3; i++) {
                Simulation.Pair pair = simulation.openPair();
                pair.second().write(bytes(1));
                selector.register(pair.first(), Interest.READ, "" + i);
            }
            List<String> orders = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                orders.add(String.join(
                        "", selector.select().stream().map(ReadyKey::data).toList()));
            }
            assertThat(orders).contains("012", "021", "102", "120", "201", "210");
        }
    }

    @Test
    void otherBackends_areRefused() {
        assertThatThrownBy(() -> Simulation.builder().backend(Backend.KQUEUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KQUEUE");
        assertThat(selector.backend()).isSameAs(Backend.EPOLL);
    }
}
