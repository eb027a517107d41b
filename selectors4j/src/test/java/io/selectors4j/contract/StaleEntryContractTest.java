package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectIdle;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Entries of an epoll instance whose descriptor was closed without telling the selector.
class StaleEntryContractTest extends ContractTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    StaleEntryContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// The new epoll instance gets the lowest free number, which is the number of a closed descriptor.
    @Tag("system")
    @Test
    void closedFdReusedByTheSelector_isSkipped() throws IOException {
        Selector<String> selector = open();
        ConnectedPair pair = pair();
        CustomPollable closed = new CustomPollable(Libc.dup(pair.reader().fileno()));
        Pollable raw = Pollable.borrow(Libc.dup(pair.reader().fileno()));
        selector.register(closed, Interest.READ, "closed");
        selector.register(raw, Interest.READ, "raw");
        leaveStaleEntry(selector, readablePair().reader());
        selector.register(pair.reader(), Interest.READ, "alive");
        Libc.close(closed.fd);
        closed.fd = -1;
        Libc.close(raw.fileno());

        for (int i = 0; i < 3; i++) {
            assertThat(selector.select(SHORT))
                    .allMatch(ready -> ready.readiness().isInvalid());
        }
        pair.write(1);
        assertThat(selector.select())
                .filteredOn(ready -> !ready.readiness().isInvalid())
                .singleElement()
                .matches(ready -> ready.key().data().equals("alive"));
    }

    @Test
    void reusedFd_reportsNewOwnerOnlyOnSelectAndPoll() throws IOException {
        Selector<String> selector = open();
        ConnectedPair pair = pair();
        ConnectedPair newOwner = readablePair();
        CustomPollable closed = new CustomPollable(rawDup(pair.reader()));
        selector.register(closed, Interest.READ, "closed");
        int number = closed.fd;
        close(closed);
        rawDup(newOwner.reader(), number);
        leaveStaleEntry(selector, readablePair().reader());

        for (int i = 0; i < 3; i++) {
            // SELECT and POLL pass numbers to the kernel and cannot tell the open files apart.
            assertThat(selector.select(SHORT))
                    .hasSize(backend.passesNumbersEachTime() ? 1 : 0)
                    .noneMatch(ready -> ready.readiness().isInvalid());
        }
        assertThat(selector.unregister(closed).data()).isEqualTo("closed");
        expectNothing(selector);
    }

    @Test
    void manyStaleEntries_areRemovedTogether() throws IOException {
        Selector<String> selector = open();
        for (int i = 0; i < 5; i++) {
            leaveStaleEntry(selector, readablePair().reader());
        }
        ConnectedPair pair = pair();
        selector.register(pair.reader(), Interest.READ, "alive");
        expectNothing(selector);
        pair.write(1);
        expectReady(selector, pair.reader(), Interest.READ);
    }

    /// More stale entries than the first wait can return. The kernel returns other ones each time.
    @Test
    void moreStaleEntriesThanAWaitReturns_areRemoved() throws IOException {
        Selector<String> selector = open();
        for (int i = 0; i < 200; i++) {
            leaveStaleEntry(selector, readablePair().reader());
        }
        ConnectedPair pair = pair();
        selector.register(pair.reader(), Interest.READ, "alive");
        for (int i = 0; i < 20; i++) {
            assertThat(selector.selectNow()).isEmpty();
        }
        expectIdle(selector);
        pair.write(1);
        expectReady(selector, pair.reader(), Interest.READ);
    }

    @Test
    void toStringOfTheData_isNeverCalled() throws IOException {
        Selector<Object> selector = open();
        ConnectedPair pair = pair();
        selector.register(pair.reader(), Interest.READ, new Object() {
            @Override
            public String toString() {
                throw new AssertionError("a user's code, perhaps under the selector's lock");
            }
        });
        assertThatThrownBy(() -> selector.register(Pollable.borrow(pair.reader().fileno()), Interest.READ, "again"))
                .isInstanceOf(AlreadyRegisteredException.class)
                .hasMessageContaining("fd " + pair.reader().fileno() + " is already registered");
    }
}
