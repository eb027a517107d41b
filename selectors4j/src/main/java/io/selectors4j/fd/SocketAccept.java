package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.sys.DescriptorFactory;
import java.nio.channels.ClosedChannelException;
import java.util.Set;

/// How a connection is accepted.
final class SocketAccept {

    /// What Linux answers to an accept for a connection that is gone already: accept(2) wants these treated like EAGAIN.
    private static final Set<Integer> LOST = Errno.known(
            Platform.CURRENT.os(),
            "ECONNABORTED",
            "EPROTO",
            "ENETDOWN",
            "ENOPROTOOPT",
            "EHOSTDOWN",
            "ENONET",
            "EHOSTUNREACH",
            "ENETUNREACH");

    private static final DescriptorFactory DESCRIPTORS = DescriptorFactory.current();

    private SocketAccept() {}

    /// Does nothing, but has this class loaded while there is a descriptor to read it with. At the limit of open files, where
    /// `accept` has to say EMFILE, there would be none.
    static void load() {}

    /// Accepts the next connection that is not lost.
    ///
    /// @return its descriptor, or `-errno`
    static long next(Fd listener, SockAddr address) throws ClosedChannelException {
        long result;
        do {
            result = listener.transfer(fd -> DESCRIPTORS.accept(ErrnoCapture.current(), fd, address));
        } while (result < 0 && LOST.contains((int) -result) && listener.isOpen());
        return result;
    }
}
