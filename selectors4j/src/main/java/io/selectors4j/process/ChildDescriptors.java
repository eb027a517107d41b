package io.selectors4j.process;

import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixTerminals;
import io.selectors4j.internal.sys.Closing;
import io.selectors4j.internal.sys.SystemCall;
import io.selectors4j.process.ChildProcessBuilder.Redirect;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The descriptors of a child while it is started. [#close] closes them in this process, except pipes that were taken.
final class ChildDescriptors implements Closeable {

    private static final int STREAMS = 3;
    private static final int EMFILE = Errno.number("EMFILE");
    private static final int ENOTTY = Errno.number("ENOTTY");

    /// The number in this process of each descriptor of the child, by its number in the child.
    private final List<Integer> sources = new ArrayList<>();

    /// The ends of the pipes that belong to this process, by the number of the stream.
    private final @Nullable PipeFd[] pipes = new PipeFd[STREAMS];

    /// What [#close] closes, the newest first.
    private final Deque<Closeable> resources = new ArrayDeque<>();

    private final int count;

    /// @param passed the number of descriptors besides the standard streams
    ChildDescriptors(int passed) {
        count = STREAMS + passed;
    }

    /// Returns the number of descriptors of the child, a number that is free in the child: it opens its terminal there.
    int count() {
        return count;
    }

    /// Returns the number in this process of a descriptor of the child. It is greater than [#count], so the child can
    /// duplicate each one to its own number in any order.
    int source(int number) {
        return sources.get(number);
    }

    /// Opens or duplicates the descriptors.
    void open(List<Redirect> streams, List<Fd> passed, @Nullable Path terminal) throws IOException {
        int tty = terminal == null ? -1 : openTerminal(terminal);
        for (int stream = 0; stream < STREAMS; stream++) {
            sources.add(open(stream, streams.get(stream), tty));
        }
        for (Fd fd : passed) {
            sources.add(own(fd.dup()));
        }
    }

    private int openTerminal(Path path) throws IOException {
        FileFd tty = FileFd.open(path, FileFd.O_RDWR | FileFd.O_NOCTTY);
        int number = own(tty);
        int isatty = PosixTerminals.isatty(ErrnoCapture.current(), number);
        SystemCall.check(isatty == 0 ? -ENOTTY : isatty, () -> "isatty(" + path + ")");
        return number;
    }

    private int open(int stream, Redirect redirect, int tty) throws IOException {
        return switch (redirect.kind()) {
            case PIPE -> openPipe(stream);
            case INHERIT -> own(Fd.borrow(stream).dup());
            case DEVNULL -> own(FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR));
            case STDOUT -> sources.get(1);
            case TERMINAL -> tty;
            case FD -> own(redirect.fd().dup());
        };
    }

    private int openPipe(int stream) throws IOException {
        PipeFd.Pipe pipe = PipeFd.open();
        PipeFd end = stream == 0 ? pipe.writer() : pipe.reader();
        pipes[stream] = end;
        resources.push(() -> {
            if (pipes[stream] != null) {
                end.close();
            }
        });
        return own(stream == 0 ? pipe.reader() : pipe.writer());
    }

    /// Takes over a descriptor, and gives it a number above [#count].
    ///
    /// @return the number
    private int own(Fd fd) throws IOException {
        int number = fd.fileno();
        if (number > count) {
            resources.push(fd);
            return number;
        }
        try (fd) {
            int duplicate = PosixLibc.fcntl(ErrnoCapture.current(), number, Constants.F_DUPFD_CLOEXEC, count + 1);
            // The kernel refuses a number above the limit of open files with EINVAL.
            SystemCall.check(
                    duplicate == -Errno.EINVAL ? -EMFILE : duplicate,
                    () -> "fcntl(fd=" + number + ", F_DUPFD_CLOEXEC, " + (count + 1) + ")");
            resources.push(Fd.fromFd(duplicate));
            return duplicate;
        }
    }

    /// Returns this process's end of the pipe of a stream, or null. [#close] does not close it then.
    @Nullable
    PipeFd takePipe(int stream) {
        PipeFd pipe = pipes[stream];
        pipes[stream] = null;
        return pipe;
    }

    /// Returns the numbers that the child must close: all descriptors of this process, and the terminal.
    List<Integer> others() throws IOException {
        List<Integer> numbers = new ArrayList<>(List.of(count));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : entries) {
                int fd = Integer.parseInt(entry.getFileName().toString());
                if (fd > count) {
                    numbers.add(fd);
                }
            }
        }
        return numbers;
    }

    @Override
    public void close() throws IOException {
        Closing.all(resources);
    }
}
