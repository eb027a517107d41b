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
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnregisterContractTest extends ContractTest {

    UnregisterContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Nested
    class Unregistered {

        @Test
        void unregister_returnsTheKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link();
            SelectorKey<String> key = selector.register(link.reader(), Interest.READ, "data");

            assertThat(selector.unregister(link.reader())).isSameAs(key);

            assertThat(selector.getMap()).isEmpty();
            assertThatThrownBy(() -> selector.getKey(link.reader())).isInstanceOf(NotRegisteredException.class);
        }

        @Test
        void unregisterAfterModify_returnsTheLatestKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link();
            selector.register(link.reader(), Interest.READ, "first");
            SelectorKey<String> latest = selector.modify(link.reader(), Interest.WRITE, "latest");

            assertThat(selector.unregister(link.reader())).isSameAs(latest);
        }

        @Test
        void unregisterByFd_returnsTheKeyOfTheObject() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            SelectorKey<String> key = selector.register(link.reader(), Interest.READ, "data");

            assertThat(selector.unregister(Pollable.borrow(link.reader().fileno())))
                    .isSameAs(key);

            expectNothing(selector);
            link.reader().close();
        }

        @Test
        void returnedList_isNotChanged() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            SelectorKey<String> key = selector.register(link.reader(), Interest.READ, "data");
            List<ReadyKey<String>> ready = selector.selectNow();

            selector.unregister(link.reader());

            assertThat(ready).extracting(ReadyKey::key).containsExactly(key);
        }

        @ParameterizedTest
        @EnumSource(ConnectedPair.Kind.class)
        void unregistered_isNotReported(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link(kind);
            selector.register(link.reader(), Interest.READ, "data");
            link.write(1);
            expectReady(selector, link.reader(), Interest.READ);

            selector.unregister(link.reader());

            expectNothing(selector);
        }

        @ParameterizedTest
        @EnumSource(ConnectedPair.Kind.class)
        void hangupOfAnUnregisteredFd_doesNotSpin(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link(kind);
            selector.register(link.reader(), Interest.READ, "data");
            link.writer().close();
            selector.unregister(link.reader());

            expectIdle(selector);
        }

        @Test
        void unregisterInAnyOrder_keepsTheOtherKeys() throws IOException {
            Selector<Integer> selector = open();
            Random random = new Random(1);
            for (int round = 0; round < 50; round++) {
                List<Fd> readers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    Fd reader = readableLink().reader();
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
            ConnectedPair link = link();
            ConnectedPair other = readableLink();
            selector.register(other.reader(), Interest.READ, "other");

            NotRegisteredException refusal =
                    catchThrowableOfType(NotRegisteredException.class, () -> selector.unregister(link.reader()));

            assertThat(refusal).isInstanceOf(NoSuchElementException.class);
            assertThat(refusal.fileobj()).isSameAs(link.reader());
            assertThat(refusal).hasMessageContaining(link.reader().toString());
            expectReady(selector, other.reader(), Interest.READ);
        }

        @Test
        void secondUnregister_isRefused() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link();
            selector.register(link.reader(), Interest.READ, "data");
            selector.unregister(link.reader());

            assertThatThrownBy(() -> selector.unregister(link.reader())).isInstanceOf(NotRegisteredException.class);
        }
    }

    @Nested
    class DescriptorIsClosed {

        @Test
        void close_unregistersTheDescriptor() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            ConnectedPair other = readableLink();
            selector.register(link.reader(), Interest.READ, "closed");
            selector.register(other.reader(), Interest.READ, "other");

            link.reader().close();

            assertThat(selector.getMap()).containsOnlyKeys(other.reader());
            expectReady(selector, other.reader(), Interest.READ);
        }

        @Test
        void close_unregistersFromEverySelector() throws IOException {
            List<Selector<String>> selectors = List.of(open(), open(), open());
            ConnectedPair link = readableLink();
            for (Selector<String> selector : selectors) {
                selector.register(link.reader(), Interest.READ, "data");
            }
            selectors.get(0).unregister(link.reader());
            selectors.get(1).close();

            link.reader().close();

            assertThat(selectors.get(2).getMap()).isEmpty();
            expectNothing(selectors.get(0));
            expectNothing(selectors.get(2));
        }

        /// The descriptor is somebody else's and stays open; the object leaves all the same.
        @Test
        void closeOfABorrowingObject_unregistersIt() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            Fd guest = own(Fd.borrow(link.reader().fileno()));
            selector.register(guest, Interest.READ, "guest");

            guest.close();

            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
            selector.register(link.reader(), Interest.READ, "owner");
            expectReady(selector, link.reader(), Interest.READ);
        }

        @Test
        void closedFd_mayBeUnregisteredOnce() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            SelectorKey<String> key = selector.register(link.reader(), Interest.READ, "data");
            link.reader().close();

            assertThat(selector.unregister(link.reader())).isSameAs(key);

            assertThatThrownBy(() -> selector.unregister(link.reader())).isInstanceOf(NotRegisteredException.class);
            expectNothing(selector);
        }

        @Test
        void closedFd_mayBeUnregisteredOncePerSelector() throws IOException {
            Selector<String> one = open();
            Selector<String> two = open();
            Selector<String> none = open();
            ConnectedPair link = link();
            one.register(link.reader(), Interest.READ, "one");
            two.register(link.reader(), Interest.READ, "two");
            link.reader().close();

            assertThat(two.unregister(link.reader()).data()).isEqualTo("two");
            assertThat(one.unregister(link.reader()).data()).isEqualTo("one");
            assertThatThrownBy(() -> none.unregister(link.reader())).isInstanceOf(NotRegisteredException.class);
        }

        @Test
        void closedRawFd_isUnregisteredByItsNumber() throws IOException {
            Selector<String> selector = open();
            Pollable bare = Pollable.borrow(bareDup(link().reader()));
            SelectorKey<String> key = selector.register(bare, Interest.READ, "data");
            closeBare(bare.fileno());

            assertThat(selector.unregister(Pollable.borrow(bare.fileno()))).isSameAs(key);

            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
        }

        @Test
        void closedCustomObject_isUnregisteredByIdentity() throws IOException {
            Selector<String> selector = open();
            Custom custom = new Custom(bareDup(link().reader()));
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
