package io.selectors4j.stress.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.fd.EventFd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.stress.ring.SimulatedRing.Completion;
import io.selectors4j.stress.ring.SimulatedRing.Submission;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A kernel with io_uring in Java, on real sockets: sends, receives into provided buffers, polls and cancellations. It
/// can give one of the sends and receives a [CompletionFault]. One thread at a time uses it.
public final class SimulatedIoUring implements RingKernel, AutoCloseable {

    // linux/io_uring.h
    static final int FEATURES = 0x107; // SINGLE_MMAP, NODROP, SUBMIT_STABLE, EXT_ARG
    private static final int OP_NOP = 0;
    private static final int OP_POLL_ADD = 6;
    private static final int OP_ASYNC_CANCEL = 14;
    private static final int OP_SEND = 26;
    private static final int OP_RECV = 27;
    private static final int LAST_OP = 55;
    private static final int RECV_MULTISHOT = 2;
    private static final int F_BUFFER = 1;
    private static final int F_MORE = 2;
    private static final int BUFFER_SHIFT = 16;
    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 8;
    private static final int SETUP_SINGLE_ISSUER = 1 << 12;
    private static final int REGISTER_PROBE = 8;
    private static final int REGISTER_ENABLE_RINGS = 12;
    private static final int REGISTER_PBUF_RING = 22;

    private static final int EEXIST = Errno.number("EEXIST");
    private static final int ENOENT = Errno.number("ENOENT");
    private static final int ENOBUFS = Errno.number("ENOBUFS");
    private static final int ECANCELED = Errno.number("ECANCELED");
    private static final int ETIME = Errno.number("ETIME");

    private static final long MAX_NANOS = 1_000_000_000;
    private static final long PAUSE_NANOS = 20_000;

    /// The number of calls after which a late completion comes.
    private static final int LATE_CALLS = 3;

    private final EventFd original = EventFd.open(0);
    private final int sqEntries;
    private final int cqEntries;
    private final Map<Integer, Instance> instances = new HashMap<>();
    private final Map<Long, MemorySegment> mappings = new HashMap<>();

    private CompletionFault fault = CompletionFault.NONE;
    private int faultyCompletion = -1;
    private int completions;
    private @Nullable Submission faulty;

    /// What runs at the end of each call; with it, the requests of the library may be wrong.
    private @Nullable Runnable tampering;

    /// Creates a kernel, and installs it.
    public SimulatedIoUring(int sqEntries, int cqEntries) throws IOException {
        this.sqEntries = sqEntries;
        this.cqEntries = cqEntries;
        RingCalls.install(this);
    }

    /// Gives a fault to one of the sends and receives.
    ///
    /// @param completion its number, from 0
    void inject(CompletionFault injected, int completion) {
        fault = injected;
        faultyCompletion = completion;
    }

    /// Runs an action at the end of each call that asks for completions. It may write anything to [#ring].
    public void tamper(@Nullable Runnable action) {
        tampering = action;
    }

    /// Returns whether an instance was created.
    public boolean hasInstance() {
        return !instances.isEmpty();
    }

    /// Makes the queues right again, and completes all requests.
    public void repair() {
        tampering = null;
        Instance last = lastInstance();
        last.late = null;
        last.ring.repair();
        last.cancelsUnknown = true;
        for (Submission request : List.copyOf(last.requests.values())) {
            last.end(request, -ECANCELED, 0);
        }
    }

    /// Returns the fault.
    CompletionFault fault() {
        return fault;
    }

    /// Returns the request that has got the fault, or null.
    @Nullable
    Submission faulty() {
        return faulty;
    }

    /// Returns the queues of the last instance.
    public SimulatedRing ring() {
        return lastInstance().ring;
    }

    /// Returns the user data of the requests in progress.
    public List<Long> requests() {
        return List.copyOf(lastInstance().requests.keySet());
    }

    /// Returns the number of buffers that the kernel may take, of all groups of the last instance.
    int providedBuffers() {
        return lastInstance().groups.values().stream()
                .mapToInt(BufferGroup::size)
                .sum();
    }

    private Instance lastInstance() {
        Instance last = null;
        for (Instance instance : instances.values()) {
            last = last == null || instance.number > last.number ? instance : last;
        }
        if (last == null) {
            throw new IllegalStateException("no instance");
        }
        return last;
    }

    /// Returns the kernel of the system.
    @Override
    public void close() throws IOException {
        RingCalls.install(null);
        original.close();
    }

    static boolean isSend(Submission request) {
        return request.opcode() == OP_SEND;
    }

    @Override
    public long setup(int entries, MemorySegment params) {
        int flags = params.get(JAVA_INT, 8);
        params.set(JAVA_INT, 20, FEATURES);
        int fd = Libc.dup(original.fileno());
        boolean forOneThread = (flags & SETUP_SINGLE_ISSUER) != 0;
        instances.put(
                fd, new Instance(instances.size(), new SimulatedRing(sqEntries, cqEntries, params), forOneThread));
        return fd;
    }

    @Override
    public long mmap(int fd, long offset) {
        Instance instance = instances.get(fd);
        if (instance == null) {
            return OTHER;
        }
        MemorySegment memory = offset == 0 ? instance.ring.queues() : instance.ring.submissionEntries();
        mappings.put(memory.address(), memory);
        return memory.address();
    }

    @Override
    public boolean munmap(long address) {
        for (Instance instance : instances.values()) {
            if (instance.ring.queues().address() == address) {
                instance.close();
            }
        }
        return mappings.remove(address) != null;
    }

    @Override
    public long register(int fd, int opcode, long argument) {
        Instance instance = instances.get(fd);
        if (instance == null) {
            return OTHER;
        }
        switch (opcode) {
            case REGISTER_PROBE -> SimulatedRing.memory(argument, 16).set(JAVA_BYTE, 0, (byte) LAST_OP);
            case REGISTER_ENABLE_RINGS ->
                instance.owner = Thread.currentThread().threadId();
            case REGISTER_PBUF_RING -> {
                MemorySegment struct = SimulatedRing.memory(argument, 40);
                int entries = struct.get(JAVA_INT, 8);
                int group = Short.toUnsignedInt(struct.get(JAVA_SHORT, 12));
                instance.groups.put(
                        group, new BufferGroup(SimulatedRing.memory(struct.get(JAVA_LONG, 0), 16L * entries), entries));
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    @Override
    public long enter(int fd, int toSubmit, int minComplete, int flags, long argument) {
        Instance instance = instances.get(fd);
        if (instance == null) {
            return OTHER;
        }
        if (instance.forOneThread && instance.owner != Thread.currentThread().threadId()) {
            return -EEXIST;
        }
        boolean timed = (flags & ENTER_EXT_ARG) != 0;
        long nanos = timed
                ? SimulatedRing.nanos(
                        SimulatedRing.memory(SimulatedRing.memory(argument, 24).get(JAVA_LONG, 16), 16))
                : Long.MAX_VALUE;
        long start = System.nanoTime();
        int submitted = instance.submit(toSubmit);
        if (tampering != null && minComplete > 0 && nanos > MAX_NANOS) {
            throw new AssertionError("a wait without end");
        }
        if ((flags & ENTER_GETEVENTS) == 0) {
            return submitted;
        }
        instance.complete();
        if (tampering != null) {
            tampering.run();
        }
        while (minComplete > 0 && instance.ring.available() == 0) {
            if (System.nanoTime() - start >= nanos) {
                return submitted > 0 ? submitted : -ETIME;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            instance.complete();
        }
        return submitted;
    }

    private CompletionFault nextFault(Submission request) {
        if (completions++ != faultyCompletion) {
            return CompletionFault.NONE;
        }
        faulty = request;
        return fault;
    }

    /// A completion that comes later.
    private record Late(int call, Submission request, List<Completion> completions, boolean last) {}

    /// One instance.
    private final class Instance {
        private final int number;
        private final SimulatedRing ring;
        private final boolean forOneThread;
        private final Map<Integer, BufferGroup> groups = new HashMap<>();

        /// The requests in progress by user data.
        private final Map<Long, Submission> requests = new LinkedHashMap<>();

        /// Duplicates of their descriptors: a request keeps its file open.
        private final Map<Long, Integer> files = new HashMap<>();

        private @Nullable Late late;

        /// The id of the thread that may enter the instance, if only one may.
        private long owner;

        private int calls;

        /// Whether the cancellation of a request that does not exist completes it.
        private boolean cancelsUnknown;

        Instance(int number, SimulatedRing ring, boolean forOneThread) {
            this.number = number;
            this.ring = ring;
            this.forOneThread = forOneThread;
        }

        int submit(int count) {
            int submitted = 0;
            while (submitted < count) {
                Submission request = ring.take();
                if (request == null) {
                    break;
                }
                submitted++;
                switch (request.opcode()) {
                    case OP_NOP -> ring.complete(new Completion(request.data(), 0, 0));
                    case OP_ASYNC_CANCEL -> cancel(request);
                    default -> start(request);
                }
            }
            return submitted;
        }

        private void start(Submission request) {
            int file = Libc.tryDup(request.fd());
            if (file < 0) {
                ring.complete(new Completion(request.data(), -Errno.EBADF, 0));
                return;
            }
            Submission same = requests.get(request.data());
            if (same != null) {
                if (tampering == null) {
                    throw new AssertionError("two requests with the same user data: " + request);
                }
                remove(same);
            }
            if (isSend(request) && request.len() <= 0) {
                throw new AssertionError("not a number of bytes: " + request);
            }
            files.put(request.data(), file);
            requests.put(request.data(), request);
        }

        private int file(Submission request) {
            return Objects.requireNonNull(files.get(request.data()));
        }

        private void remove(Submission request) {
            requests.remove(request.data());
            Libc.close(Objects.requireNonNull(files.remove(request.data())));
        }

        /// Ends all requests.
        void close() {
            List.copyOf(requests.values()).forEach(this::remove);
        }

        private void cancel(Submission cancellation) {
            Submission target = requests.get(cancellation.addr());
            if (late != null && late.request.equals(target)) {
                release();
                target = requests.get(cancellation.addr());
            }
            if (target != null) {
                end(target, -ECANCELED, 0);
            } else if (cancelsUnknown) {
                ring.complete(new Completion(cancellation.addr(), -ECANCELED, 0));
            }
            ring.complete(new Completion(cancellation.data(), target == null ? -ENOENT : 0, 0));
        }

        /// Makes the transfers that are possible.
        void complete() {
            calls++;
            ring.flush();
            if (late != null && calls >= late.call) {
                release();
            }
            for (Submission request : new ArrayList<>(requests.values())) {
                if (late == null || !late.request.equals(request)) {
                    transfer(request);
                }
            }
        }

        private void release() {
            Late released = late;
            late = null;
            if (released != null) {
                released.completions.forEach(ring::complete);
                if (released.last) {
                    remove(released.request);
                }
            }
        }

        private void transfer(Submission request) {
            switch (request.opcode()) {
                case OP_POLL_ADD -> {
                    if (SimulatedRing.isReady(file(request), PollFlags.POLLIN)) {
                        end(request, PollFlags.POLLIN, 0);
                    }
                }
                case OP_RECV -> {
                    while (requests.containsKey(request.data())
                            && (late == null || !late.request.equals(request))
                            && SimulatedRing.isReady(file(request), PollFlags.POLLIN)) {
                        receive(request, nextFault(request));
                    }
                }
                case OP_SEND -> {
                    if (SimulatedRing.isReady(file(request), PollFlags.POLLOUT)) {
                        send(request, nextFault(request));
                    }
                }
                default -> throw new AssertionError("not simulated: " + request);
            }
        }

        private void receive(Submission request, CompletionFault injected) {
            BufferGroup group = groups.get(request.group());
            MemorySegment buffer = group == null ? null : group.peek();
            if (injected.errno() != 0 || group == null || buffer == null) {
                end(request, injected.errno() != 0 ? -injected.errno() : -ENOBUFS, 0);
                return;
            }
            int size = injected == CompletionFault.SHORT ? 1 : buffer.get(JAVA_INT, 8);
            int result = (int) PosixSockets.recv(
                    ErrnoCapture.current(), file(request), buffer.get(JAVA_LONG, 0), size, Constants.MSG_DONTWAIT);
            if (result <= 0) {
                if (result != -Errno.EAGAIN) {
                    end(request, injected, result, 0);
                }
                return;
            }
            group.take();
            int flags = F_BUFFER | buffer.get(JAVA_SHORT, 12) << BUFFER_SHIFT;
            boolean again = (request.ioprio() & RECV_MULTISHOT) != 0
                    && ring.hasRoom()
                    && injected != CompletionFault.LAST
                    && injected != CompletionFault.TWICE;
            if (!again) {
                end(request, injected, result, flags);
            } else if (injected == CompletionFault.LATE) {
                late = new Late(
                        calls + LATE_CALLS,
                        request,
                        List.of(new Completion(request.data(), result, flags | F_MORE)),
                        false);
            } else {
                ring.complete(new Completion(request.data(), result, flags | F_MORE));
            }
        }

        private void send(Submission request, CompletionFault injected) {
            int size = injected == CompletionFault.SHORT ? 1 : injected == CompletionFault.EMPTY ? 0 : request.len();
            int result = injected.errno() != 0
                    ? -injected.errno()
                    : (int) PosixSockets.send(
                            ErrnoCapture.current(),
                            file(request),
                            request.addr(),
                            size,
                            request.opFlags() | Constants.MSG_DONTWAIT);
            if (result != -Errno.EAGAIN || injected.errno() != 0) {
                end(request, injected, result, 0);
            }
        }

        private void end(Submission request, CompletionFault injected, int result, int flags) {
            if (injected == CompletionFault.LATE && late == null) {
                Completion completion = new Completion(request.data(), result, flags);
                late = new Late(calls + LATE_CALLS, request, List.of(completion), true);
                return;
            }
            end(request, result, flags);
            if (injected == CompletionFault.TWICE) {
                ring.complete(new Completion(request.data(), result, flags));
            }
        }

        private void end(Submission request, int result, int flags) {
            remove(request);
            ring.complete(new Completion(request.data(), result, flags));
        }
    }
}
