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

/// The file that a descriptor refers to, and the results of a BSD's filters for it.
final class SimulatedFile {

    // netinet/tcp.h, netinet/tcp_states.h
    private static final int TCP_INFO = 11;
    private static final int TCP_FIN_WAIT1 = 4;
    private static final int TCP_FIN_WAIT2 = 5;
    private static final int TCP_TIME_WAIT = 6;
    private static final int TCP_LAST_ACK = 9;
    private static final int TCP_CLOSING = 11;

    /// The number of bytes that a writable pipe accepts at least (limits.h: PIPE_BUF).
    private static final int PIPE_BUF = 4096;

    private final int fd;
    private final Stat stat;

    /// SO_TYPE of a socket; -1 for other files.
    private final int socketType;

    private final int accessMode;

    SimulatedFile(int fd) {
        this.fd = fd;
        stat = LinuxCalls.stat(fd);
        socketType = isSocket() ? LinuxCalls.option(fd, Constants.SOL_SOCKET, Constants.SO_TYPE) : -1;
        accessMode = LinuxCalls.accessMode(fd);
    }

    /// The result of a filter.
    ///
    /// @param flags EV_EOF or 0
    /// @param fflags the error of a socket, or a note
    /// @param data the filter's value
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

    /// Returns whether a number refers to the same file, compared by inode, as files that cannot be polled allow
    /// nothing else.
    boolean refersToSameFile(int other) {
        Stat now = LinuxCalls.stat(other);
        return now.inode() == stat.inode() && now.device() == stat.device() && now.mode() == stat.mode();
    }

    /// Returns why a filter cannot be attached.
    ///
    /// @return an errno, or 0
    int refusal(SimulatedKqueueAbi abi, Filter filter) {
        if (filter == Filter.READ) {
            return 0;
        }
        if (isEpoll()) {
            return LinuxCalls.EINVAL; // kqueue_kqfilter: a kqueue has only EVFILT_READ
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

    /// Returns all events that Linux reports now.
    ///
    /// @return EPOLL* flags
    int mask() {
        PollFds fds = new PollFds();
        fds.add(fd, EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP);
        int result = PosixIssue8.ppoll(ErrnoCapture.current(), fds, 1, new Timespec(), null);
        return result < 0 ? 0 : fds.revents(0);
    }

    /// Evaluates a filter of a file that can be polled.
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

    /// Returns the Linux event for NOTE_OOB.
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
        // A listener has no byte count. The simulation does not count its connections.
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

    /// Returns whether a socket was never connected. Linux reports it as writable and hung up; the BSDs report nothing.
    private boolean isUnconnected(int mask) {
        return isConnectionBased() && (mask & EPOLLHUP) != 0 && (mask & (EPOLLRDHUP | EPOLLERR)) == 0;
    }

    /// Returns the pending error of a socket. Linux reports the errno only by consuming it, so the simulation returns
    /// ECONNRESET.
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

    /// Returns whether the program has shut down its sending half. Linux's poll does not report this.
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

    /// Evaluates a filter of a file that cannot be polled.
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
