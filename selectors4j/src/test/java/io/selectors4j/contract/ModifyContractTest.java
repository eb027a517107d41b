package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectIdle;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.PairKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class ModifyContractTest extends ContractTest {

    ModifyContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Nested
    class ChangedInterestOrData {

        @Test
        void modify_changesTheInterest() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            PollableChannel reader = pair.reader();
            selector.register(reader, Interest.READ, "data");
            expectReady(selector, reader, Interest.READ);

            selector.modify(reader, Interest.WRITE, "data");
            expectReady(selector, reader, Interest.WRITE);

            selector.modify(reader, Interest.READ_WRITE, "data");
            expectReady(selector, reader, Interest.READ_WRITE);

            selector.modify(reader, silent, "data");
            expectNothing(selector);

            selector.modify(reader, Interest.READ.or(silent), "data");
            expectReady(selector, reader, Interest.READ);
        }

        @Test
        void modify_returnsANewKeyAndKeepsTheOldOne() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            SelectorKey<String> before = selector.register(pair.reader(), Interest.READ, "before");

            SelectorKey<String> after = selector.modify(pair.reader(), Interest.WRITE, "after");

            assertThat(after)
                    .isEqualTo(new SelectorKey<>(pair.reader(), pair.reader().fileno(), Interest.WRITE, "after"));
            assertThat(before.events()).isSameAs(Interest.READ);
            assertThat(before.data()).isEqualTo("before");
            assertThat(selector.getKey(pair.reader())).isSameAs(after);
            assertThat(selector.select()).extracting(ReadyKey::key).containsExactly(after);
        }

        @Test
        void modifyOfTheData_returnsANewKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "before");

            SelectorKey<String> after = selector.modify(pair.reader(), Interest.READ, "after");

            assertThat(after.data()).isEqualTo("after");
            assertThat(selector.getKey(pair.reader())).isSameAs(after);
            assertThat(selector.select()).extracting(ReadyKey::key).containsExactly(after);
        }

        /// A system call would fail with EBADF, since the number is closed.
        @Test
        void modifyOfTheData_makesNoSystemCall() throws IOException {
            Selector<String> selector = open();
            Pollable raw = Pollable.borrow(rawDup(pair().reader()));
            selector.register(raw, Interest.READ, "before");
            closeRaw(raw.fileno());

            assertThat(selector.modify(raw, Interest.READ, "after").data()).isEqualTo("after");
        }

        @Test
        void modifyByFd_keepsTheObject() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");

            SelectorKey<String> key =
                    selector.modify(Pollable.borrow(pair.reader().fileno()), Interest.WRITE, "changed");

            assertThat(key.fileobj()).isSameAs(pair.reader());
            expectReady(selector, pair.reader(), Interest.WRITE);
        }
    }

    @Nested
    class Refused {

        @Test
        void unknownObject_isRefused() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();

            NotRegisteredException refusal = catchThrowableOfType(
                    NotRegisteredException.class, () -> selector.modify(pair.reader(), Interest.READ, "data"));

            assertThat(refusal).isInstanceOf(NoSuchElementException.class);
            assertThat(refusal.fileobj()).isSameAs(pair.reader());
            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
        }

        @Test
        void unregisteredObject_isRefused() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            selector.unregister(pair.reader());

            assertThatThrownBy(() -> selector.modify(pair.reader(), Interest.READ, "data"))
                    .isInstanceOf(NotRegisteredException.class);
        }

        @Test
        void failedModify_keepsTheKey() throws IOException {
            Selector<String> selector = open();
            Pollable raw = Pollable.borrow(rawDup(pair().reader()));
            SelectorKey<String> key = selector.register(raw, Interest.READ, "data");
            closeRaw(raw.fileno());

            assertThatThrownBy(() -> selector.modify(raw, Interest.WRITE, "changed"))
                    .isInstanceOfSatisfying(
                            NativeIOException.class, e -> assertThat(e.errno()).isEqualTo(Libc.EBADF))
                    .hasMessageContaining("fd=" + raw.fileno());

            assertThat(selector.getKey(raw)).isSameAs(key);
            assertThat(selector.unregister(raw)).isSameAs(key);
        }

        @Test
        void failedModifyFromNone_keepsTheKey() throws IOException {
            Selector<String> selector = open();
            Pollable raw = Pollable.borrow(rawDup(pair().reader()));
            selector.register(raw, Interest.READ, "data");
            SelectorKey<String> key = selector.modify(raw, Interest.NONE, "none");
            closeRaw(raw.fileno());

            assertThatThrownBy(() -> selector.modify(raw, Interest.READ, "changed"))
                    .isInstanceOf(NativeIOException.class);

            assertThat(selector.getKey(raw)).isSameAs(key);
            expectNothing(selector);
            assertThat(selector.unregister(raw)).isSameAs(key);
        }

        @Test
        void modifyFromNone_doesNotReachTheNewOwnerOfTheFd() throws IOException {
            Selector<String> selector = open();
            ConnectedPair newOwner = readablePair();
            CustomPollable custom = new CustomPollable(rawDup(pair().reader()));
            int number = custom.fd;
            selector.register(custom, Interest.READ, "data");
            SelectorKey<String> key = selector.modify(custom, Interest.NONE, "none");
            close(custom);
            rawDup(newOwner.reader(), number);

            assertThatThrownBy(() -> selector.modify(custom, Interest.READ, "changed"))
                    .isInstanceOfSatisfying(
                            NativeIOException.class, e -> assertThat(e.errno()).isEqualTo(Libc.EBADF))
                    .hasMessageContaining("modify(fd=" + number);

            assertThat(selector.getKey(custom)).isSameAs(key);
            expectNothing(selector);
            assertThat(selector.unregister(custom)).isSameAs(key);
        }
    }

    @Nested
    class NoInterest {

        @ParameterizedTest
        @PairKinds
        void noInterest_reportsNothing(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "data");
            pair.write(1);
            expectReady(selector, pair.reader(), Interest.READ);

            SelectorKey<String> key = selector.modify(pair.reader(), Interest.NONE, "none");

            assertThat(key.events()).isSameAs(Interest.NONE);
            assertThat(selector.getKey(pair.reader())).isSameAs(key);
            expectNothing(selector);
            selector.modify(pair.reader(), Interest.READ, "data");
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @ParameterizedTest
        @PairKinds
        void noInterest_blocksWhileAHangupIsPending(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "data");
            pair.writer().close();
            expectReady(selector, pair.reader(), Interest.READ);

            selector.modify(pair.reader(), Interest.NONE, "none");

            expectIdle(selector);
            selector.modify(pair.reader(), Interest.READ, "data");
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @ParameterizedTest
        @PairKinds
        void noInterest_blocksThroughAHangup(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "data");
            selector.modify(pair.reader(), Interest.NONE, "none");

            pair.writer().close();

            expectNothing(selector);
            expectIdle(selector);
            selector.modify(pair.reader(), Interest.READ, "data");
            expectReady(selector, pair.reader(), Interest.READ);
        }

        /// A raw descriptor stands for any open file that has its number.
        @Test
        void rawFd_mayGetAnotherOpenFile() throws IOException {
            Selector<String> selector = open();
            ConnectedPair previous = pair();
            Pollable raw = Pollable.borrow(rawDup(previous.reader()));
            selector.register(raw, Interest.READ, "data");
            selector.modify(raw, Interest.NONE, "none");
            closeRaw(raw.fileno());
            rawDup(readablePair().reader(), raw.fileno());

            selector.modify(raw, Interest.READ, "again");

            expectReady(selector, raw, Interest.READ);
            selector.modify(raw, Interest.NONE, "none");
            previous.writer().close();
            expectIdle(selector);
            assertThat(selector.unregister(raw).data()).isEqualTo("none");
            expectIdle(selector);
        }

        /// The open file of a closed descriptor cannot be removed from an epoll instance; the selector needs a new one.
        @Test
        void noInterest_blocksWhileAStaleOpenFileIsReady() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            ConnectedPair other = pair();
            selector.register(other.reader(), Interest.READ, "other");
            Pollable raw = Pollable.borrow(rawDup(pair.reader()));
            selector.register(raw, Interest.READ, "raw");
            closeRaw(raw.fileno());

            selector.modify(raw, Interest.NONE, "none");

            expectIdle(selector);
            other.write(1);
            expectReady(selector, other.reader(), Interest.READ);
            assertThat(selector.unregister(raw).data()).isEqualTo("none");
        }

        @Test
        void noInterest_canBeUnregistered() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            selector.modify(pair.reader(), Interest.NONE, "none");

            assertThat(selector.unregister(pair.reader()).events()).isSameAs(Interest.NONE);

            assertThat(selector.getMap()).isEmpty();
            selector.register(pair.reader(), Interest.READ, "again");
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void noInterest_isUnregisteredByClose() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            selector.modify(pair.reader(), Interest.NONE, "none");

            pair.reader().close();

            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
        }

        @Test
        void noInterest_disturbsNoOtherKey() throws IOException {
            Selector<Integer> selector = open();
            List<PollableChannel> readers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                PollableChannel reader = readablePair().reader();
                readers.add(reader);
                selector.register(reader, Interest.READ, i);
            }
            for (int i : List.of(0, 9, 4, 5)) {
                selector.modify(readers.get(i), Interest.NONE, i);
            }
            assertThat(Expect.readiness(selector.selectNow()).keySet())
                    .containsExactlyInAnyOrder(
                            readers.get(1),
                            readers.get(2),
                            readers.get(3),
                            readers.get(6),
                            readers.get(7),
                            readers.get(8));
            for (int i : List.of(5, 0, 4, 9)) {
                selector.modify(readers.get(i), Interest.READ, i);
            }
            assertThat(Expect.readiness(selector.selectNow()).keySet()).containsExactlyInAnyOrderElementsOf(readers);
        }
    }
}
