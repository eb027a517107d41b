package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxLibc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The kqueue of a BSD or macOS, simulated for tests on Linux. Its C functions `kqueue` and `kevent` read and write the
/// structs of that system and behave as its kernel does, by kqueue(2) and kern_event.c. They act on Linux descriptors
/// and use Linux's numbers for errno.
///
/// Known differences:
/// - A descriptor that was closed and duplicated back with `dup2` between two calls keeps its knotes. A kernel would
///   have dropped them.
/// - The error of a socket is always ECONNRESET.
/// - `data` of a listener is 0 or 1.
public final class SimulatedKqueue {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private static final ThreadLocal<long[]> CALLS = ThreadLocal.withInitial(() -> new long[1]);

    private final SimulatedKqueueAbi abi;
    private final Arena arena = Arena.ofAuto();
    private final Map<String, MemorySegment> functions;
    private final Map<Integer, SimulatedQueue> queues = new HashMap<>();
    private final Set<Integer> refused = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable String> unknownFilter = new AtomicReference<>();

    /// Creates the kernel of a system.
    public SimulatedKqueue(KqueueSystem system) {
        abi = SimulatedKqueueAbi.of(system);
        FunctionDescriptor kevent = abi.wideCounts()
                ? FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS)
                : FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
        functions = Map.of(
                "kqueue",
                stub("kqueue", FunctionDescriptor.of(JAVA_INT)),
                abi.symbol(),
                stub(abi.wideCounts() ? "keventWide" : "kevent", kevent));
    }

    @SuppressWarnings("restricted")
    private MemorySegment stub(String method, FunctionDescriptor type) {
        MethodType javaType = type.toMethodType();
        try {
            MethodHandle handle = MethodHandles.lookup().bind(this, method, javaType);
            return Linker.nativeLinker().upcallStub(handle, type, arena);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method, e);
        }
    }

    /// Returns the lookup to link its functions with.
    public SymbolLookup lookup() {
        return name -> Optional.ofNullable(functions.get(name));
    }

    /// Returns the first exception thrown in an upcall. The call then returned EFAULT, and the result of the test is
    /// not valid.
    public @Nullable Throwable failure() {
        return failure.get();
    }

    /// Returns the first change for a filter that the system does not have. The selector may hide this error, because
    /// it falls back to another wait when a change is refused.
    public @Nullable String unknownFilter() {
        return unknownFilter.get();
    }

    /// Refuses a descriptor with EINVAL, as macOS does with some devices.
    public void refuse(int fd) {
        refused.add(fd);
    }

    /// Accepts a refused descriptor again.
    public void accept(int fd) {
        refused.remove(fd);
    }

    /// Returns the descriptors of this process that implement the simulated kernels.
    public static Set<Integer> hiddenDescriptors() {
        return Set.copyOf(HiddenDescriptors.numbers());
    }

    /// Returns the number of calls of `kevent` by the current thread, on all simulated kernels.
    static long callsOfThisThread() {
        return CALLS.get()[0];
    }

    private interface Call {
        /// @return the value, or `-errno`
        int make();
    }

    /// Runs an upcall. No exception may reach native code.
    private int run(Call call) {
        int result;
        try {
            result = call.make();
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
            result = -LinuxCalls.EFAULT;
        }
        if (result >= 0) {
            return result;
        }
        LinuxCalls.setErrno(-result);
        return -1;
    }

    /// `int kqueue(void);`
    @SuppressWarnings("UnusedMethod") // an upcall
    private int kqueue() {
        return run(() -> {
            closeUnused();
            int epfd = LinuxLibc.epoll_create1(ErrnoCapture.current(), 0);
            if (epfd >= 0) {
                SimulatedQueue queue = SimulatedQueue.create(abi, refused, epfd);
                synchronized (queues) {
                    SimulatedQueue previous = queues.put(epfd, queue);
                    if (previous != null && !queues.containsValue(previous)) {
                        previous.close();
                    }
                }
            }
            return epfd;
        });
    }

    /// Closes the kqueues without a descriptor. The simulation is not told of a close, so each `kqueue` call checks.
    private void closeUnused() {
        synchronized (queues) {
            Set<SimulatedQueue> alive = ConcurrentHashMap.newKeySet();
            queues.forEach((fd, queue) -> {
                if (queue.hasFd(fd)) {
                    alive.add(queue);
                }
            });
            List<SimulatedQueue> dead = new ArrayList<>(queues.values());
            dead.removeAll(alive);
            queues.values().removeAll(dead);
            Set.copyOf(dead).forEach(SimulatedQueue::close);
        }
    }

    private @Nullable SimulatedQueue find(int kq) {
        synchronized (queues) {
            SimulatedQueue known = queues.get(kq);
            if (known != null && known.hasFd(kq)) {
                return known;
            }
            for (SimulatedQueue queue : Set.copyOf(queues.values())) {
                if (queue.hasFd(kq)) {
                    queues.put(kq, queue); // a duplicate
                    return queue;
                }
            }
        }
        return null;
    }

    /// `int kevent(int kq, const struct kevent *changelist, size_t nchanges, struct kevent *eventlist, size_t nevents,
    /// const struct timespec *timeout);`
    @SuppressWarnings("UnusedMethod") // an upcall
    private int keventWide(
            int kq,
            MemorySegment changelist,
            long nchanges,
            MemorySegment eventlist,
            long nevents,
            MemorySegment timeout) {
        CALLS.get()[0]++;
        return run(() ->
                kevent(kq, changelist, Math.toIntExact(nchanges), eventlist, Math.toIntExact(nevents), nanos(timeout)));
    }

    /// `int kevent(int kq, const struct kevent *changelist, int nchanges, struct kevent *eventlist, int nevents, const
    /// struct timespec *timeout);`
    @SuppressWarnings("UnusedMethod") // an upcall
    private int kevent(
            int kq,
            MemorySegment changelist,
            int nchanges,
            MemorySegment eventlist,
            int nevents,
            MemorySegment timeout) {
        CALLS.get()[0]++;
        return run(() -> kevent(kq, changelist, nchanges, eventlist, nevents, nanos(timeout)));
    }

    /// @return nanoseconds, Long.MAX_VALUE for no timeout, or -1 if it is invalid
    @SuppressWarnings("restricted")
    private static long nanos(MemorySegment timeout) {
        if (timeout.address() == 0) {
            return Long.MAX_VALUE;
        }
        MemorySegment timespec = timeout.reinterpret(16);
        long seconds = timespec.get(JAVA_LONG, 0);
        long nanos = timespec.get(JAVA_LONG, 8);
        if (seconds < 0 || nanos < 0 || nanos >= NANOS_PER_SECOND) {
            return -1;
        }
        return seconds > Long.MAX_VALUE / NANOS_PER_SECOND - 1 ? Long.MAX_VALUE : seconds * NANOS_PER_SECOND + nanos;
    }

    @SuppressWarnings("restricted")
    private MemorySegment list(MemorySegment pointer, int count) {
        return pointer.reinterpret((long) count * abi.size());
    }

    private int kevent(
            int kq, MemorySegment changelist, int nchanges, MemorySegment eventlist, int nevents, long nanos) {
        SimulatedQueue queue = find(kq);
        if (queue == null) {
            return -LinuxCalls.EBADF;
        }
        if (nchanges < 0 || nevents < 0 || nanos < 0) {
            return -LinuxCalls.EINVAL;
        }
        if ((nchanges > 0 && changelist.address() == 0) || (nevents > 0 && eventlist.address() == 0)) {
            return -LinuxCalls.EFAULT;
        }
        MemorySegment changes = list(changelist, nchanges);
        MemorySegment events = list(eventlist, nevents);
        int results = 0;
        for (int i = 0; i < nchanges; i++) {
            SimulatedKevent change = abi.read(changes, i).withoutSystemFlags();
            if (abi.filter(change) == null) {
                unknownFilter.compareAndSet(null, change.toString());
            }
            int error = queue.register(kq, change);
            if (error == 0 && !change.has(SimulatedKevent.EV_RECEIPT)) {
                continue;
            }
            if (results < nevents) {
                int flags = SimulatedKevent.EV_ERROR | (abi.apple() ? change.flags() : 0);
                abi.write(events, results++, change.receipt(flags, error));
            } else if (error != 0 || !abi.apple()) {
                return -error; // so do the BSDs for a receipt that does not fit
            }
        }
        return results > 0 || nevents == 0 ? results : scan(kq, queue, events, nevents, nanos);
    }

    private int scan(int kq, SimulatedQueue queue, MemorySegment events, int nevents, long nanos) {
        long start = System.nanoTime();
        while (true) {
            List<SimulatedKevent> found = queue.collect(kq, nevents);
            for (int i = 0; i < found.size(); i++) {
                abi.write(events, i, found.get(i));
            }
            long remaining = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
            if (!found.isEmpty() || remaining <= 0) {
                return found.size();
            }
            int error = queue.await(remaining);
            if (error < 0) {
                return error;
            }
            if (find(kq) != queue) {
                return -LinuxCalls.EBADF;
            }
        }
    }
}
