package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.sys.Fcntl;
import java.io.File;
import java.io.IOException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Descriptors as what [ProcessBuilder] takes: files, which it opens in this process when it starts a child.
final class ProcessRedirects {

    private static final boolean LINUX = Platform.CURRENT.os() == Platform.Os.LINUX;

    private ProcessRedirects() {}

    static ProcessBuilder.Redirect from(int fd) throws IOException {
        if (!Fcntl.isReadable(fd)) {
            throw new NonReadableChannelException(); // opening the path would open the other end of a pipe
        }
        return ProcessBuilder.Redirect.from(file(fd));
    }

    static ProcessBuilder.Redirect to(int fd) throws IOException {
        if (!Fcntl.isWritable(fd)) {
            throw new NonWritableChannelException();
        }
        return ProcessBuilder.Redirect.appendTo(file(fd)); // anything else would truncate a regular file
    }

    private static File file(int fd) throws IOException {
        if (!LINUX) {
            return new File("/dev/fd/" + fd);
        }
        Path path = Path.of("/proc/self/fd", "" + fd);
        // proc(5): a path, or a type and what is in brackets. Opening one that is no path fails with ENXIO.
        String target = Files.readSymbolicLink(path).toString();
        if (!target.startsWith("/") && !target.startsWith("pipe:")) {
            throw new UnsupportedOperationException("fd " + fd + " has no path that a child process could be given ("
                    + target + "): give it an end of a PipeFd or a terminal of a PtyFd, and copy between the two");
        }
        return path.toFile();
    }
}
