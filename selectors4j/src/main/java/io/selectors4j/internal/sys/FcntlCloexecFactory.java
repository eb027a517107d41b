package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;

/// Makes things first and close-on-exec afterwards, where the calls take no flags: macOS. A child process that another thread
/// starts in between inherits them.
///
/// @param noSigpipe the option that keeps SIGPIPE away from a socket where `send` has no flag for it, or [Constants#NONE]
record FcntlCloexecFactory(int noSigpipe) implements DescriptorFactory {

    @Override
    public int socket(ErrnoCapture state, int domain, int type, int protocol) {
        int fd = PosixSockets.socket(state, domain, type, protocol);
        return fd < 0 ? fd : finishSocket(state, fd, true);
    }

    @Override
    public int socketpair(ErrnoCapture state, int domain, int type, int protocol, Ints fds) {
        int result = PosixSockets.socketpair(state, domain, type, protocol, fds);
        return result < 0 ? result : finishPair(state, fds, fd -> finishSocket(state, fd, true));
    }

    /// accept(2) copies O_NONBLOCK of the listening socket on macOS, and does not on Linux; this method sets the given mode on both.
    @Override
    public int accept(ErrnoCapture state, int fd, SockAddr address, boolean blocking) {
        int accepted = PosixSockets.accept(state, fd, address, address.length());
        return accepted < 0 ? accepted : finishSocket(state, accepted, blocking);
    }

    @Override
    public int pipe(ErrnoCapture state, Ints fds, boolean blocking) {
        int result = PosixLibc.pipe(state, fds);
        return result < 0 ? result : finishPair(state, fds, fd -> finish(state, fd, blocking));
    }

    @Override
    public String call(String name) {
        return name;
    }

    /// Makes a descriptor what it is to be, or closes it and returns `-errno`.
    interface Step {
        int apply(int fd);
    }

    /// Makes two descriptors what they are to be, or closes both.
    static int finishPair(ErrnoCapture state, Ints fds, Step step) {
        int first = step.apply(fds.get(0));
        if (first < 0) {
            PosixLibc.close(state, fds.get(1));
            return first;
        }
        int second = step.apply(fds.get(1));
        if (second < 0) {
            PosixLibc.close(state, first);
            return second;
        }
        return 0;
    }

    /// Makes a socket what it is to be, or closes it.
    ///
    /// @return the descriptor, or `-errno`
    int finishSocket(ErrnoCapture state, int fd, boolean blocking) {
        if (noSigpipe != Constants.NONE) {
            // EINVAL where the connection is gone already. Without the option, SIGPIPE finds that the virtual machine
            // ignores it.
            PosixSockets.setsockopt(state, fd, Constants.SOL_SOCKET, noSigpipe, new Ints(1), Integer.BYTES);
        }
        return finish(state, fd, blocking);
    }

    /// Makes a descriptor what it is to be, or closes it.
    private static int finish(ErrnoCapture state, int fd, boolean blocking) {
        int result = PosixLibc.fcntl(state, fd, Constants.F_SETFD, Constants.FD_CLOEXEC);
        if (result >= 0) {
            result = PosixLibc.fcntl(state, fd, Constants.F_GETFL, 0);
        }
        if (result >= 0) {
            int flags = blocking ? result & ~Constants.O_NONBLOCK : result | Constants.O_NONBLOCK;
            if (flags != result) {
                result = PosixLibc.fcntl(state, fd, Constants.F_SETFL, flags);
            }
        }
        if (result < 0) {
            PosixLibc.close(state, fd);
            return result;
        }
        return fd;
    }
}
