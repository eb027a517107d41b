package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectIdle;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.fd.FileFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.ParkedThread;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The descriptors that a selector uses itself, and programs that register, close or replace them.
@Tag("system")
class OwnDescriptorContractTest extends ContractTest {

    private final Selector<String> selector;
    private final Map<Integer, String> own;

    OwnDescriptorContractTest(BackendUnderTest backend) throws IOException {
        super(backend);
        Map<Integer, String> before = OpenFiles.list();
        selector = open();
        own = OpenFiles.since(before);
    }

    /// Returns whether a descriptor is the waker of the selector. A kqueue needs none.
    private static boolean isWaker(Map.Entry<Integer, String> descriptor) {
        return descriptor.getValue().contains("eventfd");
    }

    @Test
    void ownDescriptor_isRefused() throws Exception {
        for (int fd : own.keySet()) {
            for (Interest events : new Interest[] {Interest.READ, Interest.WRITE}) {
                try {
                    selector.register(Pollable.borrow(fd), events, "own");
                    throw new AssertionError("registered: " + own.get(fd));
                } catch (IllegalArgumentException e) {
                    assertThat(e).hasMessageContaining("fd " + fd);
                } catch (NativeIOException e) {
                    assertThat(e.errnoName()).isEqualTo("EINVAL"); // from epoll_ctl and kevent for the instance itself
                }
            }
        }
        Background<Integer> select =
                Background.start(() -> selector.select().size()).awaitAsleep();
        selector.wakeup();
        assertThat(select.result()).isZero();
        ConnectedPair pair = readablePair();
        selector.register(pair.reader(), Interest.READ, "data");
        expectReady(selector, pair.reader(), Interest.READ);
    }

    @Tag("linux")
    @Test
    void closedWakerDescriptor_wakeupThrows() throws Exception {
        assertThat(own.entrySet().stream().anyMatch(OwnDescriptorContractTest::isWaker))
                .isEqualTo(!backend.isAfd() && (!backend.isKqueue() || backend.isLibkqueue()));
        for (Map.Entry<Integer, String> descriptor : own.entrySet()) {
            if (isWaker(descriptor)) {
                int fd = descriptor.getKey();
                int duplicate = rawDup(() -> fd);
                Background<Integer> select =
                        Background.start(() -> selector.select().size()).awaitAsleep();
                Libc.close(fd);

                assertThatIllegalStateException()
                        .isThrownBy(selector::wakeup)
                        .withMessageContaining("cannot be woken")
                        .withMessageContaining("EBADF");

                Libc.dupOnto(duplicate, fd);
                selector.wakeup();
                assertThat(select.result()).isZero();
            }
        }
    }

    /// A regular file is always ready.
    @Tag("linux")
    @Test
    void fileInPlaceOfTheWaker_doesNotSpin() throws Exception {
        FileFd file = own(FileFd.memfd("file"));
        for (Map.Entry<Integer, String> descriptor : own.entrySet()) {
            if (isWaker(descriptor)) {
                int duplicate = rawDup(descriptor::getKey);
                Libc.dupOnto(file.fileno(), descriptor.getKey());
                try {
                    expectIdle(selector); // an epoll instance keeps the open file of the waker
                    assertThat(backend.isEpoll() || backend.isLibkqueue()).isTrue();
                } catch (NativeIOException e) {
                    assertThat(e).hasMessageContaining("fd=" + descriptor.getKey());
                }
                Libc.dupOnto(duplicate, descriptor.getKey());
            }
        }
        expectIdle(selector);
    }

    @Tag("linux")
    @Test
    void close_endsTheWaitOfAVirtualThread() throws Exception {
        ParkedThread<Integer> select =
                ParkedThread.start(() -> selector.select().size()).awaitParked();
        if (backend.isEpoll() && !backend.usesRing()) { // nothing else can end the wait then
            FileFd file = own(FileFd.memfd("file"));
            for (int fd : own.keySet()) {
                Libc.dupOnto(file.fileno(), fd);
            }
        }
        selector.close();
        assertThatExceptionOfType(ClosedSelectorException.class).isThrownBy(select::result);
    }
}
