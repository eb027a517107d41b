package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// One poll that the simulated AFD has, with the caller's memory, which it writes to when the poll completes.
final class SimulatedPoll {

    // The offsets in AFD_POLL_INFO of one handle.
    private static final int INFO_SIZE = 32;
    private static final int NUMBER_OF_HANDLES = 8;
    private static final int EXCLUSIVE = 12;
    private static final int HANDLE = 16;
    private static final int EVENTS = 24;
    private static final int STATUS = 28;
    private static final int INFORMATION = 8;

    /// The handle of AFD that it was submitted through.
    final long afd;

    final long context;
    private final MemorySegment statusBlock;
    private final MemorySegment info;

    @SuppressWarnings("restricted")
    SimulatedPoll(long afd, long context, MemorySegment statusBlock, MemorySegment info) {
        this.afd = afd;
        this.context = context;
        this.statusBlock = statusBlock.reinterpret(16);
        this.info = info.reinterpret(INFO_SIZE);
    }

    /// Throws if the library has not filled in the structs as it should.
    void validate() {
        if (info.get(JAVA_LONG, 0) != Long.MAX_VALUE
                || info.get(JAVA_INT, NUMBER_OF_HANDLES) != 1
                || info.get(JAVA_INT, EXCLUSIVE) != 0
                || info.get(JAVA_INT, STATUS) != 0
                || (events() & ~0x1FF) != 0
                || (events() & SimulatedSocket.LOCAL_CLOSE) == 0
                || context == 0) {
            throw new AssertionError("not the expected poll: " + this);
        }
    }

    long address() {
        return statusBlock.address();
    }

    long handle() {
        return info.get(JAVA_LONG, HANDLE);
    }

    int events() {
        return info.get(JAVA_INT, EVENTS);
    }

    /// Completes it with events.
    void complete(int events, int status) {
        info.set(JAVA_INT, NUMBER_OF_HANDLES, 1);
        info.set(JAVA_INT, EVENTS, events);
        info.set(JAVA_INT, STATUS, status);
        end(0, INFO_SIZE);
    }

    /// Completes it without events.
    void end(int status, int information) {
        statusBlock.set(JAVA_INT, 0, status);
        statusBlock.set(JAVA_LONG, INFORMATION, information);
    }

    @Override
    public String toString() {
        return "timeout " + info.get(JAVA_LONG, 0) + ", handles " + info.get(JAVA_INT, NUMBER_OF_HANDLES)
                + ", exclusive " + info.get(JAVA_INT, EXCLUSIVE) + ", handle " + handle() + ", events 0x"
                + Integer.toHexString(events()) + ", context " + context;
    }
}
