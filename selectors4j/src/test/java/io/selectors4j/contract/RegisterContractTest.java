package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegisterContractTest extends ContractTest {

    RegisterContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private void expectAlwaysReadyOrRefused(FileFd file) throws IOException {
        Selector<String> selector = open();
        if (backend.isEpoll()) {
            assertThatThrownBy(() -> selector.register(file, Interest.READ_WRITE, "file"))
                    .isInstanceOfSatisfying(
                            NativeIOException.class, e -> assertThat(e.errno()).isEqualTo(Libc.EPERM))
                    .hasMessageMatching(
                            "epoll_ctl\\(ADD, fd=" + file.fileno() + "\\): EPERM \\(1\\) .+POLL and SELECT take it\\)");
            assertThat(selector.getMap()).isEmpty();
        } else {
            selector.register(file, Interest.READ_WRITE, "file");
            expectReady(selector, file, Interest.READ_WRITE);
        }
    }

    @Nested
    class Registered {

        @ParameterizedTest
        @EnumSource(ConnectedPair.Kind.class)
        void register_returnsTheKey(ConnectedPair.Kind kind) throws IOException {
            Selector<Object> selector = open();
            Fd reader = link(kind).reader();
            Object data = new Object();

            SelectorKey<Object> key = selector.register(reader, Interest.READ, data);

            assertThat(key.fileobj()).isSameAs(reader);
            assertThat(key.fd()).isEqualTo(reader.fileno());
            assertThat(key.events()).isSameAs(Interest.READ);
            assertThat(key.data()).isSameAs(data);
        }

        @Test
        void nullData_isAccepted() throws IOException {
            Selector<@Nullable String> selector = open();
            ConnectedPair link = readableLink();

            selector.register(link.reader(), Interest.READ, null);

            assertThat(selector.select())
                    .singleElement()
                    .satisfies(ready -> assertThat(ready.key().data()).isNull());
        }

        @Test
        void alreadyReady_isReported() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();

            selector.register(link.reader(), Interest.READ, "data");

            expectReady(selector, link.reader(), Interest.READ);
        }

        @Test
        void rawFd_isReportedAsTheRegisteredObject() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            Pollable bare = Pollable.borrow(link.reader().fileno());

            selector.register(bare, Interest.READ, "bare");

            assertThat(selector.selectNow())
                    .singleElement()
                    .satisfies(ready -> assertThat(ready.key().fileobj()).isSameAs(bare));
        }

        @Test
        void unregistered_canBeRegisteredAgain() throws IOException {
            Selector<Integer> selector = open();
            ConnectedPair link = readableLink();
            for (int i = 0; i < 100; i++) {
                selector.register(link.reader(), i % 2 == 0 ? Interest.READ : Interest.READ_WRITE, i);
                List<ReadyKey<Integer>> ready = selector.select();
                assertThat(ready).hasSize(1);
                assertThat(ready.getFirst().key().data()).isEqualTo(i);
                selector.unregister(link.reader());
                assertThat(selector.selectNow()).isEmpty();
            }
        }

        @Test
        void oneFd_registersWithManySelectors() throws IOException {
            ConnectedPair link = readableLink();
            List<Selector<String>> selectors = List.of(open(), open(), open());
            for (Selector<String> selector : selectors) {
                selector.register(link.reader(), Interest.READ, "data");
            }
            for (Selector<String> selector : selectors) {
                expectReady(selector, link.reader(), Interest.READ);
            }
            selectors.get(1).unregister(link.reader());
            expectReady(selectors.get(0), link.reader(), Interest.READ);
            expectNothing(selectors.get(1));
            expectReady(selectors.get(2), link.reader(), Interest.READ);
        }

        @Test
        void twoFdsOfOneOpenFile_areIndependent() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            Fd copy = own(link.reader().dup());
            selector.register(link.reader(), Interest.READ, "one");
            selector.register(copy, Interest.READ, "other");

            assertThat(selector.selectNow()).hasSize(2);
            selector.unregister(link.reader());
            expectReady(selector, copy, Interest.READ);
        }

        @ParameterizedTest
        @EnumSource(ConnectedPair.Kind.class)
        void bothEndsOfAPair_areIndependent(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link(kind);
            selector.register(link.reader(), Interest.READ, "reader");
            selector.register(link.writer(), Interest.WRITE, "writer");

            expectReady(selector, link.writer(), Interest.WRITE);
            selector.unregister(link.writer());
            expectNothing(selector);
        }
    }

    @Nested
    class Refused {

        @Test
        void sameObject_isRefused() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            SelectorKey<String> key = selector.register(link.reader(), Interest.READ, "first");

            AlreadyRegisteredException refusal = catchThrowableOfType(
                    AlreadyRegisteredException.class, () -> selector.register(link.reader(), Interest.WRITE, "second"));

            assertThat(refusal)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("fd " + link.reader().fileno());
            assertThat(refusal.key()).isSameAs(key);
            assertThat(selector.getMap()).hasSize(1);
            assertThat(selector.select()).extracting(ReadyKey::key).containsExactly(key);
        }

        @Test
        void anotherObjectWithTheSameFd_isRefused() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            int fd = link.reader().fileno();
            SelectorKey<String> key = selector.register(link.reader(), Interest.READ, "first");

            for (Pollable other : List.of(Pollable.borrow(fd), new Custom(fd), own(Fd.borrow(fd)))) {
                assertThatThrownBy(() -> selector.register(other, Interest.READ, "second"))
                        .isInstanceOf(AlreadyRegisteredException.class);
            }

            assertThat(selector.select()).extracting(ReadyKey::key).containsExactly(key);
        }

        @Test
        void closeOfARefusedObject_unregistersNothing() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            selector.register(link.reader(), Interest.READ, "first");
            Fd other = Fd.borrow(link.reader().fileno());
            assertThatThrownBy(() -> selector.register(other, Interest.READ, "second"))
                    .isInstanceOf(AlreadyRegisteredException.class);

            other.close();

            expectReady(selector, link.reader(), Interest.READ);
        }

        @Test
        void failedRegister_leavesNothing() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            int closed = bareDup(link.reader());
            closeBare(closed);
            Pollable bare = Pollable.borrow(closed);

            assertThatThrownBy(() -> selector.register(bare, Interest.READ, "data"))
                    .isInstanceOf(NativeIOException.class);

            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
            bareDup(link.reader(), closed);
            selector.register(bare, Interest.READ, "data");
            expectReady(selector, bare, Interest.READ);
        }

        @Test
        void regularFile_isAlwaysReadyOrRefused(@TempDir Path directory) throws IOException {
            Path path = Files.write(directory.resolve("file"), new byte[1]);
            expectAlwaysReadyOrRefused(own(FileFd.open(path, FileFd.O_RDWR)));
        }

        @Test
        void nullDevice_isAlwaysReadyOrRefused() throws IOException {
            expectAlwaysReadyOrRefused(own(FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR)));
        }
    }
}
