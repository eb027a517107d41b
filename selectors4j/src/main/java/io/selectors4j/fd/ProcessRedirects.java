package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.sys.Fcntl;
import java.io.File;
import java.io.IOException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Converts descriptors to redirects: paths that [ProcessBuilder] opens in this process when it starts a child.
final class ProcessRedirects {

    private static final boolean LINUX = Platform.CURRENT.os() == Platform.Os.LINUX;

    private ProcessRedirects() {}

    static ProcessBuilder.Redirect from(int fd) throws IOException {
        if (!Fcntl.isReadable(fd)) {
            throw new NonReadableChannelException(); // the path of a writing end would open a new reading end
        }
        return ProcessBuilder.Redirect.from(file(fd));
    }

    static ProcessBuilder.Redirect to(int fd) throws IOException {
        if (!Fcntl.isWritable(fd)) {
            throw new NonWritableChannelException();
        }
        return ProcessBuilder.Redirect.appendTo(file(fd)); // Redirect.to would truncate a regular file
    }

    private static File file(int fd) throws IOException {
        if (!LINUX) {
            return new File("/dev/fd/" + fd);
        }
        Path path = Path.of("/proc/self/fd", "" + fd);
        // proc(5): a path, or a type with an inode or a name. Opening a socket or an anonymous inode fails with ENXIO.
        String target = Files.readSymbolicLink(path).toString();
        if (!target.startsWith("/") && !target.startsWith("pipe:")) {
            throw new UnsupportedOperationException("fd " + fd + " has no path that a child process could open ("
                    + target + "): redirect to a PipeFd or the terminal of a PtyFd, and copy the bytes");
        }
        return path.toFile();
    }
}
