package io.selectors4j.examples;

import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.JdkChannels;
import io.selectors4j.fd.PipeFd;
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

/// Pipes, terminals, and what has a path.
final class FileKinds {

    private FileKinds() {}

    static Kind pipe() throws IOException {
        PipeFd.Pipe pipe = PipeFd.open();
        return Kind.readable(
                "pipe", pipe.reader(), () -> Hello.to(pipe.writer()), _ -> Hello.from(pipe.reader()), pipe);
    }

    /// @param path where to create it
    static Kind fifo(Path path) throws IOException {
        FileFd.mkfifo(path, 0600);
        FileFd reader = FileFd.open(path, FileFd.O_RDONLY | FileFd.O_NONBLOCK); // does not wait for a writer
        FileFd writer = FileFd.open(path, FileFd.O_WRONLY);
        Closeable both = () -> {
            try (reader) {
                writer.close();
            }
        };
        return Kind.readable("fifo", reader, () -> Hello.to(writer), _ -> Hello.from(reader), both);
    }

    static Kind pty() throws IOException {
        PtyFd.Pair pty = PtyFd.open();
        return Kind.readable("pty", pty.terminal(), () -> Hello.to(pty.master()), _ -> Hello.from(pty.terminal()), pty);
    }

    /// The standard input, which is not read: it may be shared with others, who can take what there is at any time.
    static Kind stdin() throws IOException {
        Fd stdin = Fd.stdin();
        return Kind.readable("stdin", stdin, Kind.NONE, Object::toString);
    }

    /// @param directory an empty one
    static Kind inotify(Path directory) throws IOException {
        InotifyFd inotify = InotifyFd.open();
        inotify.addWatch(directory, InotifyFd.IN_CREATE);
        return Kind.readable(
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

    /// @throws UnsupportedOperationException if the JDK does not show the descriptor; the message says why
    static Kind jdkChannel() throws IOException {
        Pipe pipe = Pipe.open();
        Closeable both = () -> {
            try (var _ = pipe.source()) {
                pipe.sink().close();
            }
        };
        return Kind.readable(
                "jdk",
                JdkChannels.pollable(pipe.source()),
                () -> Hello.to(pipe.sink()),
                _ -> Hello.from(pipe.source()),
                both);
    }
}
