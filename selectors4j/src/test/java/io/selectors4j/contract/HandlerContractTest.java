package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Interest;
import io.selectors4j.PollableChannel;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandlerContractTest extends ContractTest {

    private static final int READY = 6;

    HandlerContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Registers readable descriptors with the data 0, 1, 2, …
    private List<PollableChannel> registerReady(Selector<Integer> selector) throws IOException {
        List<PollableChannel> readers = new ArrayList<>();
        for (int i = 0; i < READY; i++) {
            PollableChannel reader = readablePair().reader();
            selector.register(reader, Interest.READ, i);
            readers.add(reader);
        }
        return readers;
    }

    private static List<Integer> selectData(Selector<Integer> selector) throws IOException {
        List<Integer> data = new ArrayList<>();
        selector.select(PATIENCE, (key, readiness) -> data.add(key.data()));
        return data;
    }

    @Nested
    class HandlerThrows {

        @Test
        void exception_isPropagated() throws IOException {
            Selector<Integer> selector = open();
            registerReady(selector);
            TimeoutException thrown = new TimeoutException("of the handler");

            assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);
        }

        /// All descriptors stay ready: a select that asked the kernel again would deliver every key once more.
        @Test
        void throwingHandler_losesNoEvent() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            List<Integer> delivered = new ArrayList<>();

            assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                        delivered.add(key.data());
                        if (delivered.size() == 2) {
                            throw new TimeoutException();
                        }
                    }))
                    .isInstanceOf(TimeoutException.class);
            List<Integer> rest = selectData(selector);

            assertThat(delivered).hasSize(2).doesNotContainAnyElementsOf(rest);
            delivered.addAll(rest);
            assertThat(delivered).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
            assertThat(selectData(selector)).hasSameSizeAs(readers);
        }

        @Test
        void remainingEvents_areDeliveredWithoutWaiting() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                        throw new TimeoutException();
                    }))
                    .isInstanceOf(TimeoutException.class);
            for (PollableChannel reader : readers) {
                ConnectedPair.drain(reader);
            }

            assertThat(selector.select(PATIENCE)).hasSize(READY - 1);

            expectNothing(selector);
        }

        @Test
        void handlerThrowsRepeatedly_losesNoEvent() throws IOException {
            Selector<Integer> selector = open();
            registerReady(selector);
            List<Integer> delivered = new ArrayList<>();
            for (int i = 0; i < READY; i++) {
                assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                            delivered.add(key.data());
                            throw new TimeoutException();
                        }))
                        .isInstanceOf(TimeoutException.class);
            }
            assertThat(delivered).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        }

        @Test
        void remainingEvents_areRevalidated() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            List<Integer> delivered = new ArrayList<>();
            assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                        delivered.add(key.data());
                        throw new TimeoutException();
                    }))
                    .isInstanceOf(TimeoutException.class);
            List<PollableChannel> rest = new ArrayList<>(readers);
            rest.remove(readers.get(delivered.getFirst()));

            selector.unregister(rest.get(0));
            selector.modify(rest.get(1), Interest.NONE, 1);
            selector.modify(rest.get(2), silent, 2);
            rest.get(3).close();

            assertThat(selectData(selector)).containsExactly(readers.indexOf(rest.get(4)));
        }

        @Test
        void noRemainingEvents_nextSelectWaits() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                        throw new TimeoutException();
                    }))
                    .isInstanceOf(TimeoutException.class);

            for (PollableChannel reader : readers) {
                selector.unregister(reader);
            }

            expectNothing(selector);
        }
    }

    @Nested
    class HandlerChangesRegistrations {

        @Test
        void unregister_appliesToTheBatch() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            List<Integer> delivered = new ArrayList<>();

            int count = selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                for (PollableChannel reader : readers) {
                    if (!reader.equals(key.fileobj())) {
                        selector.unregister(reader);
                    }
                }
            });

            assertThat(count).isEqualTo(1);
            assertThat(delivered).hasSize(1);
            assertThat(selector.getMap()).containsOnlyKeys(readers.get(delivered.getFirst()));
            assertThat(selectData(selector)).isEqualTo(delivered);
        }

        @Test
        void closeOfADescriptor_appliesToTheBatch() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            List<Integer> delivered = new ArrayList<>();

            selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                for (PollableChannel reader : readers) {
                    reader.close();
                }
            });

            assertThat(delivered).hasSize(1);
            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
        }

        @ParameterizedTest
        @ValueSource(strings = {"NONE", "WRITE", "PRIORITY"})
        void modify_appliesToTheBatch(String interest) throws IOException {
            Interest changed = switch (interest) {
                case "WRITE" -> Interest.WRITE;
                case "PRIORITY" -> silent;
                default -> Interest.NONE;
            };
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            List<Integer> delivered = new ArrayList<>();

            selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                for (PollableChannel reader : readers) {
                    selector.modify(reader, changed, -1);
                }
            });

            assertThat(delivered).hasSize(1);
        }

        /// The interest stays the same, so the kernel is not called.
        @Test
        void modifiedData_isDelivered() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            List<Integer> delivered = new ArrayList<>();

            selector.select(PATIENCE, (key, _) -> {
                delivered.add(key.data());
                for (PollableChannel reader : readers) {
                    selector.modify(reader, Interest.READ, 100);
                }
            });

            assertThat(delivered).hasSize(READY).endsWith(100, 100, 100, 100, 100);
        }

        @Test
        void modifiedKey_isDelivered() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            List<Integer> delivered = new ArrayList<>();
            List<Interest> events = new ArrayList<>();

            selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                events.add(readiness.events());
                for (PollableChannel reader : readers) {
                    selector.modify(reader, Interest.READ_WRITE, 100);
                }
            });

            assertThat(delivered).hasSize(READY).endsWith(100, 100, 100, 100, 100);
            assertThat(events).containsOnly(Interest.READ);
        }

        /// Both events were ready when the wait returned.
        @Test
        void removedEvent_isNotInTheReadiness() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> sockets = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                PollableChannel socket = readablePair().reader();
                selector.register(socket, Interest.READ_WRITE, i);
                sockets.add(socket);
            }
            List<Interest> ready = new ArrayList<>();

            selector.select(PATIENCE, (_, readiness) -> {
                ready.add(readiness.events());
                for (PollableChannel socket : sockets) {
                    selector.modify(socket, Interest.WRITE, -1);
                }
            });

            assertThat(ready).containsExactly(Interest.READ_WRITE, Interest.WRITE);
        }

        /// The pending event belongs to the previous registration.
        @Test
        void registeredAgain_waitsForTheNextSelect() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = registerReady(selector);
            List<Integer> delivered = new ArrayList<>();

            selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                for (PollableChannel reader : readers) {
                    selector.unregister(reader);
                    selector.register(reader, Interest.READ, 100);
                }
            });

            assertThat(delivered).hasSize(1);
            assertThat(selectData(selector)).containsOnly(100).hasSize(READY);
        }

        @Test
        void register_succeeds() throws IOException {
            Selector<Integer> selector = open();
            ConnectedPair first = readablePair();
            ConnectedPair second = readablePair();
            selector.register(first.reader(), Interest.READ, 1);

            assertThat(selector.select(PATIENCE, (key, readiness) -> {
                        selector.unregister(first.reader());
                        selector.register(second.reader(), Interest.READ, 2);
                    }))
                    .isEqualTo(1);

            expectReady(selector, second.reader(), Interest.READ);
        }
    }

    @Nested
    class HandlerSelects {

        @Test
        void sameSelector_isRefused() throws IOException {
            Selector<Integer> selector = open();
            registerReady(selector);

            int count = selector.select(PATIENCE, (key, readiness) -> {
                assertThatThrownBy(selector::selectNow).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> selector.select(PATIENCE, (otherKey, otherReadiness) -> {}))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(Thread.currentThread().toString());
            });

            assertThat(count).isEqualTo(READY);
            assertThat(selector.selectNow()).hasSize(READY);
        }

        @Test
        void anotherSelector_isAllowed() throws IOException {
            Selector<Integer> selector = open();
            Selector<Integer> other = open();
            registerReady(selector);
            registerReady(other);

            assertThat(selector.select(
                            PATIENCE,
                            (key, readiness) -> assertThat(other.selectNow()).hasSize(READY)))
                    .isEqualTo(READY);
        }
    }
}
