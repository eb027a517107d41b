package io.selectors4j.internal.selector;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.SendChunks;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixSockets;

/// The sending side of a batched stream socket. The owner serializes the calls.
final class StreamOutput {

    /// The flags of a send by a system call.
    static final int DIRECT_FLAGS = Constants.MSG_NOSIGNAL | Constants.MSG_DONTWAIT;

    private static final int ECANCELED = Errno.number("ECANCELED");
    private static final int ENOBUFS = Errno.number("ENOBUFS");
    private static final int EPIPE = Errno.number("EPIPE");

    /// The bytes that were written and not yet sent.
    final UnsentBytes unsent;

    private final int fd;

    /// Whether the kernel has a send.
    boolean isSending;

    /// Whether the program has shut the side down.
    boolean isShutdown;

    /// Whether a send has failed.
    boolean isBroken;

    /// The error of that send that no call has reported, or 0.
    int errno;

    StreamOutput(int fd, SendChunks chunks) {
        this.fd = fd;
        unsent = new UnsentBytes(chunks);
        unsent.reserve();
    }

    /// Returns whether a program can write, or learns of an error.
    boolean isWritable() {
        return unsent.hasRoom() || isBroken;
    }

    /// Returns the error of a write, or 0 if the side can send.
    int takeErrno() {
        if (!isBroken && !isShutdown) {
            return 0;
        }
        int result = errno != 0 ? errno : EPIPE;
        errno = 0;
        return result;
    }

    /// Sends the written bytes with system calls of this thread, as far as the socket has room. After the last one,
    /// shuts the side down if the program has.
    ///
    /// @return whether nothing is left
    boolean sendPending() {
        boolean any = !unsent.isEmpty();
        while (!unsent.isEmpty() && !isSending) {
            unsent.prepare();
            int result =
                    (int) PosixSockets.send(ErrnoCapture.current(), fd, unsent.address(), unsent.count(), DIRECT_FLAGS);
            if (result == -Errno.EAGAIN) {
                return false;
            }
            sent(result);
        }
        if (any && isShutdown && unsent.isEmpty()) {
            shutDown();
        }
        return unsent.isEmpty();
    }

    /// Takes the result of a send.
    void sent(int result) {
        if (result >= 0) {
            unsent.sent(result);
        } else if (!isTemporary(-result)) {
            isBroken = true;
            errno = -result;
            unsent.clear();
        }
    }

    /// Shuts the socket's sending side down.
    ///
    /// @return 0 or `-errno`
    int shutDown() {
        return PosixSockets.shutdown(ErrnoCapture.current(), fd, Constants.SHUT_WR);
    }

    /// Returns whether a request did not fail: the kernel has cancelled it, because its thread ended or because this
    /// object wanted it to; or there was no buffer.
    static boolean isTemporary(int errno) {
        return errno == ECANCELED || errno == ENOBUFS || errno == Errno.EAGAIN || errno == Errno.EINTR;
    }
}
