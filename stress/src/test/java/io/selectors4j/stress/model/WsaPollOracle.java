package io.selectors4j.stress.model;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// `WSAPoll()` of Windows. Its flags are converted to those of Linux: without POLLERR, POLLHUP means there that the
/// peer has shut down its writing half, and is returned without a request.
final class WsaPollOracle implements Oracle {

    // winsock2.h
    private static final short WINDOWS_POLLERR = 0x0001;
    private static final short WINDOWS_POLLHUP = 0x0002;
    private static final short WINDOWS_POLLNVAL = 0x0004;
    private static final short WINDOWS_POLLWRNORM = 0x0010;
    private static final short WINDOWS_POLLRDNORM = 0x0100;

    private static final int LASTING = POLLERR | POLLHUP | POLLNVAL;

    private static final MethodHandle POLL = link();

    /// `struct pollfd { SOCKET fd; SHORT events; SHORT revents; };`
    private final MemorySegment pollfd = Arena.ofAuto().allocate(16, 8);

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
        return Linker.nativeLinker()
                .downcallHandle(
                        SymbolLookup.libraryLookup("ws2_32", Arena.global()).findOrThrow("WSAPoll"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    }

    /// Calls `WSAPoll` each millisecond, because it would not wait after the peer has shut down its writing half.
    @Override
    public int poll(int fd, int events, int millis) {
        long end = System.nanoTime() + millis * 1_000_000L;
        while (true) {
            int found = poll(fd, events) & (events | LASTING);
            if (found != 0 || System.nanoTime() - end >= 0) {
                return found;
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private int poll(int fd, int events) {
        pollfd.set(JAVA_LONG, 0, fd);
        int requested =
                ((events & POLLIN) == 0 ? 0 : WINDOWS_POLLRDNORM) | ((events & POLLOUT) == 0 ? 0 : WINDOWS_POLLWRNORM);
        pollfd.set(JAVA_SHORT, 8, (short) requested);
        pollfd.set(JAVA_SHORT, 10, (short) 0);
        try {
            int found = (int) POLL.invokeExact(pollfd, 1, 0);
            if (found < 0) {
                return POLLNVAL; // the only descriptor is not a socket
            }
        } catch (Throwable t) {
            throw new AssertionError("WSAPoll", t);
        }
        return flags(pollfd.get(JAVA_SHORT, 10));
    }

    private static int flags(int revents) {
        int flags = ((revents & WINDOWS_POLLRDNORM) == 0 ? 0 : POLLIN)
                | ((revents & WINDOWS_POLLWRNORM) == 0 ? 0 : POLLOUT)
                | ((revents & WINDOWS_POLLERR) == 0 ? 0 : POLLERR)
                | ((revents & WINDOWS_POLLNVAL) == 0 ? 0 : POLLNVAL);
        if ((revents & WINDOWS_POLLHUP) != 0) {
            flags |= (revents & WINDOWS_POLLERR) == 0 ? POLLIN | POLLRDHUP : POLLHUP;
        }
        return flags;
    }
}
