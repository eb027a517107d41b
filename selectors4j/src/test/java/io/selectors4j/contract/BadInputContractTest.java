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
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
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

    /// What a caller without a null checker passes.
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    /// Has one descriptor that is ready, which no refused call may change.
    private static final class Target {

        final Selector<String> selector;
        final Fd ready;

        Target(Selector<String> selector, Fd ready) throws IOException {
            this.selector = selector;
            this.ready = ready;
            selector.register(ready, Interest.READ, "ready");
        }

        void expectUnharmed() throws IOException {
            assertThat(selector.getMap()).containsOnlyKeys(ready);
            expectReady(selector, ready, Interest.READ);
        }
    }

    private Target target() throws IOException {
        return new Target(open(), readableLink().reader());
    }

    private void expectBadDescriptor(int fd) throws IOException {
        Target target = target();
        for (Pollable fileobj : List.of(Pollable.borrow(fd), new Custom(fd))) {
            assertThatThrownBy(() -> target.selector.register(fileobj, Interest.READ_WRITE, "data"))
                    .isInstanceOfSatisfying(NativeIOException.class, e -> {
                        assertThat(e.errno()).isEqualTo(Libc.EBADF);
                        assertThat(e.errnoName()).isEqualTo("EBADF");
                        assertThat(e.call()).contains("fd=" + fd);
                        assertThat(e).hasMessage(e.call() + ": EBADF (9) Bad file descriptor");
                    });
            assertThatThrownBy(() -> target.selector.unregister(fileobj)).isInstanceOf(NotRegisteredException.class);
        }
        target.expectUnharmed();
    }

    /// An object that does not tell its number.
    private static final class Silent implements Pollable {

        private final int fd;
        boolean silent;

        Silent(int fd, boolean silent) {
            this.fd = fd;
            this.silent = silent;
        }

        @Override
        public int fileno() {
            if (silent) {
                throw new UnsupportedOperationException("no number");
            }
            return fd;
        }
    }

    /// An object that says what nobody else should know, if it says anything at all.
    private record Secretive(int fileno, boolean fails) implements Pollable {
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
            Fd other = link().reader();
            ReadyHandler<String, IOException> handler = nothing();
            List<ThrowingCallable> calls = List.of(
                    () -> selector.register(nothing(), Interest.READ, "data"),
                    () -> selector.register(other, nothing(), "data"),
                    () -> selector.modify(nothing(), Interest.READ, "data"),
                    () -> selector.modify(target.ready, nothing(), "data"),
                    () -> selector.unregister(nothing()),
                    () -> selector.getKey(nothing()),
                    () -> selector.select(PATIENCE, handler));
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
            }
            target.expectUnharmed();
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
            target.expectUnharmed();
        }

        @Test
        void emptyInterest_isRefused() throws IOException {
            Target target = target();
            ConnectedPair link = readableLink();

            assertThatThrownBy(() -> target.selector.register(link.reader(), Interest.NONE, "data"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("fd " + link.reader().fileno());

            target.expectUnharmed();
            target.selector.unregister(target.ready);
            target.selector.register(link.reader(), Interest.READ, "data");
            expectReady(target.selector, link.reader(), Interest.READ);
        }

        @Test
        void closedObject_isRefused() throws IOException {
            Target target = target();
            Fd closed = link().reader();
            closed.close();

            assertThatThrownBy(() -> target.selector.register(closed, Interest.READ, "data"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-1")
                    .hasMessageContaining("closed");

            assertThatThrownBy(() -> target.selector.unregister(closed)).isInstanceOf(NotRegisteredException.class);
            target.expectUnharmed();
        }

        @Test
        void closedFd_isRefusedByTheKernel() throws IOException {
            int fd = bareDup(link().reader());
            closeBare(fd);
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
            target.expectUnharmed();
        }
    }

    @Nested
    class CustomPollables {

        @Test
        void filenoThrows_exceptionIsPropagated() throws IOException {
            Target target = target();
            Silent silent = new Silent(link().reader().fileno(), true);

            assertThatThrownBy(() -> target.selector.register(silent, Interest.READ, "data"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("no number");

            assertThatThrownBy(() -> target.selector.unregister(silent)).isInstanceOf(NotRegisteredException.class);
            target.expectUnharmed();
        }

        @Test
        void filenoThrowsLater_objectIsFoundByIdentity() throws IOException {
            Selector<String> selector = open();
            Silent silent = new Silent(readableLink().reader().fileno(), false);
            SelectorKey<String> key = selector.register(silent, Interest.READ, "data");

            silent.silent = true;

            assertThat(selector.getKey(silent)).isSameAs(key);
            expectReady(selector, silent, Interest.READ);
            assertThat(selector.unregister(silent)).isSameAs(key);
            expectNothing(selector);
        }

        @Test
        void filenoChanges_keyIsFoundByObjectAndOldFd() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            ConnectedPair other = link();
            Custom custom = new Custom(link.reader().fileno());
            SelectorKey<String> key = selector.register(custom, Interest.READ, "data");

            custom.fd = other.reader().fileno();

            assertThat(selector.getKey(link.reader())).isSameAs(key);
            assertThat(selector.getKey(custom)).isSameAs(key);
            expectReady(selector, custom, Interest.READ);

            // A stranger under its new number is not taken for it.
            SelectorKey<String> stranger = selector.register(other.reader(), Interest.READ, "stranger");
            assertThat(selector.unregister(custom)).isSameAs(key);
            assertThat(selector.getKey(other.reader())).isSameAs(stranger);
            expectNothing(selector);
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void exceptionMessage_omitsToStringAndData(boolean fails) throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            int fd = link.reader().fileno();
            Secretive there = new Secretive(fd, fails);
            selector.register(there, Interest.READ, "SECRET");
            Secretive stranger = new Secretive(link.writer().fileno(), fails);
            List<ThrowingCallable> calls = List.of(
                    () -> selector.register(new Secretive(fd, fails), Interest.READ, "SECRET"),
                    () -> selector.register(stranger, Interest.NONE, "SECRET"),
                    () -> selector.register(new Secretive(-1, fails), Interest.READ, "SECRET"),
                    () -> selector.register(new Secretive(-5, fails), Interest.READ, "SECRET"),
                    () -> selector.register(new Secretive(Libc.NEVER_OPEN, fails), Interest.READ, "SECRET"),
                    () -> selector.modify(stranger, Interest.READ, "SECRET"),
                    () -> selector.unregister(stranger),
                    () -> selector.getKey(stranger),
                    () -> Await.ready(stranger, Interest.NONE, PATIENCE));
            for (ThrowingCallable call : calls) {
                assertThat(catchThrowable(call))
                        .hasMessageMatching("(?s).*\\bfd.*")
                        .hasMessageNotContaining("SECRET");
            }
            assertThat(catchThrowable(calls.getFirst()))
                    .isInstanceOf(AlreadyRegisteredException.class)
                    .hasMessageContaining("BadInputContractTest$Secretive[fd=" + fd + "]");
        }
    }
}
