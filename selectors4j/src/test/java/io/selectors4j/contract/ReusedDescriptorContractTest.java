package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectIdle;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.FileFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Numbers that are closed and assigned again, and open files that outlive their number.
class ReusedDescriptorContractTest extends ContractTest {

    ReusedDescriptorContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private void expectWorking(Selector<String> selector, ConnectedPair other, ConnectedPair idle) throws Exception {
        Background<List<ReadyKey<String>>> select =
                Background.start(() -> selector.select()).awaitAsleep();
        selector.wakeup();
        assertThat(select.result()).isEmpty();

        idle.write(1);
        expectNothing(selector);
        selector.modify(idle.reader(), Interest.READ, "idle");
        expectReady(selector, idle.reader(), Interest.READ);
        selector.unregister(idle.reader());

        ConnectedPair late = readablePair();
        selector.register(late.reader(), Interest.READ, "late");
        expectReady(selector, late.reader(), Interest.READ);
        selector.unregister(late.reader());

        other.write(1);
        expectReady(selector, other.reader(), Interest.READ);
        if (selector instanceof EpollSelector<?> epoll) {
            Selector<String> outer = open();
            outer.register(epoll, Interest.READ, "nested");
            expectReady(outer, epoll, Interest.READ);
        }
    }

    @Nested
    class NewOwner {

        @Test
        void closedFd_leavesTheNewOwnerRegistered() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            ConnectedPair next = readablePair();
            PollableChannel first = ownedDup(pair.reader());
            int number = first.fileno();
            selector.register(first, Interest.READ, "first");
            first.close();
            PollableChannel second = ownedDup(next.reader(), number);
            selector.register(second, Interest.READ, "second");

            assertThat(selector.unregister(first).data()).isEqualTo("first");
            first.close();
            pair.write(1);

            assertThat(selector.getKey(second).data()).isEqualTo("second");
            expectReady(selector, second, Interest.READ);
        }

        @Test
        void closedCustomObject_isReplacedByTheNewOwner() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            ConnectedPair next = pair();
            int number = rawDup(pair.reader());
            CustomPollable first = new CustomPollable(number);
            CustomPollable second = new CustomPollable(number);
            selector.register(first, Interest.READ, "first");
            close(first);
            rawDup(next.reader(), number);

            SelectorKey<String> key = selector.register(second, Interest.READ, "second");

            assertThat(selector.getMap()).containsOnlyKeys(second);
            assertThatThrownBy(() -> selector.unregister(first)).isInstanceOf(NotRegisteredException.class);
            assertThatThrownBy(() -> selector.modify(first, Interest.WRITE, "no"))
                    .isInstanceOf(NotRegisteredException.class);
            assertThat(selector.getKey(second)).isSameAs(key);
            pair.write(1);
            expectIdle(selector);
            next.write(1);
            expectReady(selector, second, Interest.READ);
        }

        @Test
        void closedFd_isReplacedByARawFd() throws IOException {
            Selector<String> selector = open();
            ConnectedPair next = readablePair();
            PollableChannel first = ownedDup(pair().reader());
            int number = first.fileno();
            selector.register(first, Interest.READ, "first");
            first.close();
            rawDup(next.reader(), number);
            Pollable second = Pollable.borrow(number);

            selector.register(second, Interest.READ, "second");

            expectReady(selector, second, Interest.READ);
            selector.unregister(first);
            expectReady(selector, second, Interest.READ);
        }

        @Test
        void openObject_isNotReplaced() throws IOException {
            Selector<String> selector = open();
            int number = rawDup(pair().reader());
            Pollable raw = Pollable.borrow(number);
            SelectorKey<String> key = selector.register(raw, Interest.READ, "raw");
            closeRaw(number);
            rawDup(readablePair().reader(), number);

            for (Pollable other : List.of(new CustomPollable(number), Pollable.borrow(number))) {
                assertThatThrownBy(() -> selector.register(other, Interest.READ, "other"))
                        .isInstanceOfSatisfying(
                                AlreadyRegisteredException.class,
                                e -> assertThat(e.key()).isSameAs(key));
            }
            assertThat(selector.getKey(raw)).isSameAs(key);
        }

        @Test
        void failedRegister_keepsTheClosedObject() throws IOException {
            Selector<String> selector = open();
            int number = rawDup(pair().reader());
            CustomPollable first = new CustomPollable(number);
            SelectorKey<String> key = selector.register(first, Interest.READ, "first");
            close(first);

            assertThatThrownBy(() -> selector.register(new CustomPollable(number), Interest.READ, "second"))
                    .isInstanceOf(NativeIOException.class);

            assertThat(selector.getMap()).containsOnlyKeys(first);
            assertThat(selector.unregister(first)).isSameAs(key);
            expectNothing(selector);
        }

        /// epoll refuses the null device. The number is open, so the kernel refuses the registration, not the library.
        @Tag("unix")
        @Test
        void registerRefusedByTheKernel_keepsTheClosedObject() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            int number = rawDup(pair.reader());
            CustomPollable first = new CustomPollable(number);
            CustomPollable second = new CustomPollable(number);
            selector.register(first, Interest.READ, "first");
            close(first);
            rawDup(own(FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR)), number);

            if (backend.refusesFiles()) {
                assertThatThrownBy(() -> selector.register(second, Interest.READ, "second"))
                        .isInstanceOf(NativeIOException.class);
                assertThat(selector.getMap()).containsOnlyKeys(first);
                assertThat(selector.unregister(first).data()).isEqualTo("first");
                expectIdle(selector);
            } else {
                selector.register(second, Interest.READ, "second");
                assertThat(selector.getMap()).containsOnlyKeys(second);
                expectReady(selector, second, Interest.READ);
            }
        }

        @Test
        void reusedRawFd_isRegisteredForItsNewOwner() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            ConnectedPair next = pair();
            int number = rawDup(pair.reader());
            Pollable raw = Pollable.borrow(number);
            selector.register(raw, Interest.READ, "first");
            closeRaw(number);
            rawDup(next.reader(), number);

            assertThat(selector.unregister(raw).data()).isEqualTo("first");
            selector.register(raw, Interest.READ, "second");

            pair.write(1);
            expectIdle(selector);
            next.write(1);
            expectReady(selector, raw, Interest.READ);
            assertThat(selector.selectNow())
                    .extracting(ready -> ready.key().data())
                    .containsExactly("second");
        }

        /// dup2 closes the number and assigns it again in one step.
        @Test
        void overwrittenFd_isUnregistered() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            ConnectedPair other = readablePair();
            int number = rawDup(pair.reader());
            Pollable raw = Pollable.borrow(number);
            selector.register(raw, Interest.READ, "first");
            rawDup(other.reader(), number);

            assertThat(selector.unregister(raw).data()).isEqualTo("first");

            pair.write(1);
            expectIdle(selector);
            selector.register(raw, Interest.READ, "second");
            expectReady(selector, raw, Interest.READ);
        }

        @Test
        void overwrittenFd_isClosed() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            PollableChannel fd = ownedDup(pair.reader());
            int number = fd.fileno();
            selector.register(fd, Interest.READ, "data");
            rawDup(pair().reader(), number);

            fd.close();
            rawDup(pair().reader(), number); // the base class closes it again

            assertThat(selector.getMap()).isEmpty();
            expectIdle(selector);
        }

        @Test
        void fdReusedDuringSelect_belongsToItsNewOwner() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            ConnectedPair notReady = pair();
            PollableChannel first = ownedDup(pair.reader());
            int number = first.fileno();
            selector.register(first, Interest.READ, "first");
            Background<List<ReadyKey<String>>> select =
                    Background.start(() -> selector.select()).awaitAsleep();

            first.close();
            selector.register(ownedDup(notReady.reader(), number), Interest.READ, "second");
            pair.write(1);
            select.expectRunning(Duration.ofMillis(30));
            notReady.write(1);

            assertThat(select.result()).extracting(ready -> ready.key().data()).containsExactly("second");
        }
    }

    @Nested
    class OpenFileOutlivesItsFd {

        @Test
        void sameOpenFileUnderTheSameFd_isRegisteredAgain() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            int number = rawDup(pair.reader());
            Pollable raw = Pollable.borrow(number);
            for (int i = 0; i < 3; i++) {
                selector.register(raw, Interest.READ, "before");
                closeRaw(number);
                assertThat(selector.unregister(raw).data()).isEqualTo("before");
                rawDup(pair.reader(), number);
                selector.register(raw, Interest.READ, "after");

                pair.write(1);
                assertThat(selector.select(PATIENCE))
                        .extracting(ready -> ready.key().data())
                        .containsExactly("after");
                pair.drain();
                expectIdle(selector);
                selector.unregister(raw);
            }
        }

        @Test
        void closedDuplicate_leavesNothing() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            PollableChannel copy = copy(pair.reader());
            selector.register(pair.reader(), Interest.READ, "data");

            pair.reader().close();

            expectIdle(selector);
            selector.register(copy, Interest.READ, "copy");
            expectReady(selector, copy, Interest.READ);
        }

        /// epoll keeps watching the open file, and no call can remove it. Only a new epoll instance gets rid of it.
        @Test
        void staleOpenFile_isDropped() throws Exception {
            Selector<String> selector = open();
            int fileno = selector instanceof EpollSelector<?> epoll ? epoll.fileno() : -1;
            ConnectedPair other = pair();
            ConnectedPair idle = pair();
            selector.register(other.reader(), Interest.READ, "other");
            selector.register(idle.reader(), Interest.READ, "idle");
            selector.modify(idle.reader(), Interest.NONE, "idle");
            Map<Integer, String> before = OpenFiles.list();
            for (int i = 0; i < 3; i++) {
                ConnectedPair pair = readablePair();
                int number = rawDup(pair.reader());
                Pollable raw = Pollable.borrow(number);
                selector.register(raw, Interest.READ, "raw");
                closeRaw(number);

                selector.unregister(raw);

                other.write(1);
                expectReady(selector, other.reader(), Interest.READ);
                other.drain();
                expectIdle(selector);
                pair.close();
            }
            if (selector instanceof EpollSelector<?> epoll) {
                assertThat(epoll.fileno()).isEqualTo(fileno);
            }
            assertThat(OpenFiles.since(before)).isEmpty();
            expectWorking(selector, other, idle);
        }

        @Test
        void staleOpenFile_hidesNoOtherKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            ConnectedPair other = readablePair();
            int number = rawDup(pair.reader());
            Pollable raw = Pollable.borrow(number);
            selector.register(raw, Interest.READ, "raw");
            selector.register(other.reader(), Interest.READ, "other");
            closeRaw(number);

            for (int i = 0; i < 3; i++) {
                assertThat(selector.select(PATIENCE))
                        .hasSize(backend.dropsClosedNumbers() ? 1 : 2)
                        .allSatisfy(ready -> assertThat(ready.readiness().isInvalid())
                                .isEqualTo(ready.key().fileobj().equals(raw) && backend.reportsClosedNumbers()));
            }
            selector.unregister(raw);
            expectReady(selector, other.reader(), Interest.READ);
        }
    }

    @Nested
    class EventIsPending {

        /// Two descriptors are ready. The handler closes the second one and assigns its number to a third one, which is
        /// not ready.
        @Test
        void eventInABatch_doesNotReachTheNewOwner() throws IOException {
            Selector<String> selector = open();
            ConnectedPair notReady = pair();
            PollableChannel one = ownedDup(readablePair().reader());
            PollableChannel two = ownedDup(readablePair().reader());
            selector.register(one, Interest.READ, "old");
            selector.register(two, Interest.READ, "old");
            List<String> delivered = new ArrayList<>();

            selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                PollableChannel other = one.equals(key.fileobj()) ? two : one;
                int number = other.fileno();
                other.close();
                selector.register(ownedDup(notReady.reader(), number), Interest.READ, "new");
            });

            assertThat(delivered).containsExactly("old");
            notReady.write(1);
            assertThat(selector.selectNow())
                    .extracting(ready -> ready.key().data())
                    .contains("new");
        }

        @Test
        void eventInABatch_doesNotReachTheNewOwnerOfARawFd() throws IOException {
            Selector<String> selector = open();
            ConnectedPair notReady = pair();
            int one = rawDup(readablePair().reader());
            int two = rawDup(readablePair().reader());
            selector.register(new CustomPollable(one), Interest.READ, "old");
            selector.register(new CustomPollable(two), Interest.READ, "old");
            List<String> delivered = new ArrayList<>();

            selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                int number = key.fd() == one ? two : one;
                close((CustomPollable) selector.getKey(Pollable.borrow(number)).fileobj());
                rawDup(notReady.reader(), number);
                selector.register(Pollable.borrow(number), Interest.READ, "new");
            });

            assertThat(delivered).containsExactly("old");
        }

        /// The same after a handler that threw: the event is delivered by the next select.
        @Test
        void remainingEvent_doesNotReachTheNewOwner() throws IOException {
            Selector<String> selector = open();
            ConnectedPair notReady = pair();
            List<PollableChannel> old = List.of(
                    ownedDup(readablePair().reader()), ownedDup(readablePair().reader()));
            for (PollableChannel fd : old) {
                selector.register(fd, Interest.READ, "old");
            }
            assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                        throw new IOException("of the handler");
                    }))
                    .hasMessage("of the handler");
            for (PollableChannel fd : old) {
                int number = fd.fileno();
                fd.close();
                selector.register(ownedDup(notReady.reader(), number), Interest.READ, "new");
            }

            expectNothing(selector);
        }
    }
}
