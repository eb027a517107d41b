package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.sys.DescriptorFactory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/// One end of a pipe. Source: pipe(2), pipe(7).
public final class PipeFd extends Fd {

    private PipeFd(int fd) {
        super(fd, true);
    }

    /// The two ends of a pipe.
    ///
    /// @param reader the reading end
    /// @param writer the writing end
    public record Pipe(PipeFd reader, PipeFd writer) implements Closeable {

        /// Closes both ends.
        @Override
        public void close() throws IOException {
            try (reader;
                    writer) {
                // closes both, also if closing one fails
            }
        }
    }

    /// Creates a pipe, blocking at both ends: `pipe2(O_CLOEXEC)`, or on macOS `pipe` and `fcntl`.
    ///
    /// @return the two ends
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files
    public static Pipe open() throws IOException {
        Ints fds = new Ints(-1, -1);
        int result = DescriptorFactory.current().pipe(ErrnoCapture.current(), fds, true);
        if (result < 0) {
            throw new NativeIOException(DescriptorFactory.current().call("pipe"), -result);
        }
        return new Pipe(new PipeFd(fds.get(0)), new PipeFd(fds.get(1)));
    }

    /// Duplicates this end.
    ///
    /// @return a new object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public PipeFd dup() throws IOException {
        return new PipeFd(duplicate());
    }
}
