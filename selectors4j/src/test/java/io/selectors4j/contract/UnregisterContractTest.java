package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectIdle;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.selectors4j.Interest;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.PairKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class UnregisterContractTest extends ContractTest {

    UnregisterContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Nested
    class Unregistered {

        @Test
        void unregister_returnsTheKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "data");

            assertThat(selector.unregister(pair.reader())).isSameAs(key);

            assertThat(selector.getMap()).isEmpty();
            assertThatThrownBy(() -> selector.getKey(pair.reader())).isInstanceOf(NotRegisteredException.class);
        }

        @Test
        void unregisterAfterModify_returnsTheLatestKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "first");
            SelectorKey<String> latest = selector.modify(pair.reader(), Interest.WRITE, "latest");

            assertThat(selector.unregister(pair.reader())).isSameAs(latest);
        }

        @Test
        void unregisterByFd_returnsTheKeyOfTheObject() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "data");

            assertThat(selector.unregister(Pollable.borrow(pair.reader().fileno())))
                    .isSameAs(key);

            expectNothing(selector);
            pair.reader().close();
        }

        @Test
        void returnedList_isNotChanged() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "data");
            List<ReadyKey<String>> ready = selector.selectNow();

            selector.unregister(pair.reader());

            assertThat(ready).extracting(ReadyKey::key).containsExactly(key);
        }

        @ParameterizedTest
        @PairKinds
        void unregistered_isNotReported(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "data");
            pair.write(1);
            expectReady(selector, pair.reader(), Interest.READ);

            selector.unregister(pair.reader());

            expectNothing(selector);
        }

        @ParameterizedTest
        @PairKinds
        void hangupOfAnUnregisteredFd_doesNotSpin(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "data");
            pair.writer().close();
            selector.unregister(pair.reader());

            expectIdle(selector);
        }

        @Test
        void unregisterInAnyOrder_keepsTheOtherKeys() throws IOException {
            Selector<Integer> selector = open();
            Random random = new Random(1);
            for (int round = 0; round < 50; round++) {
                List<PollableChannel> readers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    PollableChannel reader = readablePair().reader();
                    readers.add(reader);
                    selector.register(reader, Interest.READ, i);
                }
                Collections.shuffle(readers, random);
                while (!readers.isEmpty()) {
                    assertThat(Expect.readiness(selector.selectNow()).keySet())
                            .containsExactlyInAnyOrderElementsOf(readers);
                    selector.unregister(readers.removeLast());
                }
                assertThat(selector.selectNow()).isEmpty();
            }
        }
    }

    @Nested
    class Refused {

        @Test
        void unknownObject_isRefused() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            ConnectedPair other = readablePair();
            selector.register(other.reader(), Interest.READ, "other");

            NotRegisteredException refusal =
                    catchThrowableOfType(NotRegisteredException.class, () -> selector.unregister(pair.reader()));

            assertThat(refusal).isInstanceOf(NoSuchElementException.class);
            assertThat(refusal.fileobj()).isSameAs(pair.reader());
            assertThat(refusal).hasMessageContaining(pair.reader().toString());
            expectReady(selector, other.reader(), Interest.READ);
        }

        @Test
        void secondUnregister_isRefused() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            selector.unregister(pair.reader());

            assertThatThrownBy(() -> selector.unregister(pair.reader())).isInstanceOf(NotRegisteredException.class);
        }
    }

    @Nested
    class DescriptorIsClosed {

        @Test
        void close_unregistersTheDescriptor() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            ConnectedPair other = readablePair();
            selector.register(pair.reader(), Interest.READ, "closed");
            selector.register(other.reader(), Interest.READ, "other");

            pair.reader().close();

            assertThat(selector.getMap()).containsOnlyKeys(other.reader());
            expectReady(selector, other.reader(), Interest.READ);
        }

        @Test
        void close_unregistersFromEverySelector() throws IOException {
            List<Selector<String>> selectors = List.of(open(), open(), open());
            ConnectedPair pair = sharedPair();
            for (Selector<String> selector : selectors) {
                selector.register(pair.reader(), Interest.READ, "data");
            }
            selectors.get(0).unregister(pair.reader());
            selectors.get(1).close();

            pair.reader().close();

            assertThat(selectors.get(2).getMap()).isEmpty();
            expectNothing(selectors.get(0));
            expectNothing(selectors.get(2));
        }

        /// Closing the object leaves the descriptor open, but ends its registration.
        @Tag("system")
        @Test
        void closeOfABorrowingObject_unregistersIt() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            Fd borrowing = own(Fd.borrow(pair.reader().fileno()));
            selector.register(borrowing, Interest.READ, "borrowing");

            borrowing.close();

            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
            selector.register(pair.reader(), Interest.READ, "owner");
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void closedFd_mayBeUnregisteredOnce() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "data");
            pair.reader().close();

            assertThat(selector.unregister(pair.reader())).isSameAs(key);

            assertThatThrownBy(() -> selector.unregister(pair.reader())).isInstanceOf(NotRegisteredException.class);
            expectNothing(selector);
        }

        @Test
        void closedFd_mayBeUnregisteredOncePerSelector() throws IOException {
            Selector<String> one = open();
            Selector<String> two = open();
            Selector<String> none = open();
            ConnectedPair pair = sharedPair();
            one.register(pair.reader(), Interest.READ, "one");
            two.register(pair.reader(), Interest.READ, "two");
            pair.reader().close();

            assertThat(two.unregister(pair.reader()).data()).isEqualTo("two");
            assertThat(one.unregister(pair.reader()).data()).isEqualTo("one");
            assertThatThrownBy(() -> none.unregister(pair.reader())).isInstanceOf(NotRegisteredException.class);
        }

        @Test
        void closedRawFd_isUnregisteredByItsNumber() throws IOException {
            Selector<String> selector = open();
            Pollable raw = Pollable.borrow(rawDup(pair().reader()));
            SelectorKey<String> key = selector.register(raw, Interest.READ, "data");
            closeRaw(raw.fileno());

            assertThat(selector.unregister(Pollable.borrow(raw.fileno()))).isSameAs(key);

            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
        }

        @Test
        void closedCustomObject_isUnregisteredByIdentity() throws IOException {
            Selector<String> selector = open();
            CustomPollable custom = new CustomPollable(rawDup(pair().reader()));
            int fd = custom.fileno();
            SelectorKey<String> key = selector.register(custom, Interest.READ, "data");
            close(custom);

            assertThat(selector.unregister(custom)).isSameAs(key);
            assertThat(key.fd()).isEqualTo(fd);
            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
        }
    }
}
