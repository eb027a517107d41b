package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.RawNumbers;
import io.selectors4j.testing.TestSimulation;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Base class of the contract tests, which run once for each backend. Resources opened with these methods are closed
/// after each test. Classes annotated with `@Nested` run for each backend, too.
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("backends")
@Timeout(Expect.TEST_SECONDS)
abstract class ContractTest {

    final BackendUnderTest backend;

    /// An interest for which no connected pair is ready. Batched sockets refuse PRIORITY, as POLL does on Windows.
    final Interest silent;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final RawNumbers raw = new RawNumbers();

    static List<BackendUnderTest> backends() {
        return Backends.underTest();
    }

    ContractTest(BackendUnderTest backend) {
        this.backend = backend;
        boolean urgent = backend.supports(Interest.PRIORITY) && !backend.isBatched();
        silent = urgent ? Interest.PRIORITY : Interest.NONE;
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
        raw.close();
        assertThat(backend.failure()).isNull();
    }

    final <A extends @Nullable Object> Selector<A> open() throws IOException {
        return own(backend.open());
    }

    /// Checks that all descriptors opened since are closed. libkqueue closes its own some time after the selector.
    final void expectNothingOpenSince(Map<Integer, String> before) throws IOException {
        long deadline = System.nanoTime() + Expect.PATIENCE.toNanos();
        while (backend.isLibkqueue() && !OpenFiles.since(before).isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    final ConnectedPair pair() throws IOException {
        return pair(ConnectedPair.Kind.SOCKET_PAIR);
    }

    final ConnectedPair pair(ConnectedPair.Kind kind) throws IOException {
        return own(kind.open());
    }

    /// Opens a pair whose reader has one byte to read.
    final ConnectedPair readablePair() throws IOException {
        ConnectedPair pair = pair();
        pair.write(1);
        return pair;
    }

    /// Opens a readable pair that several selectors can watch: pipes are never batched. Windows has no pipes.
    final ConnectedPair sharedPair() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.UNBATCHED);
        pair.write(1);
        return pair;
    }

    /// Fills a pair, also the memory of a batched socket, whose bytes move during selects.
    final void fill(Selector<String> selector, ConnectedPair pair) throws IOException, InterruptedException {
        pair.fill();
        while (backend.isBatched() && !selector.selectNow().isEmpty()) {
            pair.fill();
        }
    }

    final <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    /// Duplicates a descriptor to a number that the library does not own.
    final int rawDup(Pollable fileobj) {
        return raw.dup(fileobj.fileno());
    }

    /// Duplicates a descriptor onto a given number, which may be open.
    final void rawDup(Pollable fileobj, int fd) {
        raw.dupOnto(fileobj.fileno(), fd);
    }

    /// Duplicates a descriptor to the next free number.
    final PollableChannel copy(PollableChannel original) throws IOException {
        return original instanceof Fd fd ? own(fd.dup()) : ownedDup(original);
    }

    /// Duplicates a descriptor and returns an object that owns the number.
    final PollableChannel ownedDup(Pollable fileobj) throws IOException {
        return adopt(rawDup(fileobj));
    }

    /// Duplicates a descriptor onto a given number and returns an object that owns it.
    final PollableChannel ownedDup(Pollable fileobj, int fd) throws IOException {
        rawDup(fileobj, fd);
        return adopt(fd);
    }

    private PollableChannel adopt(int fd) throws IOException {
        raw.release(fd);
        return own(TestSimulation.CURRENT == null ? Fd.fromFd(fd) : TestSimulation.CURRENT.adopt(fd));
    }

    /// Closes a raw descriptor without telling the library.
    final void closeRaw(int fd) {
        raw.close(fd);
    }

    /// Registers a duplicate, closes it without telling the selector, and unregisters it. The open file stays alive and
    /// in the epoll instance: when it is or becomes ready, EPOLL has to build a new epoll instance.
    final void leaveStaleEntry(Selector<String> selector, Pollable fileobj) throws IOException {
        int number = rawDup(fileobj);
        selector.register(Pollable.borrow(number), Interest.READ, "stale");
        closeRaw(number);
        selector.unregister(Pollable.borrow(number));
    }

    /// A pollable of a class outside of the library, whose number can change.
    static final class CustomPollable implements Pollable {

        volatile int fd;

        CustomPollable(int fd) {
            this.fd = fd;
        }

        @Override
        public int fileno() {
            return fd;
        }
    }

    /// Closes the descriptor of a pollable that is not the library's.
    final void close(CustomPollable custom) {
        closeRaw(custom.fd);
        custom.fd = -1;
    }
}
