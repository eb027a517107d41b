package io.selectors4j.moduletest;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.Poll;
import io.selectors4j.os.Select;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Uses a part of the library and prints `ok`. The first argument names the part:
///
/// - `all`: the selectors of all backends, the primitives, descriptors;
/// - `cause`: the reasons why backends are not available, which it prints;
/// - `open`: only `Selector.open()`;
/// - `fd`: only a descriptor, before any selector;
/// - `path`: the file that the second argument names.
public final class Consumer {

    private static final Duration LONG = Duration.ofSeconds(30);

    private Consumer() {}

    /// Runs the program.
    ///
    /// @param args the part to use
    /// @throws IOException if a call fails
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "all" -> {
                for (Backend backend : Backend.values()) {
                    if (backend.isAvailable()) {
                        select(backend);
                        System.out.println(backend);
                    }
                }
                primitives();
                descriptors();
            }
            case "cause" -> {
                for (Backend backend : Backend.values()) {
                    System.out.println(
                            backend + ": " + backend.unavailabilityCause().orElse("available"));
                }
            }
            case "open" -> Selector.open().close();
            case "fd" -> PipeFd.open().close();
            case "path" -> path(Path.of(args[1]));
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println("ok");
    }

    private static void select(Backend backend) throws IOException {
        try (Selector<String> selector = backend.open();
                SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            selector.register(pair.first(), Interest.READ, "attached");
            check(selector.selectNow().isEmpty(), "nothing yet");
            pair.second().write(ByteBuffer.wrap(new byte[] {'x'}));
            List<ReadyKey<String>> ready = selector.select(LONG);
            check(ready.size() == 1 && ready.getFirst().data().equals("attached"), "ready");
            check(ready.getFirst().isReadable(), "readable");
        }
    }

    private static void primitives() throws IOException {
        try (PipeFd.Pipe pipe = PipeFd.open();
                Epoll epoll = Epoll.create()) {
            Poll poll = Poll.create();
            poll.register(pipe.reader(), Poll.POLLIN);
            epoll.register(pipe.reader(), Epoll.EPOLLIN);
            pipe.writer().write(ByteBuffer.wrap(new byte[] {'x'}));
            check(poll.poll(LONG).size() == 1, "poll");
            check(epoll.poll(LONG, 5).size() == 1, "epoll");
            List<PipeFd> readers = List.of(pipe.reader());
            check(
                    Select.<PipeFd>select(readers, List.of(), List.of(), LONG)
                            .readable()
                            .equals(readers),
                    "select");
        }
    }

    private static void descriptors() throws IOException {
        try (FileFd devNull = FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR);
                Fd borrowed = Fd.borrow(devNull.fileno())) {
            check(borrowed.write(ByteBuffer.allocate(5)) == 5, "write");
            check(borrowed.read(ByteBuffer.allocate(5)) == -1, "read");
        }
    }

    private static void path(Path file) throws IOException {
        Files.writeString(file, "found");
        try (FileFd fd = FileFd.open(file, FileFd.O_RDONLY)) {
            check(fd.read(ByteBuffer.allocate(9)) == 5, "read");
        }
        Path fifo = file.resolveSibling(file.getFileName() + ".fifo");
        FileFd.mkfifo(fifo, 0600);
        check(Files.exists(fifo), "fifo");
    }

    private static void check(boolean condition, String name) {
        if (!condition) {
            throw new AssertionError(name);
        }
    }
}
