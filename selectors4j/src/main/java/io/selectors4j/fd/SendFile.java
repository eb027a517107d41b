package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.FileOffset;
import io.selectors4j.internal.linux.LinuxFiles;
import io.selectors4j.internal.linux.LinuxOnly;
import java.io.IOException;

/// Sends bytes of a file to a socket: sendfile(2).
final class SendFile {

    private SendFile() {}

    /// See [SocketFd#sendFile].
    static long send(SocketFd socket, Fd file, long position, long count) throws IOException {
        socket.requireUnbatched("sendfile");
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException("position " + position + " or count " + count + " is negative");
        }
        LinuxOnly.require("sendfile with an offset", "FileChannel.transferTo() writes to a SocketFd");
        return file.use(in -> socket.use(out -> send(socket, out, in, new FileOffset(position), count)));
    }

    private static long send(SocketFd socket, int out, int in, FileOffset offset, long count) throws IOException {
        long sent = 0;
        long result;
        do {
            result = LinuxFiles.sendfile(ErrnoCapture.current(), out, in, offset, count - sent);
            sent += Math.max(result, 0);
        } while (sent < count && socket.isOpen() && (result > 0 || result == -Errno.EINTR));
        return sent > 0 ? sent : socket.toCount("sendfile", result, false);
    }
}
