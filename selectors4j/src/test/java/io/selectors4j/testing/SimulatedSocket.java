package io.selectors4j.testing;

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

/// The events that AFD would report for a descriptor of Linux. Other descriptors than sockets report what a connected
/// socket in their place would. All numbers are repeated here, so that a wrong number in the library is detected.
final class SimulatedSocket {

    static final int RECEIVE = 0x1;
    static final int EXPEDITED = 0x2;
    static final int SEND = 0x4;
    static final int DISCONNECT = 0x8;
    static final int ABORT = 0x10;
    static final int LOCAL_CLOSE = 0x20;
    static final int CONNECT = 0x40;
    static final int ACCEPT = 0x80;
    static final int CONNECT_FAIL = 0x100;

    // asm-generic/socket.h, linux/tcp.h
    private static final int SO_ACCEPTCONN = 30;
    private static final int TCP_INFO = 11;
    private static final int TCPI_RTT = 68;

    private SimulatedSocket() {}

    /// Returns the events of a descriptor.
    static int events(int fd) {
        int mask = mask(fd);
        int type = LinuxCalls.option(fd, Constants.SOL_SOCKET, Constants.SO_TYPE);
        boolean stream = type == Constants.SOCK_STREAM || type == Constants.SOCK_SEQPACKET;
        boolean listens = stream && LinuxCalls.option(fd, Constants.SOL_SOCKET, SO_ACCEPTCONN) == 1;
        if (listens) {
            return (mask & EPOLLIN) != 0 ? ACCEPT : 0;
        }
        if (stream && (mask & EPOLLHUP) != 0 && (mask & (EPOLLRDHUP | EPOLLERR)) == 0) {
            return 0; // never connected
        }
        int sent = (mask & EPOLLOUT) != 0 ? SEND | (stream ? CONNECT : 0) : 0;
        boolean socket = type >= 0;
        if ((mask & EPOLLERR) == 0 || (!socket && (mask & EPOLLHUP) != 0)) { // a terminal hangs up with an error
            return sent | received(fd, mask);
        }
        if (type == Constants.SOCK_DGRAM) {
            return sent | RECEIVE; // the next call returns the error
        }
        return stream && hasNeverConnected(fd) ? CONNECT_FAIL : sent | ABORT;
    }

    /// Returns the events of an open file whose number was closed while it has other descriptors.
    ///
    /// @param mask the events that epoll has reported
    static int ofDuplicate(int mask) {
        return (mask & EPOLLERR) != 0
                ? ABORT
                : ((mask & EPOLLIN) != 0 ? RECEIVE : 0)
                        | ((mask & EPOLLOUT) != 0 ? SEND : 0)
                        | ((mask & EPOLLPRI) != 0 ? EXPEDITED : 0)
                        | ((mask & EPOLLRDHUP) != 0 ? DISCONNECT : 0);
    }

    private static int received(int fd, int mask) {
        boolean end = (mask & (EPOLLRDHUP | EPOLLHUP)) != 0;
        boolean data = (mask & EPOLLIN) != 0 && (!end || LinuxCalls.readable(fd) > 0);
        return (data ? RECEIVE : 0) | (end ? DISCONNECT : 0) | ((mask & EPOLLPRI) != 0 ? EXPEDITED : 0);
    }

    /// Returns whether a TCP socket has never had an answer from a peer but a refusal.
    private static boolean hasNeverConnected(int fd) {
        return LinuxCalls.option(fd, Constants.IPPROTO_TCP, TCP_INFO, TCPI_RTT) == 0;
    }

    private static int mask(int fd) {
        PollFds fds = new PollFds();
        fds.add(fd, EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP);
        int result = PosixIssue8.ppoll(ErrnoCapture.current(), fds, 1, new Timespec(), null);
        return result < 0 ? 0 : fds.revents(0);
    }
}
