package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectIdle;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.PairKinds;
import io.selectors4j.testing.ParkedThread;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// [Interest#HANGUP]. A backend that cannot wait for hang-ups alone refuses it, and each test checks that instead.
class HangupContractTest extends ContractTest {

    HangupContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Registers an object for hang-ups alone. If the backend does not support it, checks that it says so.
    ///
    /// @return whether the object is registered
    private boolean register(Selector<String> selector, Pollable fileobj, Interest events) throws IOException {
        if (backend.supports(events)) {
            selector.register(fileobj, events, "data");
            return true;
        }
        assertThatThrownBy(() -> selector.register(fileobj, events, "data"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(backend.backend().name())
                .hasMessageContaining(events.toString())
                .hasMessageContaining("EPOLL");
        assertThat(selector.getMap()).isEmpty();
        return false;
    }

    private boolean register(Selector<String> selector, Pollable fileobj) throws IOException {
        return register(selector, fileobj, Interest.HANGUP);
    }

    /// Resets a connection of TCP sockets.
    private static void reset(PollableChannel end) throws IOException {
        ((SocketFd) end).setOption(StandardSocketOptions.SO_LINGER, 0);
        end.close();
    }

    private static void shutdownOutput(PollableChannel end) throws IOException {
        ((SocketFd) end).shutdownOutput();
    }

    @Nested
    class Support {

        @Test
        void hangups_areSupportedAsDocumented() throws IOException {
            boolean supported = backend.supports(Interest.HANGUP);
            assertThat(supported)
                    .isEqualTo(backend.isEpoll()
                            || backend.isAfd()
                            || (backend.backend().name().equals("POLL") && Platform.CURRENT.os() == Platform.Os.LINUX));
            assertThat(backend.supports(Interest.READ.or(Interest.HANGUP))).isEqualTo(supported);
            assertThat(register(open(), pair().reader())).isEqualTo(supported);
        }

        @Test
        void refusedModify_keepsTheKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            if (!backend.supports(Interest.HANGUP) || backend.isBatched()) {
                assertThatThrownBy(() -> selector.modify(pair.reader(), Interest.HANGUP, "other"))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("HANGUP");
                assertThat(selector.getKey(pair.reader()).data()).isEqualTo("data");
                expectReady(selector, pair.reader(), Interest.READ);
            } else {
                selector.modify(pair.reader(), Interest.HANGUP, "other");
                expectNothing(selector);
            }
        }
    }

    @Nested
    class NotReported {

        @ParameterizedTest
        @PairKinds
        void dataAndRoom_areNotReported(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            if (register(selector, pair.reader())) {
                selector.register(pair.writer(), Interest.HANGUP, "writer");
                expectIdle(selector);
                pair.write(3);
                expectIdle(selector);
                assertThat(pair.drain()).isEqualTo(3);
                expectNothing(selector);
            }
        }

        @Tag("system")
        @ParameterizedTest
        @PairKinds({ConnectedPair.Kind.SOCKET_PAIR, ConnectedPair.Kind.PACKETS, ConnectedPair.Kind.TCP})
        void halfClose_isNotReported(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            if (register(selector, pair.reader())) {
                selector.register(pair.writer(), Interest.HANGUP, "writer");
                pair.write(3);
                shutdownOutput(pair.writer());
                expectIdle(selector);
                assertThat(pair.reader().write(ByteBuffer.allocate(1))).isEqualTo(1);
                expectNothing(selector);
            }
        }

        @Test
        void pausedKey_doesNotReportAHangup() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            if (register(selector, pair.reader())) {
                selector.modify(pair.reader(), Interest.NONE, "paused");
                pair.write(1);
                pair.writer().close();
                expectNothing(selector);
                selector.modify(pair.reader(), Interest.READ, "data");
                expectReady(selector, pair.reader(), Interest.READ);
            }
        }

        @Test
        void queuedData_isDroppedByModify() throws IOException {
            Selector<String> selector = open();
            ConnectedPair one = pair();
            ConnectedPair other = pair();
            if (register(selector, one.reader())) {
                selector.register(other.reader(), Interest.HANGUP, "data");
                selector.modify(one.reader(), Interest.READ, "data");
                selector.modify(other.reader(), Interest.READ, "data");
                one.write(1);
                other.write(1);
                List<Pollable> reported = new ArrayList<>();
                while (reported.isEmpty()) {
                    selector.select(PATIENCE, (key, _) -> {
                        reported.add(key.fileobj());
                        selector.modify(one.reader(), Interest.HANGUP, "data");
                        selector.modify(other.reader(), Interest.HANGUP, "data");
                    });
                }
                assertThat(reported).hasSize(1);
                expectNothing(selector);
            }
        }
    }

    @Nested
    class Reported {

        @Tag("system")
        @Test
        void resetWhileNotReading_isReported() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            if (register(selector, pair.reader())) {
                selector.modify(pair.reader(), Interest.READ, "data");
                pair.write(3);
                expectReady(selector, pair.reader(), Interest.READ);
                selector.modify(pair.reader(), Interest.HANGUP, "full");
                expectIdle(selector);

                reset(pair.writer());

                Readiness readiness = expectReady(selector, pair.reader(), Interest.HANGUP);
                while (!readiness.isHangup()) { // the error is reported first
                    readiness = expectReady(selector, pair.reader(), Interest.HANGUP);
                }
                assertThat(readiness.isError()).isTrue();
                assertThat(readiness.isReadClosed()).isTrue();
                assertThat(readiness.isReadable()).isFalse();
                assertThat(readiness.isWritable()).isFalse();
                expectReady(selector, pair.reader(), Interest.HANGUP);
            }
        }

        @Tag("system")
        @Test
        void reset_endsABlockedSelect() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            if (register(selector, pair.reader())) {
                try (Background<List<ReadyKey<String>>> waiting = Background.start(() -> selector.select(PATIENCE))) {
                    waiting.awaitBlocked();
                    reset(pair.writer());
                    assertThat(waiting.result())
                            .singleElement()
                            .satisfies(ready -> assertThat(ready.events()).isSameAs(Interest.HANGUP));
                }
            }
        }

        @Tag("system")
        @Test
        void reset_endsASelectOfAVirtualThread() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
            if (register(selector, pair.reader())) {
                ParkedThread<List<ReadyKey<String>>> waiting =
                        ParkedThread.start(() -> selector.select(PATIENCE)).awaitParked();
                reset(pair.writer());
                assertThat(waiting.result()).hasSize(1);
            }
        }

        /// A socket without a connection hangs up when its peer closes; AFD reports the end of the data alone.
        @ParameterizedTest
        @PairKinds(except = {ConnectedPair.Kind.TCP, ConnectedPair.Kind.TERMINAL})
        void closedWriter_isAHangup(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            if (register(selector, pair.reader())) {
                pair.write(2);
                pair.writer().close();
                if (backend.isAfd()) {
                    expectNothing(selector);
                    return;
                }
                Readiness readiness = expectReady(selector, pair.reader(), Interest.HANGUP);
                assertThat(readiness.isHangup()).isTrue();
                assertThat(readiness.isError()).isFalse();
                assertThat(pair.drain()).isEqualTo(2);
            }
        }

        @Tag("unix")
        @ParameterizedTest
        @PairKinds({ConnectedPair.Kind.PIPE, ConnectedPair.Kind.FIFO})
        void pipeWithoutAReader_isAnError(ConnectedPair.Kind kind) throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            pair.fill();
            if (register(selector, pair.writer())) {
                expectNothing(selector);
                pair.reader().close();
                Readiness readiness = expectReady(selector, pair.writer(), Interest.HANGUP);
                assertThat(readiness.isError()).isTrue();
                assertThat(readiness.isHangup()).isEqualTo(backend.isAfd()); // simulated: AFD takes sockets only
            }
        }

        @Tag("system")
        @Tag("linux")
        @Test
        void closedEndOfATerminal_isAHangupOfTheOther() throws IOException {
            Selector<String> selector = open();
            ConnectedPair one = pair(ConnectedPair.Kind.TERMINAL);
            ConnectedPair other = pair(ConnectedPair.Kind.TERMINAL);
            if (!backend.isAfd() && register(selector, one.reader())) {
                selector.register(other.writer(), Interest.HANGUP, "terminal");
                expectNothing(selector);
                one.writer().close();
                assertThat(expectReady(selector, one.reader(), Interest.HANGUP).isHangup())
                        .isTrue();
                selector.unregister(one.reader());
                other.reader().close();
                assertThat(expectReady(selector, other.writer(), Interest.HANGUP)
                                .isHangup())
                        .isTrue();
            }
        }

        @Tag("system")
        @ParameterizedTest
        @PairKinds({ConnectedPair.Kind.SOCKET_PAIR, ConnectedPair.Kind.PACKETS, ConnectedPair.Kind.TCP})
        void bothDirectionsAtTheirEnd_areAHangup(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            if (register(selector, pair.reader())) {
                shutdownOutput(pair.writer());
                shutdownOutput(pair.reader());
                if (backend.isAfd()) {
                    expectNothing(selector);
                } else {
                    assertThat(expectReady(selector, pair.reader(), Interest.HANGUP)
                                    .isError())
                            .isFalse();
                }
            }
        }
    }

    @Nested
    class WithModesAndEvents {

        @Test
        void hangup_isOneOfTheReadyEvents() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            Interest events = Interest.READ_WRITE.or(Interest.HANGUP);
            assertThat(events.contains(Interest.HANGUP)).isTrue();
            assertThat(events.without(Interest.HANGUP)).isSameAs(Interest.READ_WRITE);
            assertThat(events).hasToString("READ|WRITE|HANGUP");
            if (register(selector, pair.reader(), events)) {
                expectReady(selector, pair.reader(), Interest.WRITE);
                pair.write(1);
                expectReady(selector, pair.reader(), Interest.READ_WRITE);
                pair.writer().close();
                expectReady(selector, pair.reader(), backend.isAfd() ? Interest.READ_WRITE : events);
                selector.modify(pair.reader(), Interest.READ, "data");
                expectReady(selector, pair.reader(), Interest.READ); // a hang-up without a request
            }
        }

        @Test
        void oneShot_isReportedOncePerModify() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            if (register(selector, pair.reader(), Interest.HANGUP.oneShot())) {
                pair.write(1);
                expectNothing(selector);
                pair.writer().close();
                for (int i = 0; i < 3 && !backend.isAfd(); i++) {
                    expectReady(selector, pair.reader(), Interest.HANGUP);
                    expectIdle(selector);
                    selector.modify(pair.reader(), Interest.HANGUP.oneShot(), "data" + i);
                }
            }
        }

        @Test
        void edgeTriggered_isReportedOnce() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            if (register(selector, pair.reader(), Interest.HANGUP.edgeTriggered())) {
                pair.write(1);
                expectNothing(selector);
                pair.writer().close();
                expectReady(selector, pair.reader(), Interest.HANGUP);
                expectIdle(selector);
            }
        }

        @Test
        void exclusive_reportsAHangup() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            assertThat(backend.supports(Interest.HANGUP.exclusive()))
                    .isEqualTo(backend.supports(Interest.READ.exclusive()));
            if (register(selector, pair.reader(), Interest.HANGUP.exclusive())) {
                pair.write(1);
                expectNothing(selector);
                pair.writer().close();
                expectReady(selector, pair.reader(), Interest.HANGUP);
                selector.modify(pair.reader(), Interest.READ, "data");
                expectReady(selector, pair.reader(), Interest.READ);
            }
        }

        @Test
        void dump_namesTheInterest() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            if (register(selector, pair.reader())) {
                assertThat(selector.dump().keys())
                        .singleElement()
                        .satisfies(key -> assertThat(key.key().events()).hasToString("HANGUP"));
                assertThat(selector.dump().toString()).contains("HANGUP");
            }
        }
    }
}
