package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.PairKinds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// Readiness of every kind of connected pair. [SocketReadinessContractTest] has the events of sockets.
class ReadinessContractTest extends ContractTest {

    ReadinessContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Returns whether the backend reports more than readable, writable and exceptional, as `select` does not.
    private boolean distinguishesEvents() {
        return backend.backend() != Backend.SELECT;
    }

    @Nested
    class DataAndRoom {

        @ParameterizedTest
        @PairKinds
        void data_makesItReadable(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "data");
            expectNothing(selector);

            pair.write(3);
            Readiness readiness = expectReady(selector, pair.reader(), Interest.READ);

            assertThat(readiness.isReadable()).isTrue();
            assertThat(readiness.isWritable()).isFalse();
            assertThat(readiness.isPriority()).isFalse();
            assertThat(readiness.isReadClosed()).isFalse();
            assertThat(readiness.isHangup()).isFalse();
            assertThat(readiness.isError()).isFalse();
            assertThat(readiness.isInvalid()).isFalse();
            assertThat(readiness.nativeMask()).isEqualTo(1); // POLLIN
            assertThat(readiness).hasToString("READ (POLLIN)");
            assertThat(pair.drain()).isEqualTo(3);
            expectNothing(selector);
        }

        @ParameterizedTest
        @PairKinds
        void room_makesItWritable(ConnectedPair.Kind kind) throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.writer(), Interest.WRITE, "data");
            Readiness readiness = expectReady(selector, pair.writer(), Interest.WRITE);
            assertThat(readiness.isWritable()).isTrue();
            assertThat(readiness.isReadable()).isFalse();
            assertThat(readiness.nativeMask()).isEqualTo(4); // POLLOUT

            fill(selector, pair);
            expectNothing(selector);

            assertThat(pair.drain()).isPositive();
            expectReady(selector, pair.writer(), Interest.WRITE);
        }

        @ParameterizedTest
        @PairKinds
        void eventsOutsideTheInterest_areNotReported(ConnectedPair.Kind kind) throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            pair.fill();
            if (backend.supports(Interest.PRIORITY)) {
                selector.register(pair.reader(), Interest.PRIORITY, "reader");
            }
            selector.register(pair.writer(), Interest.READ, "writer");

            expectNothing(selector);
        }
    }

    @Nested
    class Hangup {

        @ParameterizedTest
        @PairKinds(except = ConnectedPair.Kind.TERMINAL)
        void endOfFile_isReadable(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "data");

            pair.writer().close();

            Readiness readiness = expectReady(selector, pair.reader(), Interest.READ);
            assertThat(readiness.isReadClosed()).isEqualTo(distinguishesEvents());
            assertThat(readiness.isHangup()).isEqualTo(backend.reportsHangupsToReaders() && !kind.isTcp());
            assertThat(readiness.isError()).isFalse();
            assertThat(pair.drain()).isEqualTo(-1);
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @ParameterizedTest
        @PairKinds(except = ConnectedPair.Kind.TERMINAL)
        void endOfFile_leavesTheDataReadable(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "data");
            pair.write(5);
            pair.writer().close();

            expectReady(selector, pair.reader(), Interest.READ);
            ByteBuffer buffer = ByteBuffer.allocate(100);
            assertThat(pair.reader().read(buffer)).isEqualTo(5);
            expectReady(selector, pair.reader(), Interest.READ);
            assertThat(pair.reader().read(buffer)).isEqualTo(-1);
        }

        @Tag("linux")
        @Test
        void closedTerminal_hangsUpItsMaster() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TERMINAL);
            selector.register(pair.reader(), Interest.READ, "data");

            pair.writer().close();

            Readiness readiness = expectReady(selector, pair.reader(), Interest.READ);
            assertThat(readiness.isHangup()).isEqualTo(backend.reportsHangupsToReaders());
            assertThat(readiness.isReadClosed()).isEqualTo(distinguishesEvents());
            assertThatThrownBy(pair::drain)
                    .isInstanceOfSatisfying(
                            NativeIOException.class,
                            e -> assertThat(e.errnoName()).isEqualTo("EIO"));
        }

        @Tag("unix")
        @ParameterizedTest
        @PairKinds({ConnectedPair.Kind.PIPE, ConnectedPair.Kind.FIFO})
        void pipeWithoutReader_isWritableAndInError(ConnectedPair.Kind kind) throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.writer(), Interest.WRITE, "data");
            pair.fill();
            expectNothing(selector);

            pair.reader().close();

            Readiness readiness = expectReady(selector, pair.writer(), Interest.WRITE);
            assertThat(readiness.isError())
                    .isEqualTo(distinguishesEvents() && (!backend.isKqueue() || backend.isLibkqueue()));
            assertThat(readiness.isHangup()).isEqualTo(backend.isKqueue() || backend.isAfd());
            assertThatThrownBy(() -> pair.write(1))
                    .isInstanceOfSatisfying(
                            NativeIOException.class,
                            e -> assertThat(e.errnoName()).isEqualTo("EPIPE"));
        }

        /// Every interest implies hangups, except on `select`, which cannot report them. KQUEUE waits for urgent data
        /// with `select`. AFD reports that the peer has stopped sending to readers only.
        @ParameterizedTest
        @PairKinds({ConnectedPair.Kind.PIPE, ConnectedPair.Kind.FIFO, ConnectedPair.Kind.SOCKET_PAIR})
        void priorityInterest_isWokenByAHangup(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            if (!backend.supports(Interest.PRIORITY)) {
                assertThatThrownBy(() -> selector.register(pair.reader(), Interest.PRIORITY, "data"))
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            selector.register(pair.reader(), Interest.PRIORITY, "data");

            pair.writer().close();

            if (backend.reportsHangupsToReaders()) {
                Readiness readiness = expectReady(selector, pair.reader(), Interest.NONE);
                assertThat(readiness.isHangup()).isTrue();
                assertThat(readiness.isPriority()).isFalse();
            } else {
                expectNothing(selector);
            }
        }

        /// The read end of a FIFO does not hang up before it has had a writer.
        @Tag("unix")
        @Test
        void fifo_hangsUpOnlyAfterItHadAWriter() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.FIFO);
            selector.register(pair.reader(), Interest.READ, "data");
            expectNothing(selector);

            pair.write(1);
            pair.drain();
            expectNothing(selector);
            pair.writer().close();
            expectReady(selector, pair.reader(), Interest.READ);
        }
    }

    @Nested
    class ClosedFd {

        @Test
        void closedFd_isInvalidUntilUnregistered() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            int number = rawDup(pair.reader());
            pair.reader().close();
            ConnectedPair other = readablePair();
            Pollable raw = Pollable.borrow(number);
            Interest all = Interest.READ_WRITE;
            selector.register(raw, all, "raw");
            selector.register(other.reader(), Interest.READ, "other");

            closeRaw(number);

            for (int i = 0; i < 3; i++) {
                Map<Pollable, Readiness> ready = Expect.readiness(selector.select(PATIENCE));
                assertThat(ready.get(other.reader())).isNotNull();
                Readiness readiness = ready.get(raw);
                if (!backend.reportsClosedNumbers()) {
                    assertThat(readiness).isNull();
                } else {
                    assertThat(readiness).isNotNull();
                    assertThat(readiness.isInvalid()).isTrue();
                    assertThat(readiness.events()).isSameAs(all);
                }
            }
            selector.unregister(raw);
            expectReady(selector, other.reader(), Interest.READ);
            other.drain();
            expectNothing(selector);
        }

        @Test
        void manyClosedFds_areInvalidTogether() throws IOException {
            Selector<Integer> selector = open();
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ConnectedPair pair = pair();
                numbers.add(rawDup(pair.reader()));
                pair.reader().close();
                selector.register(Pollable.borrow(numbers.get(i)), Interest.READ, i);
            }
            selector.modify(Pollable.borrow(numbers.getLast()), Interest.NONE, -1);
            numbers.forEach(number -> closeRaw(number));
            if (!backend.reportsClosedNumbers()) {
                expectNothing(selector);
            } else {
                assertThat(selector.select(PATIENCE))
                        .hasSize(2)
                        .allSatisfy(ready ->
                                assertThat(ready.readiness().isInvalid()).isTrue());
            }
            for (int number : numbers) {
                selector.unregister(Pollable.borrow(number));
            }
            expectNothing(selector);
        }
    }
}
