package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.IoUringBufferRing;
import io.selectors4j.internal.linux.IoUringConstants;
import io.selectors4j.internal.linux.IoUringRings;
import io.selectors4j.internal.linux.SendChunks;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.IoUringInstance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The batched streams of one selector: stream sockets whose bytes an io_uring moves, with one system call for each
/// wait.
///
/// The ring has four kinds of requests. A multishot receive of each stream takes its buffers from a group of provided
/// ones. A send has the bytes that were written since the last one; a stream has at most one in progress. A poll of the
/// selector's epoll instance stands for all descriptors that are not batched. Cancellations stop the receive of a
/// stream that the program does not read.
///
/// At the beginning of a wait, the kernel gets all provided buffers back: bytes that were not read since the last wait
/// are copied to memory of their stream. So such a stream does not hold up the others.
///
/// As long as one platform thread selects, the ring is one that only this thread may enter: the kernel then completes
/// requests when the thread waits, a few at a time, which keeps their data in the cache.
///
/// This object's monitor guards all streams and the queues. It is never held during a wait. A selector's lock comes
/// before it. Any thread may read, write and close a stream; only the selecting thread calls [#await].
public final class IoUringStreams {

    /// The result of [#await] if a stream may be ready.
    public static final int STREAMS = 1;

    /// The result of [#await] if the epoll instance may have events.
    public static final int EPOLL = 2;

    /// The number of provided buffers in a group, and the number of streams that it is meant for.
    private static final int GROUP = 256;

    private static final int MAX_GROUPS = 64;
    private static final int BUFFER_SIZE = 4096 + 64;
    private static final int SQ_ENTRIES = 512;
    private static final int CQ_ENTRIES = 16_384;

    /// The longest time that [#close] waits for the kernel, in nanoseconds.
    private static final long CANCEL_NANOS = 1_000_000_000;

    /// The time after which it cancels again, in nanoseconds.
    private static final long CANCEL_SLICE_NANOS = 5_000_000;

    /// The rings with requests that the kernel may still complete: their memory has to stay reachable.
    private static final Set<IoUringStreams> OPEN = ConcurrentHashMap.newKeySet();

    private IoUringInstance instance;
    private IoUringRings rings;
    private StreamRequests requests;

    /// The thread that may enter the instance; 0 if none or any may.
    private long owner;

    private final IoUringInstance.Wait wait = new IoUringInstance.Wait();
    private final IntSupplier wakeup;
    private List<IoUringBufferRing> groups = new ArrayList<>();

    /// The number of groups that the kernel has.
    private int registeredGroups;

    private final SendChunks chunks = new SendChunks();
    private final LingerZero lingerZero = new LingerZero();

    /// The streams by number; a number is used again after the last completion of its stream.
    private @Nullable IoUringStream[] streams = new @Nullable IoUringStream[64];

    /// The streams by descriptor, as long as the ring keeps it open.
    private @Nullable IoUringStream[] byFd = new @Nullable IoUringStream[64];

    /// The free numbers below `used`.
    private int[] free = new int[64];

    private int freeCount;
    private int used;

    /// The streams that were ready, or have got bytes, since the last wait.
    private @Nullable IoUringStream[] active = new @Nullable IoUringStream[64];

    private int activeCount;

    /// The streams with something to submit.
    private @Nullable IoUringStream[] dirty = new @Nullable IoUringStream[64];

    private int dirtyCount;

    /// Whether a thread is in a wait that only a completion ends.
    private boolean blocked;

    /// Whether the kernel polls the epoll instance.
    private boolean watching;

    /// Whether that poll has completed since [#await] last looked.
    private boolean watchFired;

    private boolean closed;

    private IoUringStreams(IoUringInstance instance, IntSupplier wakeup) {
        this.instance = instance;
        this.wakeup = wakeup;
        rings = instance.rings();
        requests = new StreamRequests(rings);
    }

    /// Creates a ring without streams.
    ///
    /// @param wakeup makes the epoll instance ready, to end a wait
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if io_uring is not available, or the kernel is too old; the message says
    ///     why
    public static IoUringStreams create(IntSupplier wakeup) throws NativeIOException {
        IoUringInstance instance = IoUringInstance.createForOneThread(SQ_ENTRIES, CQ_ENTRIES);
        IoUringStreams created = new IoUringStreams(instance, wakeup);
        OPEN.add(created);
        return created;
    }

    /// Returns why no ring can be created, or null. Tries to create one, until the kernel has answered once.
    public static @Nullable String unavailabilityCause() {
        return Availability.cause;
    }

    /// Holder class, initialized on first use.
    private static final class Availability {

        static final @Nullable String cause = findCause();

        private static @Nullable String findCause() {
            try {
                IoUringInstance instance = IoUringInstance.createCooperative(1, 1);
                boolean supported = instance.hasOperation(IoUringConstants.IORING_OP_SEND_ZC);
                instance.close();
                return supported ? null : "the kernel's io_uring has no multishot receive, which needs Linux 6.0";
            } catch (UnsupportedOperationException e) {
                return e.getMessage();
            } catch (NativeIOException e) {
                return null; // there was no room for the instance; another one will report that
            }
        }
    }

    /// Returns the descriptor of the ring.
    public synchronized int fileno() {
        return instance.fileno();
    }

    /// Adds a stream. After its [IoUringStream#begin], which cannot fail for lack of memory here, the kernel receives
    /// its bytes at the next wait.
    ///
    /// @param fileobj the object of the socket; the caller has acquired its descriptor for the stream
    /// @param access the way to that object
    public synchronized IoUringStream add(Pollable fileobj, int fd, StreamAccess access) {
        int number = freeCount > 0 ? free[freeCount - 1] : used;
        int group = group(number);
        if (number == streams.length) {
            streams = Arrays.copyOf(streams, 2 * number);
            free = Arrays.copyOf(free, 2 * number);
        }
        IoUringStream stream = new IoUringStream(this, number, fileobj, fd, access, group, groups.get(group), chunks);
        if (freeCount > 0) {
            freeCount--;
        } else {
            used++;
        }
        if (fd >= byFd.length) {
            byFd = Arrays.copyOf(byFd, Math.max(fd + 1, 2 * byFd.length));
        }
        byFd[fd] = stream;
        streams[number] = stream;
        reserve();
        return stream;
    }

    /// Removes a stream that has not begun.
    public synchronized void discard(IoUringStream stream) {
        forget(stream);
        remove(stream);
    }

    private int group(int number) {
        int index = number / GROUP % MAX_GROUPS;
        while (groups.size() <= index) {
            groups.add(new IoUringBufferRing(GROUP, BUFFER_SIZE));
        }
        return index;
    }

    private void registerGroups() throws NativeIOException {
        while (registeredGroups < groups.size()) {
            IoUringBufferRing group = groups.get(registeredGroups);
            requireSuccess(
                    instance.register(
                            IoUringConstants.IORING_REGISTER_PBUF_RING, group.registration(registeredGroups), 1),
                    "IORING_REGISTER_PBUF_RING");
            for (int id = 0; id < GROUP; id++) {
                group.add(id);
            }
            registeredGroups++;
        }
    }

    private void requireSuccess(int result, String call) throws NativeIOException {
        if (result < 0) {
            throw new NativeIOException("io_uring_register(fd=" + instance.fileno() + ", " + call + ")", -result);
        }
    }

    /// Makes sure that the calling thread may enter the instance. An instance for one thread is the fastest. If another
    /// thread selects, or a virtual one, a second instance for any thread replaces it.
    private void prepareThread() throws NativeIOException {
        Thread current = Thread.currentThread();
        if (instance.isForOneThread() && owner != current.threadId()) {
            if (owner == 0 && !current.isVirtual()) {
                requireSuccess(instance.enable(), "IORING_REGISTER_ENABLE_RINGS");
                owner = current.threadId();
            } else {
                replaceInstance();
            }
        }
        registerGroups();
    }

    /// Replaces the instance for one thread. Its owner is not in it, so no request makes progress: what has no
    /// completion in the queue has moved no bytes.
    private void replaceInstance() throws NativeIOException {
        takeCompletions();
        for (int number = 0; number < used; number++) {
            IoUringStream stream = streams[number];
            if (stream != null) {
                stream.returnBuffers();
            }
        }
        List<IoUringBufferRing> freshGroups = new ArrayList<>();
        while (freshGroups.size() < groups.size()) {
            freshGroups.add(new IoUringBufferRing(GROUP, BUFFER_SIZE));
        }
        IoUringInstance fresh = IoUringInstance.createCooperative(SQ_ENTRIES, CQ_ENTRIES);
        StreamRequests freshRequests = new StreamRequests(fresh.rings());
        instance.close(); // from here on, nothing can fail
        instance = fresh;
        rings = fresh.rings();
        requests = freshRequests;
        groups = freshGroups;
        registeredGroups = 0;
        watching = false;
        for (int number = 0; number < used; number++) {
            IoUringStream stream = streams[number];
            if (stream != null) {
                stream.restart(groups.get(stream.group()));
            }
        }
    }

    /// Returns the object that aborts connections.
    LingerZero lingerZero() {
        return lingerZero;
    }

    /// Returns the object that fills the submission queue.
    StreamRequests requests() {
        return requests;
    }

    /// Returns the stream of a descriptor, or null.
    public synchronized @Nullable IoUringStream find(int fd) {
        return fd < byFd.length ? byFd[fd] : null;
    }

    /// Forgets the descriptor of a stream.
    void forget(IoUringStream stream) {
        if (stream.equals(byFd[stream.fd()])) {
            byFd[stream.fd()] = null;
        }
    }

    /// Makes the number of a stream free, after its last completion. Does nothing if it is free already.
    void remove(IoUringStream stream) {
        if (stream.equals(streams[stream.number()])) {
            streams[stream.number()] = null;
            free[freeCount++] = stream.number();
        }
    }

    /// Makes room for a stream in the lists, so that [#changed] cannot fail.
    void reserve() {
        active = ensureRoom(active, activeCount);
        dirty = ensureRoom(dirty, dirtyCount);
    }

    /// Remembers that a stream may be ready, or has something to submit.
    void changed(IoUringStream stream) {
        reserve();
        if (!stream.isActive) {
            stream.isActive = true;
            active[activeCount++] = stream;
        }
        if (!stream.isDirty && stream.hasToSubmit()) {
            stream.isDirty = true;
            dirty[dirtyCount++] = stream;
        }
        if (blocked && (stream.isDirty || stream.isReady())) {
            blocked = wakeup.getAsInt() < 0; // after a failure the next change tries again
        }
    }

    private static @Nullable IoUringStream[] ensureRoom(@Nullable IoUringStream[] streams, int count) {
        return count < streams.length ? streams : Arrays.copyOf(streams, 2 * count);
    }

    /// Returns whether a thread is in a wait that does not see bytes written now.
    boolean isBlocked() {
        return blocked;
    }

    /// Submits the requests of the streams, and waits until a stream is ready or the epoll instance has events.
    ///
    /// @param epfd the descriptor of the epoll instance
    /// @param nanos the longest wait, or [Deadline#FOREVER]; 0 not to wait
    /// @return [#STREAMS], [#EPOLL], both; or 0 after the timeout
    public int await(int epfd, long nanos) throws NativeIOException {
        long start = Deadline.start(nanos);
        long left = nanos;
        while (true) {
            int count;
            long limit;
            synchronized (this) {
                prepareThread();
                boolean ready = beginTurn();
                submitDirty(epfd);
                count = rings.publish();
                limit = ready || dirtyCount > 0 || !watching ? 0 : left;
                blocked = limit != 0;
            }
            int result = Integer.MIN_VALUE;
            int found;
            try {
                result = instance.submitAndWait(wait, count, limit);
            } finally {
                found = endWait();
            }
            if (found != 0) {
                return found;
            }
            if (result < 0 && result != -Errno.EBUSY && result != -Errno.EAGAIN) {
                throw new NativeIOException(
                        "io_uring_enter(fd=" + instance.fileno() + ", to_submit=" + count + ")", -result);
            }
            if (left == 0) {
                return 0;
            }
            left = Deadline.remaining(nanos, start);
        }
    }

    /// Gives all provided buffers back to the kernel, and forgets the streams that are not ready any more.
    ///
    /// @return whether a stream is ready
    private boolean beginTurn() {
        for (int i = 0; i < activeCount; i++) {
            active(i).returnBuffers(); // may fail for lack of memory; the list is still complete then
        }
        int kept = 0;
        for (int i = 0; i < activeCount; i++) {
            IoUringStream stream = active(i);
            if (stream.isReady()) {
                active[kept++] = stream;
            } else {
                stream.isActive = false;
            }
        }
        Arrays.fill(active, kept, activeCount, null);
        activeCount = kept;
        return kept > 0;
    }

    /// Fills the submission queue. What finds no room stays dirty.
    private void submitDirty(int epfd) {
        if (!watching && ensureRoom()) {
            watching = true;
            requests.watch(epfd);
        }
        int done = 0;
        while (done < dirtyCount && ensureRoom()) {
            IoUringStream stream = Objects.requireNonNull(dirty[done]);
            stream.submit();
            if (!stream.hasToSubmit()) {
                stream.isDirty = false;
                done++;
            }
        }
        System.arraycopy(dirty, done, dirty, 0, dirtyCount - done);
        Arrays.fill(dirty, dirtyCount - done, dirtyCount, null);
        dirtyCount -= done;
    }

    /// Returns whether the submission queue has room for an entry, after submitting the others if it is full.
    private boolean ensureRoom() {
        if (rings.pending() < rings.sqEntries()) {
            return true;
        }
        instance.submit(rings.publish());
        return rings.pending() < rings.sqEntries();
    }

    private synchronized int endWait() {
        blocked = false;
        takeCompletions();
        takeOverflow();
        boolean fired = watchFired;
        watchFired = false;
        boolean ready = false;
        for (int i = 0; i < activeCount && !ready; i++) {
            ready = Objects.requireNonNull(active[i]).isReady();
        }
        return (ready ? STREAMS : 0) | (fired ? EPOLL : 0);
    }

    /// Takes the completions that the kernel keeps because the queue had no room. Their requests have moved bytes, so
    /// they must not get lost with an instance that is closed.
    private void takeOverflow() {
        boolean taken = true;
        while (taken && rings.hasOverflow()) {
            taken = instance.submitAndWait(wait, 0, 0) >= 0 && takeCompletions();
        }
    }

    /// Takes all completions from the queue. One whose processing fails, for lack of memory, stays.
    ///
    /// @return whether there was one
    private boolean takeCompletions() {
        int available = rings.available();
        for (int count = available; count > 0; count--) {
            long data = rings.userData(0);
            int kind = StreamRequests.kind(data);
            int number = StreamRequests.number(data);
            IoUringStream stream = number >= 0 && number < streams.length ? streams[number] : null;
            if (kind == StreamRequests.WATCH) {
                watching = false;
                watchFired = true;
            } else if (kind == StreamRequests.RECEIVE && stream != null) {
                stream.received(rings.result(0), rings.flags(0));
            } else if (kind == StreamRequests.SEND && stream != null) {
                stream.sent(rings.result(0));
            }
            rings.advance(1);
        }
        return available > 0;
    }

    /// Returns the number of streams that may be ready. The caller holds this object's monitor.
    public int activeCount() {
        return activeCount;
    }

    /// Returns a stream that may be ready. The caller holds this object's monitor.
    public IoUringStream active(int index) {
        return Objects.requireNonNull(active[index]);
    }

    /// Ends the requests of a stream. The stream goes on without the ring, as after [#close]. No thread is in [#await].
    public synchronized void detach(IoUringStream stream) throws NativeIOException {
        if (stream.isClosed()) {
            return; // it ends when all is sent
        }
        prepareThread();
        while (!stream.cancelAll(this::ensureRoom)) {
            instance.submitAndWait(wait, rings.publish(), CANCEL_SLICE_NANOS);
            takeCompletions();
        }
        stream.detach();
        remove(stream);
    }

    /// Ends all requests and closes the ring. The streams go on without it: their sockets make system calls of their
    /// own. No thread is in [#await] any more.
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean ended = instance.isForOneThread(); // as in replaceInstance
        long start = System.nanoTime();
        takeCompletions();
        while (!ended && Deadline.remaining(CANCEL_NANOS, start) > 0) {
            ended = cancelAll();
            instance.submitAndWait(wait, rings.publish(), ended ? 0 : CANCEL_SLICE_NANOS);
            takeCompletions();
        }
        instance.close();
        for (int number = 0; number < used; number++) {
            IoUringStream stream = streams[number];
            if (stream != null) {
                stream.detach();
            }
        }
        if (ended) {
            OPEN.remove(this);
        }
    }

    /// Cancels all requests except the poll of the epoll instance, which uses no memory.
    ///
    /// @return whether there was none
    private boolean cancelAll() {
        boolean none = true;
        for (int number = 0; number < used; number++) {
            IoUringStream stream = streams[number];
            if (stream != null) {
                none &= stream.cancelAll(this::ensureRoom);
            }
        }
        return none;
    }
}
