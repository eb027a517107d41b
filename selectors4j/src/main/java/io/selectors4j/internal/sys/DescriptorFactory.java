package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.SockAddr;

/// Creates sockets and pipes that are close-on-exec. Each call returns its value or `-errno`. The descriptors are
/// blocking unless requested otherwise.
public sealed interface DescriptorFactory permits AtomicCloexecFactory, FcntlCloexecFactory, WinsockFactory {

    /// Returns the factory of this system.
    static DescriptorFactory current() {
        if (Platform.IS_WINDOWS) {
            return new WinsockFactory();
        }
        if (Constants.SOCK_CLOEXEC == Constants.NONE) {
            return new FcntlCloexecFactory(Constants.SO_NOSIGPIPE);
        }
        return new AtomicCloexecFactory();
    }

    /// Creates a socket.
    int socket(ErrnoCapture state, int domain, int type, int protocol);

    /// Returns the family of the sockets that [#socketpair] creates.
    default int pairDomain() {
        return Constants.AF_UNIX;
    }

    /// Creates two connected sockets.
    int socketpair(ErrnoCapture state, int domain, int type, int protocol, Ints fds);

    /// Accepts a connection. Returns the new descriptor and fills in the address of the peer.
    ///
    /// @param blocking the blocking mode of the new socket
    int accept(ErrnoCapture state, int fd, SockAddr address, boolean blocking);

    /// Creates a pipe: the read end, then the write end. On Windows it is a pair of sockets.
    int pipe(ErrnoCapture state, Ints fds, boolean blocking);

    /// Returns the name of the C function that `accept` or `pipe` stands for, for messages.
    String call(String name);
}
