package io.selectors4j.internal.sys;

import io.selectors4j.internal.windows.AfdPolls;
import io.selectors4j.internal.windows.NtStatus;

/// A handle of AFD and the polls that are submitted through it. Guarded by the [AfdPort].
final class AfdGroup {

    /// The number of polls of one handle. To cancel a poll, the kernel searches all polls of its handle.
    static final int SIZE = 256;

    /// The kernel does not have the poll, and no owner has it.
    static final int FREE = 0;

    /// The kernel has the poll, and will complete it.
    static final int PENDING = 1;

    /// The kernel has the poll, and no owner has it: its completion is ignored.
    static final int ORPHANED = 2;

    /// The poll has completed, and its event was returned. The owner starts it again or frees it.
    static final int COMPLETED = 3;

    /// The poll has completed, and the next wait returns its event.
    static final int COLLECTED = 4;

    final AfdPolls polls;
    final long handle;

    private final byte[] states = new byte[SIZE];
    private final long[] tokens = new long[SIZE];
    private final long[] sockets = new long[SIZE];
    private final int[] events = new int[SIZE];
    private final int[] reported = new int[SIZE];

    /// Creates a group of polls that the kernel does not have.
    ///
    /// @param polls memory of [#SIZE] polls
    /// @param handle an open handle of AFD
    AfdGroup(AfdPolls polls, long handle) {
        this.polls = polls;
        this.handle = handle;
    }

    int state(int index) {
        return states[index];
    }

    void setState(int index, int state) {
        states[index] = (byte) state;
    }

    /// Sets what a poll waits for.
    ///
    /// @param socket the base handle of the socket
    /// @param flags AFD_POLL_* flags
    void set(int index, long socket, int flags, long token) {
        sockets[index] = socket;
        events[index] = flags;
        tokens[index] = token;
    }

    /// Fills in the memory of a poll for its submission.
    void prepare(int index) {
        polls.set(index, sockets[index], events[index]);
    }

    long token(int index) {
        return tokens[index];
    }

    /// Returns the POLL* flags that a completed poll reports.
    int reported(int index) {
        return reported[index];
    }

    void setReported(int index, int flags) {
        reported[index] = flags;
    }

    /// Returns the POLL* flags in the memory of a poll that the kernel has completed. A poll that was canceled, though
    /// not by its owner, has none, and neither has a poll that reports no handle. A socket that the poll has found
    /// closed has POLLNVAL.
    int pollFlags(int index) {
        int status = polls.status(index);
        if (status == NtStatus.STATUS_CANCELLED) {
            return 0;
        }
        if (NtStatus.isError(status)) {
            return NtStatus.isClosed(status) ? PollFlags.POLLNVAL : PollFlags.POLLERR;
        }
        return AfdFlags.toPoll(polls.events(index));
    }
}
