package io.selectors4j.examples;

import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.JdkChannels;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.StdinFd;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.watch.InotifyEvent;
import io.selectors4j.watch.InotifyFd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// Pipes, terminals and files.
final class FileSources {

    private FileSources() {}

    static ReadySource pipe() throws IOException {
        PipeFd.Pipe pipe = PipeFd.open();
        return ReadySource.readable(
                "pipe", pipe.reader(), () -> Hello.to(pipe.writer()), _ -> Hello.from(pipe.reader()), pipe);
    }

    /// Creates a FIFO at a path.
    static ReadySource fifo(Path path) throws IOException {
        FileFd.mkfifo(path, 0600);
        FileFd reader = FileFd.open(path, FileFd.O_RDONLY | FileFd.O_NONBLOCK); // does not wait for a writer
        FileFd writer = FileFd.open(path, FileFd.O_WRONLY);
        Closeable both = () -> {
            try (reader) {
                writer.close();
            }
        };
        return ReadySource.readable("fifo", reader, () -> Hello.to(writer), _ -> Hello.from(reader), both);
    }

    static ReadySource pty() throws IOException {
        PtyFd.Pair pty = PtyFd.open();
        return ReadySource.readable(
                "pty", pty.terminal(), () -> Hello.to(pty.master()), _ -> Hello.from(pty.terminal()), pty);
    }

    /// Returns a source for the standard input, which is not read: it may be shared with other processes, so the input
    /// may be gone at any time.
    static ReadySource stdin() throws IOException {
        StdinFd stdin = StdinFd.open();
        return ReadySource.readable("stdin", stdin, ReadySource.NONE, Object::toString);
    }

    /// Watches an empty directory.
    static ReadySource inotify(Path directory) throws IOException {
        InotifyFd inotify = InotifyFd.open();
        inotify.addWatch(directory, InotifyFd.IN_CREATE);
        return ReadySource.readable(
                "inotify",
                inotify,
                () -> Files.createFile(directory.resolve("hello.txt")),
                _ -> toString(inotify.read()));
    }

    private static String toString(List<InotifyEvent> events) {
        return events.stream()
                .map(event -> InotifyFd.maskToString(event.mask()) + " " + event.name())
                .collect(Collectors.joining(", "));
    }

    /// Returns a source for a channel of the JDK.
    ///
    /// @throws UnsupportedOperationException if the JDK does not give access to the descriptor; the message has the
    ///     reason
    static ReadySource jdkChannel() throws IOException {
        Pipe pipe = Pipe.open();
        Closeable both = () -> {
            try (var _ = pipe.source()) {
                pipe.sink().close();
            }
        };
        return ReadySource.readable(
                "jdk",
                JdkChannels.pollable(pipe.source()),
                () -> Hello.to(pipe.sink()),
                _ -> Hello.from(pipe.source()),
                both);
    }
}
