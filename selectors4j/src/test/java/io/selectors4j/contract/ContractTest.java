package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Properties that hold on every backend. What a test opens with these methods is closed after it.
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("backends")
@Timeout(60)
abstract class ContractTest {

    final BackendUnderTest backend;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    int nextRaw = 3_000;
    private final Set<Integer> raw = new HashSet<>();

    static List<BackendUnderTest> backends() {
        return Backends.underTest();
    }

    ContractTest(BackendUnderTest backend) {
        this.backend = backend;
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
        for (int fd : raw) {
            Libc.close(fd);
        }
        assertThat(backend.failure()).isNull();
    }

    final <A extends @Nullable Object> Selector<A> open() throws IOException {
        return own(backend.open());
    }

    /// Everything was closed. libkqueue does that some time later.
    final void expectNothingOpenSince(Map<Integer, String> before) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
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

    /// A pair that can be read.
    final ConnectedPair readablePair() throws IOException {
        ConnectedPair pair = pair();
        pair.write(1);
        return pair;
    }

    final <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    /// A duplicate that is a bare number, which the library knows nothing about. It is one that the kernel, which gives
    /// out the lowest ones first, gives to nobody else when it is closed.
    final int rawDup(Pollable fileobj) {
        int fd = nextRaw++;
        rawDup(fileobj, fd);
        return fd;
    }

    /// Puts a duplicate in the place of a number, whatever that was.
    final void rawDup(Pollable fileobj, int fd) {
        Libc.dupOnto(fileobj.fileno(), fd);
        raw.add(fd);
    }

    /// An object that owns a number like that.
    final Fd ownedDup(Pollable fileobj, int fd) throws IOException {
        Libc.dupOnto(fileobj.fileno(), fd);
        return own(Fd.fromFd(fd));
    }

    /// Closes a bare number behind the library's back.
    final void closeRaw(int fd) {
        assertThat(raw.remove(fd)).isTrue();
        Libc.close(fd);
    }

    /// Closes a duplicate of a descriptor while it is registered, and then unregisters it. Its open file stays alive: when that
    /// becomes readable, or if it is already, EPOLL builds itself a new set.
    final void leaveStaleEntry(Selector<String> selector, Pollable fileobj) throws IOException {
        int number = rawDup(fileobj);
        selector.register(Pollable.borrow(number), Interest.READ, "stale");
        closeRaw(number);
        selector.unregister(Pollable.borrow(number));
    }

    /// An object of somebody else's class, whose number can change.
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

    /// Closes such an object.
    final void close(CustomPollable custom) {
        closeRaw(custom.fd);
        custom.fd = -1;
    }
}
