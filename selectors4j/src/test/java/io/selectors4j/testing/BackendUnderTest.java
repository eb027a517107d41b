package io.selectors4j.testing;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What the contract is held against: the backends, and KQUEUE on kernels that are written in Java.
public enum BackendUnderTest {
    SELECT(Backend.SELECT, null),
    POLL(Backend.POLL, null),
    EPOLL(Backend.EPOLL, null),

    /// EPOLL again: its selectors have been busy, and look before they get ready to sleep.
    EPOLL_BUSY(Backend.EPOLL, null),
    KQUEUE(Backend.KQUEUE, null),
    KQUEUE_SIMULATED_MACOS(Backend.KQUEUE, KqueueSystem.MACOS),
    KQUEUE_SIMULATED_FREEBSD(Backend.KQUEUE, KqueueSystem.FREEBSD),
    KQUEUE_SIMULATED_OPENBSD(Backend.KQUEUE, KqueueSystem.OPENBSD),
    KQUEUE_SIMULATED_NETBSD(Backend.KQUEUE, KqueueSystem.NETBSD),
    KQUEUE_SIMULATED_DRAGONFLY(Backend.KQUEUE, KqueueSystem.DRAGONFLY);

    private final Backend backend;
    private final @Nullable KqueueSystem system;

    BackendUnderTest(Backend backend, @Nullable KqueueSystem system) {
        this.backend = backend;
        this.system = system;
    }

    /// A kernel and what the library calls it with.
    private record Kernel(SimulatedKqueue kqueue, KqueueLibc libc) {

        private static final Map<KqueueSystem, Kernel> ALL = new ConcurrentHashMap<>();

        static Kernel of(KqueueSystem system) {
            return ALL.computeIfAbsent(system, key -> {
                SimulatedKqueue kqueue = new SimulatedKqueue(key);
                return new Kernel(kqueue, new KqueueLibc(key, kqueue.lookup()));
            });
        }
    }

    /// What its selectors say that they are on.
    public Backend backend() {
        return backend;
    }

    /// Whether it is epoll.
    public boolean isEpoll() {
        return backend == Backend.EPOLL;
    }

    /// Whether it is kqueue, on whatever kernel.
    public boolean isKqueue() {
        return backend == Backend.KQUEUE;
    }

    /// Whether it asks the kernel for numbers each time, and hears that one is closed.
    public boolean passesNumbersEachTime() {
        return this == SELECT || this == POLL;
    }

    /// Whether it hears no more of a number that is closed, whatever duplicates it has.
    public boolean dropsClosedNumbers() {
        return isKqueue();
    }

    /// Whether who waits to read learns that the other end does not read any more either.
    public boolean reportsHangupsToReaders() {
        return this == POLL || isEpoll();
    }

    /// Whether it is libkqueue, which has limits.
    public boolean isLibkqueue() {
        return this == KQUEUE && Platform.CURRENT.os() == Os.LINUX;
    }

    /// Whether it tells a socket's error from what can be read and written, each time. libkqueue takes it.
    public boolean reportsSocketErrors() {
        return this != SELECT && !isLibkqueue();
    }

    /// Whether its kernel is written in Java.
    public boolean isSimulated() {
        return system != null;
    }

    /// Whether it can be tested here.
    public boolean isAvailable() {
        if (this == EPOLL_BUSY && backend.isAvailable()) {
            return AlwaysReady.EVENT.isOpen();
        }
        return isSimulated() ? Platform.CURRENT.os() == Os.LINUX : backend.isAvailable();
    }

    /// Whether it is tested only if it is named: its struct is like that of another one, or has tests of its own.
    public boolean isExtra() {
        return this == KQUEUE_SIMULATED_OPENBSD || this == KQUEUE_SIMULATED_NETBSD || this == KQUEUE_SIMULATED_DRAGONFLY;
    }

    /// Opens a selector.
    public <A extends @Nullable Object> Selector<A> open() throws IOException {
        Selector<A> selector = system == null ? backend.open() : KqueueSelectors.open(Kernel.of(system).libc);
        if (this == EPOLL_BUSY) {
            keepBusy(selector);
        }
        return selector;
    }

    /// Has it find something at once, more often than it takes to notice.
    @SuppressWarnings("NullAway") // nobody sees the key
    private static <A extends @Nullable Object> void keepBusy(Selector<A> selector) throws IOException {
        boolean busy = false;
        try {
            selector.register(AlwaysReady.EVENT, Interest.READ, null);
            for (int i = 0; i < 100; i++) {
                selector.select(null, (_, _) -> {});
            }
            selector.unregister(AlwaysReady.EVENT);
            busy = true;
        } finally {
            if (!busy) {
                selector.close();
            }
        }
    }

    /// Is there before a test counts what is open.
    private static final class AlwaysReady {
        static final EventFd EVENT = open();

        private static EventFd open() {
            try {
                return EventFd.open(1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Whether its selectors take an interest.
    public boolean supports(Interest events) {
        if (!isSimulated()) {
            return backend.supports(events);
        }
        // Only these have a filter for urgent data and nothing else.
        boolean edgeIfUrgent = this == KQUEUE_SIMULATED_OPENBSD || this == KQUEUE_SIMULATED_DRAGONFLY;
        boolean urgentEdge = events.isEdgeTriggered() && events.contains(Interest.PRIORITY);
        return !events.isEmpty() && !events.isExclusive() && (edgeIfUrgent || !urgentEdge);
    }

    /// What has failed in the kernel that is written in Java: then nothing of what it has answered counts. Or else what it was
    /// asked for that its system does not know.
    public @Nullable Object failure() {
        if (system == null) {
            return null;
        }
        SimulatedKqueue kqueue = Kernel.of(system).kqueue;
        return kqueue.failure() != null ? kqueue.failure() : kqueue.unknownFilter();
    }

    @Override
    public String toString() {
        if (this == EPOLL_BUSY) {
            return "epoll-busy";
        }
        return system == null ? name() : "kqueue-simulated-" + system.name().toLowerCase(Locale.ROOT);
    }
}
