package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.SockAddr;

/// How sockets and pipes come into being, which a child process does not inherit: close-on-exec. Each call returns its value or
/// `-errno`; what it makes is blocking, but for the pipes that are asked for otherwise.
public sealed interface DescriptorFactory permits AtomicCloexecFactory, FcntlCloexecFactory {

    /// The way of this system.
    DescriptorFactory HERE = Constants.SOCK_CLOEXEC == Constants.NONE
            ? new FcntlCloexecFactory(Constants.SO_NOSIGPIPE)
            : new AtomicCloexecFactory();

    /// Makes a socket.
    ///
    /// @param state for errno
    /// @param domain its family
    /// @param type its kind, SOCK_*
    /// @param protocol its protocol
    /// @return the descriptor, or `-errno`
    int socket(ErrnoCapture state, int domain, int type, int protocol);

    /// Makes two sockets connected to each other.
    ///
    /// @param state for errno
    /// @param domain their family
    /// @param type their kind, SOCK_*
    /// @param protocol their protocol
    /// @param fds where to put the descriptors
    /// @return 0 or `-errno`
    int socketpair(ErrnoCapture state, int domain, int type, int protocol, Ints fds);

    /// Accepts a connection.
    ///
    /// @param state for errno
    /// @param fd the socket that listens
    /// @param address where to put the peer's address
    /// @param blocking the blocking mode of the new socket
    /// @return the descriptor, or `-errno`
    int accept(ErrnoCapture state, int fd, SockAddr address, boolean blocking);

    /// Makes a pipe.
    ///
    /// @param state for errno
    /// @param fds where to put the descriptors of the reading and the writing end
    /// @param blocking whether calls on them wait
    /// @return 0 or `-errno`
    int pipe(ErrnoCapture state, Ints fds, boolean blocking);

    /// How these calls are named in messages.
    ///
    /// @param name `accept` or `pipe`
    /// @return the name of the call that is made
    String call(String name);
}
