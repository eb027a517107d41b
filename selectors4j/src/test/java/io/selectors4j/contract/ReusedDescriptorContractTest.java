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
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
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
import org.junit.jupiter.api.Test;

/// Numbers that are closed and given to somebody else, and open files that live longer than their number.
class ReusedDescriptorContractTest extends ContractTest {

    ReusedDescriptorContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private void expectAlive(Selector<String> selector, ConnectedPair other, ConnectedPair idle) throws Exception {
        Background<List<ReadyKey<String>>> select =
                Background.start(() -> selector.select()).awaitAsleep();
        selector.wakeup();
        assertThat(select.result()).isEmpty();

        idle.write(1);
        expectNothing(selector);
        selector.modify(idle.reader(), Interest.READ, "idle");
        expectReady(selector, idle.reader(), Interest.READ);
        selector.unregister(idle.reader());

        ConnectedPair late = readableLink();
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
            ConnectedPair link = link();
            ConnectedPair next = readableLink();
            int number = nextBare++;
            Fd first = ownedDup(link.reader(), number);
            selector.register(first, Interest.READ, "first");
            first.close();
            Fd second = ownedDup(next.reader(), number);
            selector.register(second, Interest.READ, "second");

            assertThat(selector.unregister(first).data()).isEqualTo("first");
            first.close();
            link.write(1);

            assertThat(selector.getKey(second).data()).isEqualTo("second");
            expectReady(selector, second, Interest.READ);
        }

        @Test
        void closedCustomObject_isReplacedByTheNewOwner() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link();
            ConnectedPair next = link();
            int number = bareDup(link.reader());
            Custom first = new Custom(number);
            Custom second = new Custom(number);
            selector.register(first, Interest.READ, "first");
            close(first);
            bareDup(next.reader(), number);

            SelectorKey<String> key = selector.register(second, Interest.READ, "second");

            assertThat(selector.getMap()).containsOnlyKeys(second);
            assertThatThrownBy(() -> selector.unregister(first)).isInstanceOf(NotRegisteredException.class);
            assertThatThrownBy(() -> selector.modify(first, Interest.WRITE, "no"))
                    .isInstanceOf(NotRegisteredException.class);
            assertThat(selector.getKey(second)).isSameAs(key);
            link.write(1);
            expectIdle(selector);
            next.write(1);
            expectReady(selector, second, Interest.READ);
        }

        @Test
        void closedFd_isReplacedByARawFd() throws IOException {
            Selector<String> selector = open();
            ConnectedPair next = readableLink();
            int number = nextBare++;
            Fd first = ownedDup(link().reader(), number);
            selector.register(first, Interest.READ, "first");
            first.close();
            bareDup(next.reader(), number);
            Pollable second = Pollable.borrow(number);

            selector.register(second, Interest.READ, "second");

            expectReady(selector, second, Interest.READ);
            selector.unregister(first);
            expectReady(selector, second, Interest.READ);
        }

        @Test
        void openObject_isNotReplaced() throws IOException {
            Selector<String> selector = open();
            int number = bareDup(link().reader());
            Pollable bare = Pollable.borrow(number);
            SelectorKey<String> key = selector.register(bare, Interest.READ, "bare");
            closeBare(number);
            bareDup(readableLink().reader(), number);

            for (Pollable other : List.of(new Custom(number), Pollable.borrow(number))) {
                assertThatThrownBy(() -> selector.register(other, Interest.READ, "other"))
                        .isInstanceOfSatisfying(
                                AlreadyRegisteredException.class,
                                e -> assertThat(e.key()).isSameAs(key));
            }
            assertThat(selector.getKey(bare)).isSameAs(key);
        }

        @Test
        void failedRegister_keepsTheClosedObject() throws IOException {
            Selector<String> selector = open();
            int number = bareDup(link().reader());
            Custom first = new Custom(number);
            SelectorKey<String> key = selector.register(first, Interest.READ, "first");
            close(first);

            assertThatThrownBy(() -> selector.register(new Custom(number), Interest.READ, "second"))
                    .isInstanceOf(NativeIOException.class);

            assertThat(selector.getMap()).containsOnlyKeys(first);
            assertThat(selector.unregister(first)).isSameAs(key);
            expectNothing(selector);
        }

        /// epoll refuses the null device. The number is open, so it is the kernel that says no.
        @Test
        void registerRefusedByTheKernel_keepsTheClosedObject() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            int number = bareDup(link.reader());
            Custom first = new Custom(number);
            Custom second = new Custom(number);
            selector.register(first, Interest.READ, "first");
            close(first);
            bareDup(own(FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR)), number);

            if (backend.isEpoll()) {
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
            ConnectedPair link = link();
            ConnectedPair next = link();
            int number = bareDup(link.reader());
            Pollable bare = Pollable.borrow(number);
            selector.register(bare, Interest.READ, "first");
            closeBare(number);
            bareDup(next.reader(), number);

            assertThat(selector.unregister(bare).data()).isEqualTo("first");
            selector.register(bare, Interest.READ, "second");

            link.write(1);
            expectIdle(selector);
            next.write(1);
            expectReady(selector, bare, Interest.READ);
            assertThat(selector.selectNow())
                    .extracting(ready -> ready.key().data())
                    .containsExactly("second");
        }

        /// dup2 closes the number and gives it away in one step.
        @Test
        void overwrittenFd_isUnregistered() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link();
            ConnectedPair other = readableLink();
            int number = bareDup(link.reader());
            Pollable bare = Pollable.borrow(number);
            selector.register(bare, Interest.READ, "first");
            bareDup(other.reader(), number);

            assertThat(selector.unregister(bare).data()).isEqualTo("first");

            link.write(1);
            expectIdle(selector);
            selector.register(bare, Interest.READ, "second");
            expectReady(selector, bare, Interest.READ);
        }

        @Test
        void overwrittenFd_isClosed() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            int number = nextBare++;
            Fd fd = ownedDup(link.reader(), number);
            selector.register(fd, Interest.READ, "data");
            bareDup(link().reader(), number);

            fd.close();
            bareDup(link().reader(), number); // for who closes it afterwards

            assertThat(selector.getMap()).isEmpty();
            expectIdle(selector);
        }

        @Test
        void fdReusedDuringSelect_belongsToItsNewOwner() throws Exception {
            Selector<String> selector = open();
            ConnectedPair link = link();
            ConnectedPair quiet = link();
            int number = nextBare++;
            Fd first = ownedDup(link.reader(), number);
            selector.register(first, Interest.READ, "first");
            Background<List<ReadyKey<String>>> select =
                    Background.start(() -> selector.select()).awaitAsleep();

            first.close();
            selector.register(ownedDup(quiet.reader(), number), Interest.READ, "second");
            link.write(1);
            select.expectRunning(Duration.ofMillis(30));
            quiet.write(1);

            assertThat(select.result()).extracting(ready -> ready.key().data()).containsExactly("second");
        }
    }

    @Nested
    class OpenFileOutlivesItsFd {

        @Test
        void sameOpenFileUnderTheSameFd_isRegisteredAgain() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link();
            int number = bareDup(link.reader());
            Pollable bare = Pollable.borrow(number);
            for (int i = 0; i < 3; i++) {
                selector.register(bare, Interest.READ, "before");
                closeBare(number);
                assertThat(selector.unregister(bare).data()).isEqualTo("before");
                bareDup(link.reader(), number);
                selector.register(bare, Interest.READ, "after");

                link.write(1);
                assertThat(selector.select(PATIENCE))
                        .extracting(ready -> ready.key().data())
                        .containsExactly("after");
                link.drain();
                expectIdle(selector);
                selector.unregister(bare);
            }
        }

        @Test
        void closedDuplicate_leavesNothing() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            Fd copy = own(link.reader().dup());
            selector.register(link.reader(), Interest.READ, "data");

            link.reader().close();

            expectIdle(selector);
            selector.register(copy, Interest.READ, "copy");
            expectReady(selector, copy, Interest.READ);
        }

        /// epoll goes on watching the open file, and nobody can make it stop: only a new epoll set can.
        @Test
        void staleOpenFile_isDropped() throws Exception {
            Selector<String> selector = open();
            int fileno = selector instanceof EpollSelector<?> epoll ? epoll.fileno() : -1;
            ConnectedPair other = link();
            ConnectedPair idle = link();
            selector.register(other.reader(), Interest.READ, "other");
            selector.register(idle.reader(), Interest.READ, "idle");
            selector.modify(idle.reader(), Interest.NONE, "idle");
            Map<Integer, String> before = OpenFiles.list();
            for (int i = 0; i < 3; i++) {
                ConnectedPair link = readableLink();
                int number = bareDup(link.reader());
                Pollable bare = Pollable.borrow(number);
                selector.register(bare, Interest.READ, "bare");
                closeBare(number);

                selector.unregister(bare);

                other.write(1);
                expectReady(selector, other.reader(), Interest.READ);
                other.drain();
                expectIdle(selector);
                link.close();
            }
            if (selector instanceof EpollSelector<?> epoll) {
                assertThat(epoll.fileno()).isEqualTo(fileno);
            }
            assertThat(OpenFiles.since(before)).isEmpty();
            expectAlive(selector, other, idle);
        }

        @Test
        void staleOpenFile_hidesNoOtherKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            ConnectedPair other = readableLink();
            int number = bareDup(link.reader());
            Pollable bare = Pollable.borrow(number);
            selector.register(bare, Interest.READ, "bare");
            selector.register(other.reader(), Interest.READ, "other");
            closeBare(number);

            for (int i = 0; i < 3; i++) {
                assertThat(selector.select(PATIENCE))
                        .hasSize(backend.forgetsClosedNumbers() ? 1 : 2)
                        .allSatisfy(ready -> assertThat(ready.readiness().isInvalid())
                                .isEqualTo(ready.key().fileobj().equals(bare) && backend.asksForNumbers()));
            }
            selector.unregister(bare);
            expectReady(selector, other.reader(), Interest.READ);
        }
    }

    @Nested
    class EventIsPending {

        /// Two are ready. The first to be delivered closes the second and gives its number to a third, which is not.
        @Test
        void eventInABatch_doesNotReachTheNewOwner() throws IOException {
            Selector<String> selector = open();
            ConnectedPair quiet = link();
            Fd one = ownedDup(readableLink().reader(), nextBare++);
            Fd two = ownedDup(readableLink().reader(), nextBare++);
            selector.register(one, Interest.READ, "old");
            selector.register(two, Interest.READ, "old");
            List<String> delivered = new ArrayList<>();

            selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                Fd victim = one.equals(key.fileobj()) ? two : one;
                int number = victim.fileno();
                victim.close();
                selector.register(ownedDup(quiet.reader(), number), Interest.READ, "new");
            });

            assertThat(delivered).containsExactly("old");
            quiet.write(1);
            assertThat(selector.selectNow())
                    .extracting(ready -> ready.key().data())
                    .contains("new");
        }

        @Test
        void eventInABatch_doesNotReachTheNewOwnerOfARawFd() throws IOException {
            Selector<String> selector = open();
            ConnectedPair quiet = link();
            int one = bareDup(readableLink().reader());
            int two = bareDup(readableLink().reader());
            selector.register(new Custom(one), Interest.READ, "old");
            selector.register(new Custom(two), Interest.READ, "old");
            List<String> delivered = new ArrayList<>();

            selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                int number = key.fd() == one ? two : one;
                close((Custom) selector.getKey(Pollable.borrow(number)).fileobj());
                bareDup(quiet.reader(), number);
                selector.register(Pollable.borrow(number), Interest.READ, "new");
            });

            assertThat(delivered).containsExactly("old");
        }

        /// The same after a handler that threw: the event waits for the next select.
        @Test
        void remainingEvent_doesNotReachTheNewOwner() throws IOException {
            Selector<String> selector = open();
            ConnectedPair quiet = link();
            List<Fd> old = List.of(
                    ownedDup(readableLink().reader(), nextBare++),
                    ownedDup(readableLink().reader(), nextBare++));
            for (Fd fd : old) {
                selector.register(fd, Interest.READ, "old");
            }
            assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                        throw new IOException("of the handler");
                    }))
                    .hasMessage("of the handler");
            for (Fd fd : old) {
                int number = fd.fileno();
                fd.close();
                selector.register(ownedDup(quiet.reader(), number), Interest.READ, "new");
            }

            expectNothing(selector);
        }
    }
}
