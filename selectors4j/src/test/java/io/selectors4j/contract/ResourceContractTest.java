package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Selector;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class ResourceContractTest extends ContractTest {

    /// Leaves libkqueue out, which opens descriptors of its own and closes them some time after the kqueue.
    static List<BackendUnderTest> backends() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isLibkqueue())
                .toList();
    }

    ResourceContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Returns the number of descriptors that an open selector has.
    private int ownDescriptors() {
        if (Platform.CURRENT.os() != Os.LINUX && backend.passesNumbersEachTime()) {
            return 2; // a pipe, or on Windows a pair of sockets
        }
        return backend.isAfd() ? 0 : backend.isEpoll() ? (backend.usesRing() ? 3 : 2) : 1;
    }

    /// Runs an action at the limit of open files. The action must not load a class, which would open a file.
    ///
    /// @param remaining how many more descriptors can be opened
    /// @return the value returned or the exception thrown
    private static @Nullable Object withRemainingFds(int remaining, Callable<?> action) throws IOException {
        assertThat(new NativeIOException("rehearsal", Libc.EMFILE)).hasMessageContaining("EMFILE");
        Deque<Integer> fillers = new ArrayDeque<>();
        long limit = Libc.openFilesLimit();
        Object outcome;
        Libc.setOpenFilesLimit(Collections.max(OpenFiles.list().keySet()) + 10);
        try {
            for (int fd = Libc.tryDup(0); fd >= 0; fd = Libc.tryDup(0)) {
                fillers.push(fd);
            }
            for (int i = 0; i < remaining; i++) {
                Libc.close(fillers.pop());
            }
            outcome = action.call();
        } catch (Exception e) {
            outcome = e;
        } finally {
            Libc.setOpenFilesLimit(limit);
            fillers.forEach(Libc::close);
        }
        assertThat(fillers).isNotEmpty();
        return outcome;
    }

    @Nested
    class OpenDescriptors {

        @Test
        void selector_hasFewFdsAndClosesThem() throws IOException {
            Map<Integer, String> before = OpenFiles.list();

            Selector<String> selector = open();
            Map<Integer, String> opened = OpenFiles.since(before);
            selector.close();

            assertThat(opened).hasSize(ownDescriptors());
            if (OpenFiles.HAS_TARGETS) {
                expectKinds(opened);
            }
            assertThat(OpenFiles.since(before)).isEmpty();
        }

        /// A kqueue has a waker inside. The simulated kqueue is an epoll instance.
        private void expectKinds(Map<Integer, String> opened) {
            assertThat(opened.values())
                    .filteredOn(file -> file.contains("eventfd"))
                    .hasSize(backend.isSimulated() ? 0 : 1);
            assertThat(opened.values())
                    .filteredOn(file -> file.contains("eventpoll"))
                    .hasSize((backend.isSimulated() && !backend.isAfd()) || backend.isEpoll() ? 1 : 0);
            assertThat(opened.values())
                    .filteredOn(file -> file.contains("io_uring"))
                    .hasSize(backend.usesRing() ? 1 : 0);
        }

        @Test
        void ownFds_areNotInherited() throws IOException {
            Map<Integer, String> before = OpenFiles.list();
            open();

            for (int fd : OpenFiles.since(before).keySet()) {
                assertThat(OpenFiles.isInherited(fd)).as("descriptor %s", fd).isFalse();
            }
            int control = Libc.inheritedSocket();
            assertThat(OpenFiles.isInherited(control)).isTrue();
            Libc.close(control);
        }

        @Test
        void workingSelector_opensNoMoreFds() throws IOException {
            ConnectedPair pair = readablePair();
            Map<Integer, String> before = OpenFiles.list();
            Selector<String> selector = open();
            for (int i = 0; i < 10; i++) {
                selector.register(pair.reader(), Interest.READ, "data");
                selector.wakeup();
                assertThat(selector.select()).hasSize(1);
                selector.modify(pair.reader(), silent, "data");
                expectNothing(selector);
                selector.unregister(pair.reader());
            }
            // Where kqueue cannot report urgent data, the selector waits for them with select, which needs a waker.
            boolean selects = backend.isKqueue() && !backend.supports(Interest.PRIORITY.edgeTriggered());
            assertThat(OpenFiles.since(before)).hasSize(ownDescriptors() + (selects ? 1 : 0));
            selector.close();
            assertThat(OpenFiles.since(before)).isEmpty();
        }

        @Test
        void manySelectors_leaveNothingOpen() throws IOException {
            ConnectedPair pair = pair();
            Map<Integer, String> before = OpenFiles.list();
            for (int i = 0; i < 200; i++) {
                try (Selector<String> selector = backend.open()) {
                    selector.register(pair.reader(), Interest.READ, "data");
                    selector.selectNow();
                }
            }
            assertThat(OpenFiles.since(before)).isEmpty();
        }
    }

    @Tag("unix")
    @Nested
    class OpenFilesLimitIsReached {

        @Test
        void open_failsAndLeavesNothingOpen() throws Exception {
            open().close();
            for (int remaining = 0; remaining < ownDescriptors(); remaining++) {
                Map<Integer, String> before = OpenFiles.list();

                Object outcome = withRemainingFds(remaining, backend::open);

                assertThat(outcome).isInstanceOfSatisfying(NativeIOException.class, e -> {
                    assertThat(e.errno()).isEqualTo(Libc.EMFILE);
                    assertThat(e).hasMessageMatching("\\w+\\(.*\\): EMFILE \\(24\\) Too many open files");
                });
                assertThat(OpenFiles.since(before)).isEmpty();
            }
            Object outcome = withRemainingFds(ownDescriptors(), () -> own(backend.open()));
            assertThat(outcome).isInstanceOf(Selector.class);
        }

        @Test
        void openSelector_works() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            Callable<Integer> work = () -> {
                selector.register(pair.reader(), Interest.READ, "data");
                int count = selector.select(PATIENCE, (key, readiness) -> {});
                selector.unregister(pair.reader());
                return count;
            };
            work.call();

            assertThat(withRemainingFds(0, work)).isEqualTo(1);
        }
    }
}
