package io.selectors4j.stress.model;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// poll(2) of Linux.
final class PollOracle implements Oracle {

    private static final MethodHandle POLL = link();

    private final MemorySegment pollfd = Arena.ofAuto().allocate(8, 4);

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("poll"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    @Override
    public int poll(int fd, int events, int millis) {
        pollfd.set(JAVA_INT, 0, fd);
        pollfd.set(JAVA_SHORT, 4, (short) events);
        pollfd.set(JAVA_SHORT, 6, (short) 0);
        try {
            int found = (int) POLL.invokeExact(pollfd, 1L, millis);
            if (found < 0) {
                throw new AssertionError("poll");
            }
        } catch (Throwable t) {
            throw new AssertionError("poll", t);
        }
        return Short.toUnsignedInt(pollfd.get(JAVA_SHORT, 6));
    }
}
