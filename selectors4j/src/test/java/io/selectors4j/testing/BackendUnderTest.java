package io.selectors4j.testing;

import io.selectors4j.AfdSelectors;
import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.IoUringSelectors;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.windows.AfdLibc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A backend that the contract tests run on: one of the library's backends, or KQUEUE or AFD on a kernel simulated in
/// Java.
public enum BackendUnderTest {
    SELECT(Backend.SELECT, null),
    POLL(Backend.POLL, null),
    EPOLL(Backend.EPOLL, null),

    /// EPOLL in its other state: the selectors have been busy and poll before they block.
    EPOLL_BUSY(Backend.EPOLL, null),
    KQUEUE(Backend.KQUEUE, null),
    KQUEUE_SIMULATED_MACOS(Backend.KQUEUE, KqueueSystem.MACOS),
    KQUEUE_SIMULATED_FREEBSD(Backend.KQUEUE, KqueueSystem.FREEBSD),
    KQUEUE_SIMULATED_OPENBSD(Backend.KQUEUE, KqueueSystem.OPENBSD),
    KQUEUE_SIMULATED_NETBSD(Backend.KQUEUE, KqueueSystem.NETBSD),
    KQUEUE_SIMULATED_DRAGONFLY(Backend.KQUEUE, KqueueSystem.DRAGONFLY),

    AFD(Backend.AFD, null),

    /// AFD on a system simulated in Java.
    AFD_SIMULATED(Backend.AFD, null),

    /// IO_URING whose waits go through the ring, as after the first batch.
    IO_URING(Backend.IO_URING, null),

    /// IO_URING with all sockets batched that can be.
    IO_URING_BATCHED(Backend.IO_URING, null),

    /// The simulated selectors of the module `selectors4j-testing`, which tests them; see [TestSimulation].
    SIMULATED_SELECT(Backend.SELECT, null),
    SIMULATED_POLL(Backend.POLL, null),
    SIMULATED_EPOLL(Backend.EPOLL, null);

    private final Backend backend;
    private final @Nullable KqueueSystem system;

    BackendUnderTest(Backend backend, @Nullable KqueueSystem system) {
        this.backend = backend;
        this.system = system;
    }

    /// A simulated kernel and the bindings linked with it.
    private record Kernel(SimulatedKqueue kqueue, KqueueLibc libc) {

        private static final Map<KqueueSystem, Kernel> ALL = new ConcurrentHashMap<>();

        static Kernel of(KqueueSystem system) {
            return ALL.computeIfAbsent(system, key -> {
                SimulatedKqueue kqueue = new SimulatedKqueue(key);
                return new Kernel(kqueue, new KqueueLibc(key, kqueue.lookup()));
            });
        }
    }

    /// The simulated AFD and the bindings linked with it.
    private static final class Afd {
        static final SimulatedAfd SYSTEM = new SimulatedAfd();
        static final AfdLibc LIBC = new AfdLibc(SYSTEM.lookup());
    }

    /// Returns the backend that the selectors report.
    public Backend backend() {
        return backend;
    }

    /// Returns whether this is epoll.
    public boolean isEpoll() {
        return backend == Backend.EPOLL || backend == Backend.IO_URING;
    }

    /// Returns whether this is kqueue, on a real or simulated kernel.
    public boolean isKqueue() {
        return backend == Backend.KQUEUE;
    }

    /// Returns whether this is AFD, on a real or simulated system.
    public boolean isAfd() {
        return backend == Backend.AFD;
    }

    /// Returns whether the kernel refuses files that are always ready.
    public boolean refusesFiles() {
        return isEpoll() || isAfd();
    }

    /// Returns the message with which the kernel refuses a file, as a regular expression.
    public String refusal(FileFd file) {
        return isAfd()
                ? "NtDeviceIoControlFile\\(IOCTL_AFD_POLL, fd=" + file.fileno() + "\\): EBADF \\(.+"
                : "epoll_ctl\\(ADD, fd=" + file.fileno() + "\\): EPERM \\(1\\) .+POLL and SELECT take it\\)";
    }

    /// Returns whether each wait reports numbers that were closed while registered as invalid.
    public boolean reportsClosedNumbers() {
        return passesNumbersEachTime() || isAfd();
    }

    /// Returns whether each wait passes the numbers to the kernel, which then reports closed ones as invalid.
    public boolean passesNumbersEachTime() {
        return backend == Backend.SELECT || backend == Backend.POLL;
    }

    /// Returns whether the kernel drops a number when it is closed, even if a duplicate of it is open.
    public boolean dropsClosedNumbers() {
        return isKqueue();
    }

    /// Returns whether a read interest reports that the peer does not read any more either.
    public boolean reportsHangupsToReaders() {
        return backend == Backend.POLL || isEpoll();
    }

    /// Returns how long a wait below a millisecond takes at most, on an idle machine.
    public Duration shortestWait() {
        if (Platform.IS_WINDOWS) {
            return Duration.ofMillis(20); // a tick of the clock
        }
        boolean millis = isAfd() || (this == POLL && Platform.CURRENT.os() == Os.MACOS);
        return Duration.ofNanos(millis ? 1_900_000 : 900_000);
    }

    /// Returns whether this is libkqueue, which has limits of its own.
    public boolean isLibkqueue() {
        return this == KQUEUE && Platform.CURRENT.os() == Os.LINUX;
    }

    /// Returns whether a socket error is reported as an error each time. libkqueue consumes it.
    public boolean reportsSocketErrors() {
        return backend != Backend.SELECT && !isLibkqueue();
    }

    /// Returns whether the kernel is simulated in Java.
    public boolean isSimulated() {
        return system != null || this == AFD_SIMULATED;
    }

    /// Returns whether this is a selector of a [TestSimulation].
    public boolean isImitation() {
        return this == SIMULATED_SELECT || this == SIMULATED_POLL || this == SIMULATED_EPOLL;
    }

    /// Returns whether the backend can be tested on this machine.
    public boolean isAvailable() {
        if (isImitation() || TestSimulation.CURRENT != null) {
            return isImitation() && TestSimulation.CURRENT != null;
        }
        if (this == EPOLL_BUSY && backend.isAvailable()) {
            return AlwaysReady.EVENT.isOpen();
        }
        // On s390x, upcalls of JDK 25 get wrong arguments: tools/emulate/UpcallArguments.java.
        boolean upcalls = Platform.CURRENT.os() == Os.LINUX && Platform.CURRENT.arch() != Arch.S390X;
        return isSimulated() ? upcalls : backend.isAvailable();
    }

    /// Returns whether the backend is tested only when `-Dbackends` names it: its struct equals another one, or has its
    /// own tests.
    public boolean isExtra() {
        return this == KQUEUE_SIMULATED_OPENBSD
                || this == KQUEUE_SIMULATED_NETBSD
                || this == KQUEUE_SIMULATED_DRAGONFLY;
    }

    /// Returns whether another backend has nearly the same tests.
    public boolean isVariant() {
        return this == KQUEUE_SIMULATED_FREEBSD || this == IO_URING || this == SIMULATED_SELECT;
    }

    /// Opens a selector.
    public <A extends @Nullable Object> Selector<A> open() throws IOException {
        if (TestSimulation.CURRENT != null) {
            return TestSimulation.CURRENT.openSelector(backend);
        }
        Selector<A> selector = this == AFD_SIMULATED
                ? AfdSelectors.open(Afd.LIBC)
                : system == null ? backend.open() : KqueueSelectors.open(Kernel.of(system).libc);
        if (this == EPOLL_BUSY) {
            keepBusy(selector);
        }
        if (selector instanceof IoUringSelector<A> ring) {
            IoUringSelectors.startRing(ring);
        }
        return this == IO_URING_BATCHED ? new BatchingSelector<>((IoUringSelector<A>) selector) : selector;
    }

    /// Lets the selector find a ready key many times, until it polls before it blocks.
    @SuppressWarnings("NullAway") // the key is never delivered to a test
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

    /// Opened once, before a test counts open descriptors.
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

    /// Returns whether sockets are batched, which have no out-of-band data.
    public boolean isBatched() {
        return this == IO_URING_BATCHED;
    }

    /// Returns whether waits go through an io_uring.
    public boolean usesRing() {
        return backend == Backend.IO_URING;
    }

    /// Returns whether the selectors accept an interest.
    public boolean supports(Interest events) {
        if (!isSimulated()) {
            return backend.supports(events);
        }
        if (isAfd()) {
            return !events.isEmpty() && !events.isExclusive() && !events.isEdgeTriggered();
        }
        // Only these systems have a filter for urgent data alone.
        boolean edgeIfUrgent = this == KQUEUE_SIMULATED_OPENBSD || this == KQUEUE_SIMULATED_DRAGONFLY;
        boolean hangup = events.contains(Interest.HANGUP);
        boolean urgentEdge = events.isEdgeTriggered() && events.contains(Interest.PRIORITY);
        return !events.isEmpty() && !hangup && !events.isExclusive() && (edgeIfUrgent || !urgentEdge);
    }

    /// Returns the first exception in the simulated kernel, or the first change for a filter that its system lacks;
    /// null if there is neither. After a failure, no result of the simulated kernel is valid.
    public @Nullable Object failure() {
        if (this == AFD_SIMULATED) {
            return Afd.SYSTEM.failure();
        }
        if (system == null) {
            return null;
        }
        SimulatedKqueue kqueue = Kernel.of(system).kqueue;
        return kqueue.failure() != null ? kqueue.failure() : kqueue.unknownFilter();
    }

    @Override
    public String toString() {
        if (isImitation()) {
            return "simulated-" + backend;
        }
        if (this == EPOLL_BUSY) {
            return "epoll-busy";
        }
        if (this == AFD_SIMULATED) {
            return "afd-simulated";
        }
        return system == null ? name() : "kqueue-simulated-" + system.name().toLowerCase(Locale.ROOT);
    }
}
