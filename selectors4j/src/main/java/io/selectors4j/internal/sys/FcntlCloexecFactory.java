package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import java.util.function.IntUnaryOperator;

/// Creates descriptors and sets FD_CLOEXEC afterwards, on a system whose calls take no flags: macOS. A child process
/// that another thread starts in between inherits them.
///
/// @param noSigpipe the socket option that prevents SIGPIPE if `send` has no flag for it, or [Constants#NONE]
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

    /// Accepts a connection, and sets the given mode. A new socket inherits O_NONBLOCK of the listening one on macOS,
    /// and not on Linux.
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

    /// Applies a step to both descriptors of a pair. The step returns a descriptor, or closes it and returns `-errno`;
    /// then this method closes the other one and returns `-errno`.
    static int finishPair(ErrnoCapture state, Ints fds, IntUnaryOperator step) {
        int first = step.applyAsInt(fds.get(0));
        if (first < 0) {
            PosixLibc.close(state, fds.get(1));
            return first;
        }
        int second = step.applyAsInt(fds.get(1));
        if (second < 0) {
            PosixLibc.close(state, first);
            return second;
        }
        return 0;
    }

    /// Sets the options and flags of a socket and returns it, or closes it and returns `-errno`.
    int finishSocket(ErrnoCapture state, int fd, boolean blocking) {
        if (noSigpipe != Constants.NONE) {
            // Fails with EINVAL if the connection is already closed. The result is ignored, since the virtual machine
            // ignores SIGPIPE.
            PosixSockets.setsockopt(state, fd, Constants.SOL_SOCKET, noSigpipe, new Ints(1), Integer.BYTES);
        }
        return finish(state, fd, blocking);
    }

    /// Sets FD_CLOEXEC and the blocking mode of a descriptor and returns it, or closes it and returns `-errno`.
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
