package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.Numbers;
import io.selectors4j.internal.posix.Posix2024;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;

/// Has what is made close-on-exec from the beginning, by a flag of the call: Linux and the BSDs.
record FlaggedDescriptors() implements NewDescriptors {

    @Override
    public int socket(CallState state, int domain, int type, int protocol) {
        return PosixSockets.socket(state, domain, type | Numbers.SOCK_CLOEXEC, protocol);
    }

    @Override
    public int socketpair(CallState state, int domain, int type, int protocol, Ints fds) {
        return PosixSockets.socketpair(state, domain, type | Numbers.SOCK_CLOEXEC, protocol, fds);
    }

    @Override
    public int accept(CallState state, int fd, SockAddr address) {
        return Posix2024.accept4(state, fd, address, address.length(), Numbers.SOCK_CLOEXEC);
    }

    @Override
    public int pipe(CallState state, Ints fds, boolean blocking) {
        return Posix2024.pipe2(state, fds, Numbers.O_CLOEXEC | (blocking ? 0 : Numbers.O_NONBLOCK));
    }

    @Override
    public String call(String name) {
        return name.equals("accept") ? "accept4" : "pipe2(O_CLOEXEC)";
    }
}
