package io.selectors4j.internal.selector;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.posix.SockAddrLayout;

/// Aborts the connections of sockets with SO_LINGER 0. Not thread-safe.
final class LingerZero {

    /// `struct linger { int l_onoff; int l_linger; };`
    private final Ints linger = new Ints(0, 0);

    private final Ints length = new Ints(0);

    private final SockAddr unspecified =
            new SockAddr(Constants.AF_UNSPEC, new byte[SockAddr.SOCKADDR_IN - SockAddrLayout.HEAD]);

    /// Sends a reset to the peer if the socket has SO_LINGER 0, as close(2) of its last descriptor would.
    ///
    /// @return false if the socket does not have the option, or has no connection to abort
    boolean abort(int fd) {
        ErrnoCapture state = ErrnoCapture.current();
        length.set(0, 2 * Integer.BYTES);
        int result = PosixSockets.getsockopt(state, fd, Constants.SOL_SOCKET, Constants.SO_LINGER, linger, length);
        // tcp_disconnect() of the kernel sends the reset, whatever else has the socket open
        return result == 0
                && linger.get(0) != 0
                && linger.get(1) == 0
                && PosixSockets.connect(state, fd, unspecified, unspecified.size()) == 0;
    }
}
