package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.Link;
import java.io.IOException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputContractTest extends ContractTest {

    BadInputContractTest(Backend backend) {
        super(backend);
    }

    /// What a caller without a null checker passes.
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    /// Has one descriptor that is ready, which no refused call may change.
    private static final class Subject {

        final Selector<String> selector;
        final Fd ready;

        Subject(Selector<String> selector, Fd ready) throws IOException {
            this.selector = selector;
            this.ready = ready;
            selector.register(ready, Interest.READ, "ready");
        }

        void expectUnharmed() throws IOException {
            assertThat(selector.getMap()).containsOnlyKeys(ready);
            expectReady(selector, ready, Interest.READ);
        }
    }

    private Subject subject() throws IOException {
        return new Subject(open(), readableLink().reader());
    }

    @Test
    void nullIsRefused() throws IOException {
        Subject subject = subject();
        Selector<String> selector = subject.selector;
        Fd other = link().reader();
        ReadyHandler<String, IOException> handler = nothing();
        List<ThrowingCallable> calls = List.of(
                () -> selector.register(nothing(), Interest.READ, "data"),
                () -> selector.register(other, nothing(), "data"),
                () -> selector.modify(nothing(), Interest.READ, "data"),
                () -> selector.modify(subject.ready, nothing(), "data"),
                () -> selector.unregister(nothing()),
                () -> selector.getKey(nothing()),
                () -> selector.select(PATIENCE, handler));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
        }
        subject.expectUnharmed();
    }

    @Test
    void aClosedObjectIsNotRegistered() throws IOException {
        Subject subject = subject();
        Fd closed = link().reader();
        closed.close();

        assertThatThrownBy(() -> subject.selector.register(closed, Interest.READ, "data"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1")
                .hasMessageContaining("closed");

        assertThatThrownBy(() -> subject.selector.unregister(closed)).isInstanceOf(NotRegisteredException.class);
        subject.expectUnharmed();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -2, -100, Integer.MIN_VALUE})
    void aNegativeNumberIsRefused(int fd) throws IOException {
        Subject subject = subject();
        Pollable negative = () -> fd;

        assertThatThrownBy(() -> Pollable.of(fd)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> subject.selector.register(negative, Interest.READ, "data"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(fd));
        assertThatThrownBy(() -> subject.selector.modify(negative, Interest.READ, "data"))
                .isInstanceOf(NotRegisteredException.class);
        assertThatThrownBy(() -> subject.selector.unregister(negative)).isInstanceOf(NotRegisteredException.class);
        assertThatThrownBy(() -> subject.selector.getKey(negative)).isInstanceOf(NotRegisteredException.class);
        assertThat(subject.selector.getMap().containsKey(negative)).isFalse();
        subject.expectUnharmed();
    }

    @Test
    void aNumberThatWasOpenOnceIsRefusedByTheKernel() throws IOException {
        int fd = bareDup(link().reader());
        closeBare(fd);
        expectBadDescriptor(fd);
    }

    @ParameterizedTest
    @ValueSource(ints = {19_999, 1_000_000, Integer.MAX_VALUE - 1, Integer.MAX_VALUE})
    void aNumberBeyondAllIsRefusedByTheKernel(int fd) throws IOException {
        expectBadDescriptor(fd);
    }

    private void expectBadDescriptor(int fd) throws IOException {
        Subject subject = subject();
        for (Pollable fileobj : List.of(Pollable.of(fd), new Custom(fd))) {
            assertThatThrownBy(() -> subject.selector.register(fileobj, Interest.READ_WRITE, "data"))
                    .isInstanceOfSatisfying(NativeIOException.class, e -> {
                        assertThat(e.errno()).isEqualTo(Libc.EBADF);
                        assertThat(e.errnoName()).isEqualTo("EBADF");
                        assertThat(e.call()).contains("fd=" + fd);
                        assertThat(e).hasMessage(e.call() + ": EBADF (9) Bad file descriptor");
                    });
            assertThatThrownBy(() -> subject.selector.unregister(fileobj)).isInstanceOf(NotRegisteredException.class);
        }
        subject.expectUnharmed();
    }

    @Test
    void noInterestIsRefused() throws IOException {
        Subject subject = subject();
        Link link = readableLink();

        assertThatThrownBy(() -> subject.selector.register(link.reader(), Interest.NONE, "data"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fd " + link.reader().fileno());

        subject.expectUnharmed();
        subject.selector.unregister(subject.ready);
        subject.selector.register(link.reader(), Interest.READ, "data");
        expectReady(subject.selector, link.reader(), Interest.READ);
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

    @Test
    void whatFilenoThrowsIsThrown() throws IOException {
        Subject subject = subject();
        Silent silent = new Silent(link().reader().fileno(), true);

        assertThatThrownBy(() -> subject.selector.register(silent, Interest.READ, "data"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("no number");

        assertThatThrownBy(() -> subject.selector.unregister(silent)).isInstanceOf(NotRegisteredException.class);
        subject.expectUnharmed();
    }

    @Test
    void anObjectThatTellsItsNumberNoMoreIsFoundByIdentity() throws IOException {
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
    void anObjectWhoseNumberChangesIsKnownByItselfAndTheFormerOne() throws IOException {
        Selector<String> selector = open();
        Link link = readableLink();
        Link other = link();
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

    @Test
    void whatWasNeverRegisteredIsUnknownWhateverItsNumber() throws IOException {
        Subject subject = subject();
        for (int fd : List.of(0, 1, 63, 64, 65, 5_000, Integer.MAX_VALUE)) {
            Pollable unknown = Pollable.of(fd);
            if (fd != subject.ready.fileno()) {
                assertThatThrownBy(() -> subject.selector.unregister(unknown))
                        .isInstanceOfSatisfying(
                                NotRegisteredException.class,
                                e -> assertThat(e.fileobj()).isSameAs(unknown));
                assertThatThrownBy(() -> subject.selector.modify(unknown, Interest.READ, "data"))
                        .isInstanceOf(NotRegisteredException.class);
                assertThatThrownBy(() -> subject.selector.getKey(unknown)).isInstanceOf(NotRegisteredException.class);
            }
        }
        subject.expectUnharmed();
    }
}
