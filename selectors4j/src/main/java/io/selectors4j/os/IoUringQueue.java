package io.selectors4j.os;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.IoUringConstants;
import io.selectors4j.internal.linux.IoUringRings;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.IoUringInstance;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The queues of one ring, and the requests that the kernel may still complete. The owner serializes the calls.
final class IoUringQueue {

    /// Kept by a request that has no memory.
    enum Marker {
        /// The results are new descriptors.
        NEW_DESCRIPTORS
    }

    /// The longest time that [#finish] waits, in nanoseconds.
    private static final long CANCEL_NANOS = 1_000_000_000;

    /// The time after which it cancels again, in nanoseconds.
    private static final long CANCEL_SLICE_NANOS = 5_000_000;

    private final IoUringRings rings;
    private final IoUringRequests requests = new IoUringRequests();

    /// The entries that are not yet published, oldest first, and their ids.
    private final @Nullable IoUringEntry[] prepared;

    private final long[] ids;
    private int size;

    /// The number of the last submission without the lock, while its call is in progress; otherwise 0.
    private final AtomicLong submission = new AtomicLong();

    private long submissions;

    /// The tail of the submission queue at the last submission without the lock.
    private int submittedTail;

    IoUringQueue(IoUringRings rings) {
        this.rings = rings;
        prepared = new @Nullable IoUringEntry[rings.sqEntries()];
        ids = new long[rings.sqEntries()];
    }

    /// Returns whether the submission queue has no room for another entry.
    boolean isFull() {
        return rings.pending() >= rings.sqEntries();
    }

    /// Returns the number of entries that the submission queue has room for.
    int capacity() {
        return rings.sqEntries();
    }

    /// Returns the number of entries that the kernel has not consumed.
    int pending() {
        return rings.pending();
    }

    /// Returns whether the last entry links to the next one.
    boolean isInsideChain() {
        return size > 0 && Objects.requireNonNull(prepared[size - 1]).isLink();
    }

    /// Adds an entry, for which there is room. The kernel sees it after [#publish].
    ///
    /// @return the id of the request
    long add(IoUringEntry entry) {
        long id = requests.add(entry.data, entry.memory);
        rings.add(
                entry.opcode,
                entry.flags | entry.internalFlags,
                entry.ioprio,
                entry.fd,
                entry.off,
                entry.addr,
                entry.len,
                entry.opFlags,
                entry.bufIndex,
                entry.sourceFd,
                id);
        prepared[size] = entry;
        ids[size++] = id;
        return id;
    }

    /// Publishes the prepared entries. An entry whose object was closed gets an invalid descriptor: its number may have
    /// another owner by now.
    ///
    /// @return the number of entries that the kernel has not consumed
    @SuppressWarnings("ThreadPriorityCheck") // the other thread may need this processor to enter the kernel
    int publish() {
        while (submission.get() != 0 && !rings.isConsumed(submittedTail)) {
            Thread.yield(); // the other thread would submit a part of the entries that follow
        }
        for (int i = 0; i < size; i++) { // isClosed calls user code, which may submit or fail
            if (Objects.requireNonNull(prepared[i]).isClosed()) {
                rings.setFd(size - i, -1);
            }
        }
        clearPrepared();
        return rings.publish();
    }

    private void clearPrepared() {
        Arrays.fill(prepared, 0, size, null); // they refer to the memory of the requests
        size = 0;
    }

    /// Called before a thread submits the published entries without the lock.
    ///
    /// @return the number of the submission, for [#endSubmission]
    long beginSubmission() {
        submittedTail = rings.tail();
        submission.set(++submissions);
        return submissions;
    }

    /// Called after the call of a submission, without the lock.
    void endSubmission(long number) {
        submission.compareAndSet(number, 0); // another one may have begun, after the kernel consumed these entries
    }

    /// Removes the prepared entries.
    void discard() {
        rings.discard(size);
        for (int i = 0; i < size; i++) {
            end(requests.indexOf(ids[i]));
        }
        clearPrepared();
    }

    /// Returns the number of completions in the queue.
    int available() {
        return rings.available();
    }

    /// Moves completions, as many as fit. A request ends with its last completion.
    void take(IoUringCompletions into) {
        int count = Math.min(rings.available(), into.capacity());
        for (int i = 0; i < count; i++) {
            int index = requests.indexOf(rings.userData(i));
            int flags = rings.flags(i);
            if (index != IoUringRequests.NONE) {
                into.add(requests.data(index), rings.result(i), flags);
                if ((flags & IoUring.IORING_CQE_F_BUFFER) != 0
                        && requests.memory(index) instanceof IoUringBuffers buffers) {
                    buffers.take(flags >>> IoUringConstants.IORING_CQE_BUFFER_SHIFT);
                }
                endIfLast(index, flags);
            }
        }
        rings.advance(count);
    }

    /// Begins to close: wakes all threads that wait for a completion, and cancels all requests once.
    void beginClose(IoUringInstance instance) {
        long start = System.nanoTime();
        discard();
        submitAll(instance, start);
        if (!isFull()) { // after the submission of all others, so that it does not belong to their chain
            rings.add(IoUringConstants.IORING_OP_NOP, 0, 0, -1, 0, 0, 0, 0, 0, 0, IoUringRequests.NONE);
        }
        cancelAll(instance, start);
    }

    /// Submits all entries, until nothing is pending or the time is over.
    private void submitAll(IoUringInstance instance, long start) {
        int pending = rings.publish();
        while (pending > 0 && isTimeLeft(start)) {
            if (instance.submit(pending) == -Errno.EBUSY) {
                drain();
            }
            pending = rings.pending();
        }
    }

    private static boolean isTimeLeft(long start) {
        return Deadline.remaining(CANCEL_NANOS, start) > 0;
    }

    /// Cancels each request once, until the time is over.
    private void cancelAll(IoUringInstance instance, long start) {
        for (int index = 0; index < requests.capacity() && isTimeLeft(start); index++) {
            long id = requests.id(index);
            if (id != IoUringRequests.NONE) {
                if (isFull()) {
                    submitAll(instance, start);
                }
                if (!isFull()) {
                    rings.add(
                            IoUringConstants.IORING_OP_ASYNC_CANCEL, 0, 0, -1, 0, id, 0, 0, 0, 0, IoUringRequests.NONE);
                }
            }
        }
        submitAll(instance, start);
    }

    /// Cancels all requests, and waits until all have completed, up to a second. New descriptors are closed. No other
    /// thread uses the instance.
    ///
    /// @return whether all have completed
    boolean finish(IoUringInstance instance) {
        IoUringInstance.Wait wait = new IoUringInstance.Wait();
        long start = System.nanoTime();
        discard();
        while (true) {
            drain();
            long left = Deadline.remaining(CANCEL_NANOS, start);
            if (requests.size() == 0 || left == 0) {
                return requests.size() == 0;
            }
            cancelAll(instance, start); // again: the successor of a canceled request may have started
            instance.submitAndWait(wait, 0, Math.min(left, CANCEL_SLICE_NANOS));
        }
    }

    /// Removes all completions from the queue.
    private void drain() {
        int count = rings.available();
        for (int i = 0; i < count; i++) {
            int index = requests.indexOf(rings.userData(i));
            if (index != IoUringRequests.NONE) {
                if (requests.memory(index) == Marker.NEW_DESCRIPTORS && rings.result(i) >= 0) {
                    PosixLibc.close(ErrnoCapture.current(), rings.result(i));
                }
                endIfLast(index, rings.flags(i));
            }
        }
        rings.advance(count);
    }

    private void endIfLast(int index, int flags) {
        if ((flags & IoUring.IORING_CQE_F_MORE) == 0) {
            end(index);
        }
    }

    private void end(int index) {
        if (requests.remove(index) instanceof IoUringMessage message) {
            message.endUse();
        }
    }
}
