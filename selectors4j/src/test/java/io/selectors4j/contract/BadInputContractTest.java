package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Await;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputContractTest extends ContractTest {

    BadInputContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Returns a null reference, as callers without a null checker pass it.
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nullReference() {
        return null;
    }

    /// A selector with one ready descriptor, which a refused call must not change.
    private static final class Target {

        final Selector<String> selector;
        final PollableChannel ready;

        Target(Selector<String> selector, PollableChannel ready) throws IOException {
            this.selector = selector;
            this.ready = ready;
            selector.register(ready, Interest.READ, "ready");
        }

        void expectUnchanged() throws IOException {
            assertThat(selector.getMap()).containsOnlyKeys(ready);
            expectReady(selector, ready, Interest.READ);
        }
    }

    private static final String BAD_DESCRIPTOR =
            Platform.IS_WINDOWS ? "WSAENOTSOCK (10038) Not an open socket" : "EBADF (9) Bad file descriptor";

    private Target target() throws IOException {
        return new Target(open(), readablePair().reader());
    }

    private void expectBadDescriptor(int fd) throws IOException {
        Target target = target();
        for (Pollable fileobj : List.of(Pollable.borrow(fd), new CustomPollable(fd))) {
            assertThatThrownBy(() -> target.selector.register(fileobj, Interest.READ_WRITE, "data"))
                    .isInstanceOfSatisfying(NativeIOException.class, e -> {
                        assertThat(e.errno()).isEqualTo(Libc.EBADF);
                        assertThat(e.errnoName()).isEqualTo(Expect.errnoName("EBADF"));
                        assertThat(e.call()).contains("fd=" + fd);
                        assertThat(e).hasMessage(e.call() + ": " + BAD_DESCRIPTOR);
                    });
            assertThatThrownBy(() -> target.selector.unregister(fileobj)).isInstanceOf(NotRegisteredException.class);
        }
        target.expectUnchanged();
    }

    /// A pollable whose `fileno` may throw.
    private static final class FailingPollable implements Pollable {

        private final int fd;
        boolean fails;

        FailingPollable(int fd, boolean fails) {
            this.fd = fd;
            this.fails = fails;
        }

        @Override
        public int fileno() {
            if (fails) {
                throw new UnsupportedOperationException("no number");
            }
            return fd;
        }
    }

    /// A pollable whose string form must not appear in exceptions; its `toString` may throw.
    private record SecretPollable(int fileno, boolean fails) implements Pollable {
        @Override
        public String toString() {
            if (fails) {
                throw new IllegalStateException("SECRET");
            }
            return "SECRET";
        }
    }

    @Nested
    class InvalidArgument {

        @Test
        void null_isRefused() throws IOException {
            Target target = target();
            Selector<String> selector = target.selector;
            PollableChannel other = pair().reader();
            ReadyHandler<String, IOException> handler = nullReference();
            List<ThrowingCallable> calls = List.of(
                    () -> selector.register(nullReference(), Interest.READ, "data"),
                    () -> selector.register(other, nullReference(), "data"),
                    () -> selector.modify(nullReference(), Interest.READ, "data"),
                    () -> selector.modify(target.ready, nullReference(), "data"),
                    () -> selector.unregister(nullReference()),
                    () -> selector.getKey(nullReference()),
                    () -> selector.select(PATIENCE, handler));
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
            }
            target.expectUnchanged();
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, -2, -100, Integer.MIN_VALUE})
        void negativeFd_isRefused(int fd) throws IOException {
            Target target = target();
            Pollable negative = () -> fd;

            assertThatThrownBy(() -> Pollable.borrow(fd)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> target.selector.register(negative, Interest.READ, "data"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(fd));
            assertThatThrownBy(() -> target.selector.modify(negative, Interest.READ, "data"))
                    .isInstanceOf(NotRegisteredException.class);
            assertThatThrownBy(() -> target.selector.unregister(negative)).isInstanceOf(NotRegisteredException.class);
            assertThatThrownBy(() -> target.selector.getKey(negative)).isInstanceOf(NotRegisteredException.class);
            assertThat(target.selector.getMap().containsKey(negative)).isFalse();
            target.expectUnchanged();
        }

        @Test
        void emptyInterest_isRefused() throws IOException {
            Target target = target();
            ConnectedPair pair = readablePair();

            assertThatThrownBy(() -> target.selector.register(pair.reader(), Interest.NONE, "data"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("fd " + pair.reader().fileno());

            target.expectUnchanged();
            target.selector.unregister(target.ready);
            target.selector.register(pair.reader(), Interest.READ, "data");
            expectReady(target.selector, pair.reader(), Interest.READ);
        }

        @Test
        void closedObject_isRefused() throws IOException {
            Target target = target();
            PollableChannel closed = pair().reader();
            closed.close();

            assertThatThrownBy(() -> target.selector.register(closed, Interest.READ, "data"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-1")
                    .hasMessageContaining("closed");

            assertThatThrownBy(() -> target.selector.unregister(closed)).isInstanceOf(NotRegisteredException.class);
            target.expectUnchanged();
        }

        @Test
        void closedFd_isRefusedByTheKernel() throws IOException {
            int fd = rawDup(pair().reader());
            closeRaw(fd);
            expectBadDescriptor(fd);
        }

        @ParameterizedTest
        @ValueSource(ints = {19_999, 1_000_000, Integer.MAX_VALUE - 1, Integer.MAX_VALUE})
        void fdBeyondTheLimit_isRefusedByTheKernel(int fd) throws IOException {
            expectBadDescriptor(fd);
        }

        @Test
        void unregisteredFd_isUnknown() throws IOException {
            Target target = target();
            for (int fd : List.of(0, 1, 63, 64, 65, 5_000, Integer.MAX_VALUE)) {
                Pollable unknown = Pollable.borrow(fd);
                if (fd != target.ready.fileno()) {
                    assertThatThrownBy(() -> target.selector.unregister(unknown))
                            .isInstanceOfSatisfying(
                                    NotRegisteredException.class,
                                    e -> assertThat(e.fileobj()).isSameAs(unknown));
                    assertThatThrownBy(() -> target.selector.modify(unknown, Interest.READ, "data"))
                            .isInstanceOf(NotRegisteredException.class);
                    assertThatThrownBy(() -> target.selector.getKey(unknown))
                            .isInstanceOf(NotRegisteredException.class);
                }
            }
            target.expectUnchanged();
        }
    }

    @Nested
    class CustomPollables {

        @Test
        void filenoThrows_exceptionIsPropagated() throws IOException {
            Target target = target();
            FailingPollable failing = new FailingPollable(pair().reader().fileno(), true);

            assertThatThrownBy(() -> target.selector.register(failing, Interest.READ, "data"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("no number");

            assertThatThrownBy(() -> target.selector.unregister(failing)).isInstanceOf(NotRegisteredException.class);
            target.expectUnchanged();
        }

        @Test
        void filenoThrowsLater_objectIsFoundByIdentity() throws IOException {
            Selector<String> selector = open();
            FailingPollable failing =
                    new FailingPollable(readablePair().reader().fileno(), false);
            SelectorKey<String> key = selector.register(failing, Interest.READ, "data");

            failing.fails = true;

            assertThat(selector.getKey(failing)).isSameAs(key);
            expectReady(selector, failing, Interest.READ);
            assertThat(selector.unregister(failing)).isSameAs(key);
            expectNothing(selector);
        }

        @Test
        void filenoChanges_keyIsFoundByObjectAndOldFd() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            ConnectedPair other = pair();
            CustomPollable custom = new CustomPollable(pair.reader().fileno());
            SelectorKey<String> key = selector.register(custom, Interest.READ, "data");

            custom.fd = other.reader().fileno();

            assertThat(selector.getKey(pair.reader())).isSameAs(key);
            assertThat(selector.getKey(custom)).isSameAs(key);
            expectReady(selector, custom, Interest.READ);

            // The other descriptor has the new number of `custom` and keeps its own key.
            SelectorKey<String> otherKey = selector.register(other.reader(), Interest.READ, "other");
            assertThat(selector.unregister(custom)).isSameAs(key);
            assertThat(selector.getKey(other.reader())).isSameAs(otherKey);
            expectNothing(selector);
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void exceptionMessage_omitsToStringAndData(boolean fails) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            int fd = pair.reader().fileno();
            SecretPollable registered = new SecretPollable(fd, fails);
            selector.register(registered, Interest.READ, "SECRET");
            SecretPollable unregistered = new SecretPollable(pair.writer().fileno(), fails);
            List<ThrowingCallable> calls = List.of(
                    () -> selector.register(new SecretPollable(fd, fails), Interest.READ, "SECRET"),
                    () -> selector.register(unregistered, Interest.NONE, "SECRET"),
                    () -> selector.register(new SecretPollable(-1, fails), Interest.READ, "SECRET"),
                    () -> selector.register(new SecretPollable(-5, fails), Interest.READ, "SECRET"),
                    () -> selector.register(new SecretPollable(Libc.NEVER_OPEN, fails), Interest.READ, "SECRET"),
                    () -> selector.modify(unregistered, Interest.READ, "SECRET"),
                    () -> selector.unregister(unregistered),
                    () -> selector.getKey(unregistered),
                    () -> Await.ready(unregistered, Interest.NONE, PATIENCE));
            for (ThrowingCallable call : calls) {
                assertThat(catchThrowable(call))
                        .hasMessageMatching("(?s).*\\bfd.*")
                        .hasMessageNotContaining("SECRET");
            }
            assertThat(catchThrowable(calls.getFirst()))
                    .isInstanceOf(AlreadyRegisteredException.class)
                    .hasMessageContaining("BadInputContractTest$SecretPollable[fd=" + fd + "]");
        }
    }
}
