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
import io.selectors4j.PollableChannel;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.PairKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

class RegisterContractTest extends ContractTest {

    RegisterContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private void expectAlwaysReadyOrRefused(FileFd file) throws IOException {
        Selector<String> selector = open();
        if (backend.refusesFiles()) {
            assertThatThrownBy(() -> selector.register(file, Interest.READ_WRITE, "file"))
                    .isInstanceOf(NativeIOException.class)
                    .hasMessageMatching(backend.refusal(file));
            assertThat(selector.getMap()).isEmpty();
        } else {
            selector.register(file, Interest.READ_WRITE, "file");
            expectReady(selector, file, Interest.READ_WRITE);
        }
    }

    @Nested
    class Registered {

        @ParameterizedTest
        @PairKinds
        void register_returnsTheKey(ConnectedPair.Kind kind) throws IOException {
            Selector<Object> selector = open();
            PollableChannel reader = pair(kind).reader();
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
            ConnectedPair pair = readablePair();

            selector.register(pair.reader(), Interest.READ, null);

            assertThat(selector.select())
                    .singleElement()
                    .satisfies(ready -> assertThat(ready.key().data()).isNull());
        }

        @Test
        void alreadyReady_isReported() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();

            selector.register(pair.reader(), Interest.READ, "data");

            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void rawFd_isReportedAsTheRegisteredObject() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            Pollable raw = Pollable.borrow(pair.reader().fileno());

            selector.register(raw, Interest.READ, "raw");

            assertThat(selector.selectNow())
                    .singleElement()
                    .satisfies(ready -> assertThat(ready.key().fileobj()).isSameAs(raw));
        }

        @Test
        void unregistered_canBeRegisteredAgain() throws IOException {
            Selector<Integer> selector = open();
            ConnectedPair pair = readablePair();
            for (int i = 0; i < 100; i++) {
                selector.register(pair.reader(), i % 2 == 0 ? Interest.READ : Interest.READ_WRITE, i);
                List<ReadyKey<Integer>> ready = selector.select();
                assertThat(ready).hasSize(1);
                assertThat(ready.getFirst().key().data()).isEqualTo(i);
                selector.unregister(pair.reader());
                assertThat(selector.selectNow()).isEmpty();
            }
        }

        @Test
        void oneFd_registersWithManySelectors() throws IOException {
            ConnectedPair pair = sharedPair();
            List<Selector<String>> selectors = List.of(open(), open(), open());
            for (Selector<String> selector : selectors) {
                selector.register(pair.reader(), Interest.READ, "data");
            }
            for (Selector<String> selector : selectors) {
                expectReady(selector, pair.reader(), Interest.READ);
            }
            selectors.get(1).unregister(pair.reader());
            expectReady(selectors.get(0), pair.reader(), Interest.READ);
            expectNothing(selectors.get(1));
            expectReady(selectors.get(2), pair.reader(), Interest.READ);
        }

        @Test
        void twoFdsOfOneOpenFile_areIndependent() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = sharedPair();
            PollableChannel copy = copy(pair.reader());
            selector.register(pair.reader(), Interest.READ, "one");
            selector.register(copy, Interest.READ, "other");

            assertThat(selector.selectNow()).hasSize(2);
            selector.unregister(pair.reader());
            expectReady(selector, copy, Interest.READ);
        }

        @ParameterizedTest
        @PairKinds
        void bothEndsOfAPair_areIndependent(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "reader");
            selector.register(pair.writer(), Interest.WRITE, "writer");

            expectReady(selector, pair.writer(), Interest.WRITE);
            selector.unregister(pair.writer());
            expectNothing(selector);
        }
    }

    @Nested
    class Refused {

        @Test
        void sameObject_isRefused() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "first");

            AlreadyRegisteredException refusal = catchThrowableOfType(
                    AlreadyRegisteredException.class, () -> selector.register(pair.reader(), Interest.WRITE, "second"));

            assertThat(refusal)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("fd " + pair.reader().fileno());
            assertThat(refusal.key()).isSameAs(key);
            assertThat(selector.getMap()).hasSize(1);
            assertThat(selector.select()).extracting(ReadyKey::key).containsExactly(key);
        }

        @Tag("system")
        @Test
        void anotherObjectWithTheSameFd_isRefused() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            int fd = pair.reader().fileno();
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "first");

            for (Pollable other : List.of(Pollable.borrow(fd), new CustomPollable(fd), own(Fd.borrow(fd)))) {
                assertThatThrownBy(() -> selector.register(other, Interest.READ, "second"))
                        .isInstanceOf(AlreadyRegisteredException.class);
            }

            assertThat(selector.select()).extracting(ReadyKey::key).containsExactly(key);
        }

        @Tag("system")
        @Test
        void closeOfARefusedObject_unregistersNothing() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "first");
            Fd other = Fd.borrow(pair.reader().fileno());
            assertThatThrownBy(() -> selector.register(other, Interest.READ, "second"))
                    .isInstanceOf(AlreadyRegisteredException.class);

            other.close();

            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void failedRegister_leavesNothing() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            int closed = rawDup(pair.reader());
            closeRaw(closed);
            Pollable raw = Pollable.borrow(closed);

            assertThatThrownBy(() -> selector.register(raw, Interest.READ, "data"))
                    .isInstanceOf(NativeIOException.class);

            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
            rawDup(pair.reader(), closed);
            selector.register(raw, Interest.READ, "data");
            expectReady(selector, raw, Interest.READ);
        }

        @Tag("unix")
        @Test
        void regularFile_isAlwaysReadyOrRefused(@TempDir Path directory) throws IOException {
            Path path = Files.write(directory.resolve("file"), new byte[1]);
            expectAlwaysReadyOrRefused(own(FileFd.open(path, FileFd.O_RDWR)));
        }

        @Tag("unix")
        @Test
        void nullDevice_isAlwaysReadyOrRefused() throws IOException {
            expectAlwaysReadyOrRefused(own(FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR)));
        }
    }
}
