package io.selectors4j.testing;

import static io.selectors4j.testing.LinuxCalls.ECONNRESET;
import static io.selectors4j.testing.LinuxCalls.EPOLLERR;
import static io.selectors4j.testing.LinuxCalls.EPOLLHUP;
import static io.selectors4j.testing.LinuxCalls.EPOLLIN;
import static io.selectors4j.testing.LinuxCalls.EPOLLOUT;
import static io.selectors4j.testing.LinuxCalls.EPOLLPRI;
import static io.selectors4j.testing.LinuxCalls.EPOLLRDHUP;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.posix.PosixIssue8;
import io.selectors4j.internal.posix.Timespec;
import io.selectors4j.testing.LinuxCalls.Stat;
import io.selectors4j.testing.SimulatedKqueueAbi.Filter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a descriptor refers to, and what the filters of a BSD would say about it.
final class SimulatedFile {

    // netinet/tcp.h, netinet/tcp_states.h
    private static final int TCP_INFO = 11;
    private static final int TCP_FIN_WAIT1 = 4;
    private static final int TCP_FIN_WAIT2 = 5;
    private static final int TCP_TIME_WAIT = 6;
    private static final int TCP_LAST_ACK = 9;
    private static final int TCP_CLOSING = 11;

    /// What every pipe takes at once, if it takes anything (limits.h: PIPE_BUF).
    private static final int PIPE_BUF = 4096;

    private final int fd;
    private final Stat stat;

    /// SO_TYPE, where it is a socket.
    private final int socketType;

    private final int accessMode;

    SimulatedFile(int fd) {
        this.fd = fd;
        stat = LinuxCalls.stat(fd);
        socketType = isSocket() ? LinuxCalls.option(fd, Constants.SOL_SOCKET, Constants.SO_TYPE) : -1;
        accessMode = LinuxCalls.accessMode(fd);
    }

    /// What a filter finds.
    ///
    /// @param flags EV_EOF or none
    /// @param fflags the error of a socket, or a note
    /// @param data how much
    record Found(int flags, int fflags, long data) {}

    int fd() {
        return fd;
    }

    private boolean isSocket() {
        return stat.type() == Stat.S_IFSOCK;
    }

    private boolean isPipe() {
        return stat.type() == Stat.S_IFIFO;
    }

    private boolean isConnectionBased() {
        return socketType == Constants.SOCK_STREAM || socketType == Constants.SOCK_SEQPACKET;
    }

    /// Whether another number leads to the same file, as far as that can be told of files that cannot be polled.
    boolean refersToSameFile(int other) {
        Stat now = LinuxCalls.stat(other);
        return now.inode() == stat.inode() && now.device() == stat.device() && now.mode() == stat.mode();
    }

    /// What stands in the way of a filter.
    ///
    /// @return an errno, or 0
    int refusal(SimulatedKqueueAbi abi, Filter filter) {
        if (filter == Filter.READ) {
            return 0;
        }
        if (isEpoll()) {
            return LinuxCalls.EINVAL; // kqueue_kqfilter: of a kqueue there is nothing but to read
        }
        if (filter == Filter.EXCEPT) {
            return isSocket() || (!abi.apple() && stat.type() == Stat.S_IFCHR) ? 0 : LinuxCalls.EINVAL;
        }
        // pipe_kqfilter of each system: "other end of pipe has been closed"
        boolean cannotBeWritten = isPipe() && accessMode != Constants.O_RDONLY && (mask() & EPOLLERR) != 0;
        return !cannotBeWritten ? 0 : abi.wideCounts() ? LinuxCalls.EBADF : LinuxCalls.EPIPE;
    }

    private boolean isEpoll() {
        if (stat.type() != 0) {
            return false;
        }
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd))
                    .toString()
                    .contains("[eventpoll]");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All that Linux says of it now.
    ///
    /// @return EPOLL* flags
    int mask() {
        PollFds fds = new PollFds();
        fds.add(fd, EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP);
        int result = PosixIssue8.ppoll(ErrnoCapture.current(), fds, 1, new Timespec(), null);
        return result < 0 ? 0 : fds.revents(0);
    }

    /// What a filter finds, if it is one that can be polled.
    ///
    /// @return null if it is not ready
    @Nullable
    Found evaluate(SimulatedKqueueAbi abi, Filter filter, int mask, int notes) {
        return switch (filter) {
            case READ -> accessMode == Constants.O_WRONLY ? null : toRead(mask);
            case WRITE -> accessMode == Constants.O_RDONLY ? null : toWrite(mask);
            case EXCEPT ->
                (mask & urgent(abi, notes)) != 0 ? new Found(0, abi.oob(), 1) : abi.apple() ? toRead(mask) : null;
            case TIMER, USER -> throw new AssertionError(filter);
        };
    }

    /// What Linux calls what NOTE_OOB asks for.
    private static int urgent(SimulatedKqueueAbi abi, int notes) {
        return (notes & abi.oob()) != 0 ? EPOLLPRI : 0;
    }

    private @Nullable Found toRead(int mask) {
        boolean end = (mask & (EPOLLRDHUP | EPOLLHUP)) != 0;
        if (isUnconnected(mask) || (!end && (mask & (EPOLLIN | EPOLLERR)) == 0)) {
            return null;
        }
        long count = LinuxCalls.readable(fd);
        boolean counted = isSocket() || isPipe() || stat.type() == Stat.S_IFCHR;
        // A listener has no count of bytes; how many connections there are is of no interest here.
        boolean countless = count < 0 || (!counted && count == 0);
        long data = !countless ? count : (mask & EPOLLIN) != 0 ? 1 : 0;
        return end ? new Found(SimulatedKevent.EV_EOF, error(mask), data) : new Found(0, 0, data);
    }

    private @Nullable Found toWrite(int mask) {
        if (isUnconnected(mask) || (mask & (EPOLLOUT | EPOLLERR | EPOLLHUP)) == 0) {
            return null;
        }
        boolean datagrams = isSocket() && !isConnectionBased();
        boolean end = !datagrams
                && ((mask & EPOLLHUP) != 0
                        || (isPipe() && (mask & EPOLLERR) != 0)
                        || (isSocket() && hasShutDown(mask)));
        return end ? new Found(SimulatedKevent.EV_EOF, error(mask), room()) : new Found(0, 0, room());
    }

    /// Linux calls a socket that never was connected writable and hung up. The BSDs call it nothing.
    private boolean isUnconnected(int mask) {
        return isConnectionBased() && (mask & EPOLLHUP) != 0 && (mask & (EPOLLRDHUP | EPOLLERR)) == 0;
    }

    /// The pending error of a socket. Linux does not tell which one without taking it from the program.
    private int error(int mask) {
        return isSocket() && (mask & EPOLLERR) != 0 ? ECONNRESET : 0;
    }

    private long room() {
        if (isSocket()) {
            int size = LinuxCalls.option(fd, Constants.SOL_SOCKET, Constants.SO_SNDBUF);
            return Math.max(1, size - LinuxCalls.unsent(fd));
        }
        return isPipe() ? PIPE_BUF : 1;
    }

    /// Whether the program has shut down its own sending half, of which Linux's poll says nothing.
    private boolean hasShutDown(int mask) {
        if ((mask & EPOLLERR) != 0) {
            return true;
        }
        int info = LinuxCalls.option(fd, Constants.IPPROTO_TCP, TCP_INFO);
        if (info >= 0) {
            return switch (info & 0xFF) { // tcpi_state
                case TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_TIME_WAIT, TCP_LAST_ACK, TCP_CLOSING -> true;
                default -> false;
            };
        }
        return socketType == Constants.SOCK_STREAM && LinuxCalls.sendNothing(fd) == -LinuxCalls.EPIPE;
    }

    /// What a filter finds, if it is a file that cannot be polled.
    ///
    /// @return null if it is not ready
    @Nullable
    Found evaluateAlwaysReady(SimulatedKqueueAbi abi, Filter filter, int notes) {
        if (filter != Filter.READ || stat.type() != Stat.S_IFREG) {
            return new Found(0, 0, 1);
        }
        long remaining = LinuxCalls.stat(fd).size() - LinuxCalls.position(fd);
        boolean always = (notes & abi.filePoll()) != 0;
        return remaining > 0 || always ? new Found(0, 0, remaining) : null;
    }
}
