package io.selectors4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Streams, listeners, timers and scripted descriptors, and their planned failures.
class DescriptorsTest {

    private final Simulation simulation =
            Simulation.builder().seed(1).streamBuffer(10).maxDescriptors(6).build();
    private final Selector<String> selector = simulation.openSelector();

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    private static void assertFails(String errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NativeIOException.class, e -> assertThat(e.errnoName()).isEqualTo(errno));
    }

    private Readiness readiness(SimulatedDescriptor descriptor) throws IOException {
        return selector.selectNow().stream()
                .filter(ready -> ready.fileobj().equals(descriptor))
                .findFirst()
                .orElseThrow()
                .readiness();
    }

    @Nested
    class Streams {

        private final Simulation.Pair pair = open();
        private final SimulatedStream one = pair.first();
        private final SimulatedStream other = pair.second();

        private Simulation.Pair open() {
            try {
                return simulation.openPair();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Test
        void bytes_arriveInOrderAcrossTheEndOfTheBuffer() throws Exception {
            ByteBuffer source = bytes(100);
            ByteBuffer target = bytes(100);
            for (int i = 0; i < 100; i++) {
                source.put(i, (byte) i);
            }
            while (target.hasRemaining()) {
                other.write(source);
                one.read(target.limit(Math.min(100, target.position() + 7)));
                target.limit(100);
            }
            assertThat(target.flip()).isEqualTo(source.flip());
        }

        @Test
        void write_takesWhatTheBufferHasRoomFor() throws Exception {
            selector.register(one, Interest.READ_WRITE, "one");
            assertThat(one.write(bytes(25))).isEqualTo(10);
            assertThat(one.write(bytes(1))).isZero();
            assertThat(selector.selectNow()).isEmpty();
            assertThat(other.available()).isEqualTo(10);
            assertThat(other.read(bytes(4))).isEqualTo(4);
            assertThat(readiness(one).isWritable()).isTrue();
            assertThat(one.write(bytes(25))).isEqualTo(4);
            assertThat(one.read(bytes(1))).isZero();
        }

        @Test
        void shutdownOutput_isAHalfClose() throws Exception {
            selector.register(one, Interest.READ, "one");
            other.write(bytes(3));
            other.shutdownOutput();
            assertThat(readiness(one).isReadClosed()).isTrue();
            assertThat(readiness(one).isHangup()).isFalse();
            assertThat(one.read(bytes(10))).isEqualTo(3);
            assertThat(one.read(bytes(10))).isEqualTo(-1);
            assertThat(one.write(bytes(2))).as("the other direction").isEqualTo(2);
            assertFails("EPIPE", () -> other.write(bytes(1)));
            assertThat(other.read(bytes(10))).isEqualTo(2);
            one.shutdownOutput();
            assertThat(readiness(one).isHangup()).isTrue();
        }

        @Test
        void closeByThePeer_leavesTheBytesReadable() throws Exception {
            selector.register(one, Interest.READ, "one");
            other.write(bytes(3));
            other.close();
            assertThat(readiness(one).isHangup()).isTrue();
            assertThat(readiness(one).isError()).isFalse();
            assertFails("EPIPE", () -> one.write(bytes(1)));
            assertThat(one.read(bytes(10))).isEqualTo(3);
            assertThat(one.read(bytes(10))).isEqualTo(-1);
        }

        @Test
        void closeWithUnreadBytes_resetsThePeer() throws Exception {
            selector.register(one, Interest.READ, "one");
            one.write(bytes(3));
            other.close();
            assertThat(readiness(one).isError()).isTrue();
            assertFails("ECONNRESET", () -> one.read(bytes(10)));
            assertThat(one.read(bytes(10))).isEqualTo(-1);
        }

        @Test
        void reset_losesTheBytes() throws Exception {
            other.write(bytes(3));
            other.reset();
            other.reset();
            assertThat(other.isOpen()).isFalse();
            assertFails("ECONNRESET", () -> one.read(bytes(10)));
            assertFails("EPIPE", () -> one.write(bytes(1)));
        }

        @Test
        void shutdownInput_failsThePeersWrites() throws Exception {
            one.shutdownInput();
            assertThat(one.read(bytes(1))).isEqualTo(-1);
            assertFails("EPIPE", () -> other.write(bytes(1)));
        }

        @Test
        void close_unregistersAndFreesTheNumber() throws Exception {
            selector.register(one, Interest.READ, "one");
            int fd = one.fileno();
            one.close();
            one.close();
            assertThat(selector.getMap()).isEmpty();
            assertThat(one.fileno()).isEqualTo(-1);
            assertThat(simulation.openTimer().fileno()).isEqualTo(fd);
            assertThatThrownBy(() -> one.read(bytes(1))).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> one.write(bytes(1))).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> one.shutdownOutput()).isInstanceOf(ClosedChannelException.class);
            assertThat(selector.unregister(one).data()).isEqualTo("one");
        }

        @Test
        void readOnlyBuffer_isRefused() {
            assertThatThrownBy(() -> one.read(bytes(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Listeners {

        @Test
        void connections_areAcceptedInOrder() throws Exception {
            SimulatedListener listener = simulation.openListener();
            selector.register(listener, Interest.READ, "listener");
            assertThat(listener.accept()).isNull();
            SimulatedStream one = listener.connect();
            SimulatedStream two = listener.connect();
            one.write(bytes(1));
            two.write(bytes(2));
            assertThat(readiness(listener).isReadable()).isTrue();
            for (int i = 1; i <= 2; i++) {
                try (SimulatedStream accepted = listener.accept()) {
                    assertThat(accepted).isNotNull();
                    assertThat(accepted.available()).isEqualTo(i);
                }
            }
            assertThat(selector.selectNow()).isEmpty();
        }

        @Test
        void closedListener_resetsWhatWaits() throws Exception {
            SimulatedListener listener = simulation.openListener();
            SimulatedStream client = listener.connect();
            listener.close();
            assertFails("ECONNRESET", () -> client.read(bytes(1)));
            assertFails("ECONNREFUSED", listener::connect);
            assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
        }

        @Test
        void numbersRunOut_acceptFailsAndTheConnectionWaits() throws Exception {
            SimulatedListener listener = simulation.openListener();
            List<SimulatedStream> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(listener.connect());
            }
            assertFails("EMFILE", listener::connect);
            assertFails("EMFILE", listener::accept);
            clients.getLast().close();
            assertThat(listener.accept()).isNotNull();
            assertFails("EMFILE", simulation::openTimer);
        }

        @Test
        void pairWithOneNumberLeft_takesNone() throws Exception {
            for (int i = 0; i < 5; i++) {
                simulation.openScripted();
            }
            assertFails("EMFILE", simulation::openPair);
            assertThat(simulation.openScripted().fileno()).isEqualTo(8);
        }
    }

    @Nested
    class Timers {

        @Test
        void unusableTimes_areRefused() throws Exception {
            SimulatedTimer timer = simulation.openTimer();
            assertThatThrownBy(() -> timer.set(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> timer.set(Duration.ofSeconds(1), Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void setAgain_replacesTheSetting() throws Exception {
            SimulatedTimer timer = simulation.openTimer();
            timer.set(Duration.ofSeconds(1));
            timer.set(Duration.ofSeconds(3));
            simulation.advance(Duration.ofSeconds(2));
            assertThat(timer.read()).isZero();
            simulation.advance(Duration.ofSeconds(1));
            assertThat(timer.read()).isEqualTo(1);
            timer.close();
            assertThatThrownBy(timer::read).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Nested
    class Scripts {

        @ParameterizedTest
        @CsvSource({
            "READABLE, isReadable", "WRITABLE, isWritable", "PRIORITY, isPriority",
            "READ_CLOSED, isReadClosed", "HANGUP, isHangup", "ERROR, isError"
        })
        void condition_isReported(Condition condition, String method) throws Exception {
            ScriptedDescriptor script = simulation.openScripted();
            selector.register(script, Interest.READ_WRITE.or(Interest.PRIORITY), "script");
            assertThat(selector.selectNow()).isEmpty();
            script.setReady(condition);
            assertThat(Readiness.class.getMethod(method).invoke(readiness(script)))
                    .isEqualTo(true);
            script.setReady();
            assertThat(selector.selectNow()).isEmpty();
        }

        @Test
        void hangupInterest_reportsHangupsAndErrorsAlone() throws Exception {
            ScriptedDescriptor script = simulation.openScripted();
            selector.register(script, Interest.HANGUP, "script");
            script.setReady(Condition.READABLE, Condition.WRITABLE, Condition.PRIORITY, Condition.READ_CLOSED);
            assertThat(selector.selectNow()).isEmpty();
            script.setReady(Condition.READABLE, Condition.HANGUP);
            assertThat(readiness(script)).hasToString("HANGUP (POLLHUP)");
            script.setReady(Condition.ERROR);
            assertThat(readiness(script)).hasToString("HANGUP (POLLERR)");
        }

        @Test
        void imitatedSelect_reportsNoConditions() throws Exception {
            Simulation select =
                    Simulation.builder().seed(1).backend(Backend.SELECT).build();
            ScriptedDescriptor script = select.openScripted();
            Selector<String> imitation = select.openSelector();
            imitation.register(script, Interest.READ, "script");
            script.setReady(Condition.HANGUP, Condition.ERROR);
            Readiness readiness = imitation.select().getFirst().readiness();
            assertThat(readiness).hasToString("READ (POLLIN)");
            assertThatThrownBy(() -> imitation.modify(script, Interest.READ.edgeTriggered(), "edge"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> imitation.modify(script, Interest.HANGUP, "hangup"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("SELECT");
        }
    }

    @Nested
    class Failures {

        @Test
        void plannedFailure_occursOnce() throws Exception {
            SimulatedListener listener = simulation.openListener();
            SimulatedStream client = listener.connect();
            client.failNext(Operation.READ, "ECONNRESET");
            client.failNext(Operation.READ, "EIO");
            client.failNext(Operation.WRITE, "ENOBUFS");
            listener.failNext(Operation.ACCEPT, "EMFILE");
            assertFails("ECONNRESET", () -> client.read(bytes(1)));
            assertFails("EIO", () -> client.read(bytes(1)));
            assertThat(client.read(bytes(1))).isZero();
            assertFails("ENOBUFS", () -> client.write(bytes(1)));
            assertFails("EMFILE", listener::accept);
            assertThat(listener.accept()).isNotNull();
        }

        @Test
        void failedRegister_leavesNothing() throws Exception {
            SimulatedStream stream = simulation.openPair().first();
            simulation.failNext(Operation.REGISTER, "ENOSPC");
            assertFails("ENOSPC", () -> selector.register(stream, Interest.WRITE, "data"));
            assertThat(selector.getMap()).isEmpty();
            assertThat(selector.selectNow()).isEmpty();

            selector.register(stream, Interest.WRITE, "data");
            stream.failNext(Operation.MODIFY, "ENOMEM");
            assertFails("ENOMEM", () -> selector.modify(stream, Interest.READ, "other"));
            assertThat(selector.selectNow())
                    .singleElement()
                    .satisfies(ready -> assertThat(ready.data()).isEqualTo("data"));
        }

        @Test
        void failedSelect_keepsTheWakeup() throws Exception {
            selector.wakeup();
            simulation.failNext(Operation.SELECT, "ENOMEM");
            assertFails("ENOMEM", () -> selector.select());
            assertThat(selector.select()).isEmpty();
            assertThat(simulation.nanoTime()).isZero();
        }

        @Test
        void everyOpen_canFail() throws Exception {
            SimulatedListener listener = simulation.openListener();
            for (ThrowingCallable open : List.<ThrowingCallable>of(
                    simulation::openPair,
                    simulation::openListener,
                    simulation::openTimer,
                    simulation::openScripted,
                    listener::connect)) {
                simulation.failNext(Operation.OPEN, "ENFILE");
                assertFails("ENFILE", open);
            }
        }

        @Test
        void unknownErrno_isRefusedAtOnce() throws Exception {
            assertThatThrownBy(() -> simulation.failNext(Operation.READ, "EXAMPLE"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("EXAMPLE");
            ScriptedDescriptor script = simulation.openScripted();
            assertThatThrownBy(() -> script.failNext(Operation.READ, "EXAMPLE"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
