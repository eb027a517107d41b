package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixIssue8;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;

/// Creates descriptors that are close-on-exec from the beginning, with a flag of the call: Linux and the BSDs.
record AtomicCloexecFactory() implements DescriptorFactory {

    @Override
    public int socket(ErrnoCapture state, int domain, int type, int protocol) {
        return PosixSockets.socket(state, domain, type | Constants.SOCK_CLOEXEC, protocol);
    }

    @Override
    public int socketpair(ErrnoCapture state, int domain, int type, int protocol, Ints fds) {
        return PosixSockets.socketpair(state, domain, type | Constants.SOCK_CLOEXEC, protocol, fds);
    }

    @Override
    public int accept(ErrnoCapture state, int fd, SockAddr address, boolean blocking) {
        int flags = Constants.SOCK_CLOEXEC | (blocking ? 0 : Constants.SOCK_NONBLOCK);
        return PosixIssue8.accept4(state, fd, address, address.length(), flags);
    }

    @Override
    public int pipe(ErrnoCapture state, Ints fds, boolean blocking) {
        return PosixIssue8.pipe2(state, fds, Constants.O_CLOEXEC | (blocking ? 0 : Constants.O_NONBLOCK));
    }

    @Override
    public String call(String name) {
        return name.equals("accept") ? "accept4" : "pipe2(O_CLOEXEC)";
    }
}
