package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Pollable;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.os.Epoll;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.Termios;
import io.selectors4j.watch.InotifyFd;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A new owner of numbers that were given back. It is of the same kind as the former one, so that a late call would succeed; and it notices
/// whatever is done to it.
final class Sentinel implements Closeable {

    private static final int BYTES = 3;

    private final Closeable owner;
    private final int fd;
    private final String info;
    private final Check check;
    private final List<Integer> numbers = new ArrayList<>();

    /// Looks at what the kernel does not tell.
    private interface Check {
        void run() throws IOException;
    }

    private Sentinel(Closeable owner, Pollable fileobj, Check check) throws IOException {
        this.owner = owner;
        this.fd = fileobj.fileno();
        this.check = check;
        info = Numbers.info(fd);
    }

    /// Makes one that is like what a number was.
    ///
    /// @param target what it was, as [Constants] tells
    /// @param writer whether it was for writing only
    static Sentinel like(String target, boolean writer) throws IOException {
        if (target.startsWith("pipe:")) {
            return pipe(writer);
        }
        if (target.startsWith("socket:")) {
            return socket();
        }
        if (target.startsWith("/dev/")) {
            return terminal(target.equals("/dev/ptmx"));
        }
        if (target.startsWith("/memfd:")) {
            return file();
        }
        if (target.contains("pidfd")) {
            return process();
        }
        return switch (target) {
            case "anon_inode:[eventfd]" -> counter();
            case "anon_inode:[timerfd]" -> timer();
            case "anon_inode:[eventpoll]" -> epoll();
            case "anon_inode:inotify" -> inotify();
            default -> throw new AssertionError("what is " + target + "?");
        };
    }

    private static Sentinel pipe(boolean writer) throws IOException {
        PipeFd.Pipe pipe = PipeFd.open();
        fill(pipe.writer());
        return new Sentinel(pipe, writer ? pipe.writer() : pipe.reader(), () -> expectFilled(pipe.reader()));
    }

    private static Sentinel socket() throws IOException {
        SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
        fill(pair.first());
        fill(pair.second());
        return new Sentinel(pair, pair.first(), () -> {
            expectFilled(pair.first());
            expectFilled(pair.second());
            fill(pair.first());
            expectFilled(pair.second());
            fill(pair.second());
            expectFilled(pair.first());
            assertThat(pair.first().getOption(StandardSocketOptions.SO_KEEPALIVE))
                    .isFalse();
        });
    }

    private static Sentinel terminal(boolean master) throws IOException {
        PtyFd.Pair pty = PtyFd.open();
        Termios.of(pty.terminal()).raw().apply(pty.terminal(), Termios.When.NOW);
        String settings = Termios.of(pty.terminal()).toString();
        fill(pty.master());
        fill(pty.terminal());
        return new Sentinel(pty, master ? pty.master() : pty.terminal(), () -> {
            assertThat(Termios.of(pty.terminal())).hasToString(settings);
            assertThat(Terminal.windowSize(pty.master()).rows()).isZero();
            expectFilled(pty.terminal());
            expectFilled(pty.master());
        });
    }

    private static Sentinel file() throws IOException {
        FileFd file = FileFd.memfd("sentinel");
        try (FileFd again = again(file, FileFd.O_WRONLY)) {
            fill(again);
        }
        return new Sentinel(file, file, () -> {
            try (FileFd again = again(file, FileFd.O_RDONLY)) {
                expectFilled(again);
            }
        });
    }

    /// The same file with a position of its own.
    private static FileFd again(Fd file, int flags) throws IOException {
        return FileFd.open(Path.of("/proc/self/fd", "" + file.fileno()), flags);
    }

    private static Sentinel process() throws IOException {
        Process process = FdKind.process();
        PidFd pidfd = PidFd.of(process);
        Closeable owner = () -> {
            pidfd.close();
            process.destroyForcibly();
        };
        return new Sentinel(owner, pidfd, () -> expectNoSignal(process.pid()));
    }

    /// A signal is pending as soon as it was sent, and a process that it has ended is there until somebody reads its exit code.
    private static void expectNoSignal(long pid) throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
        assertThat(status)
                .as("not killed")
                .doesNotContainPattern("State:\\s+[XZ]")
                .containsPattern("SigPnd:\\s+0+\n")
                .containsPattern("ShdPnd:\\s+0+\n");
    }

    private static Sentinel counter() throws IOException {
        EventFd event = EventFd.open(BYTES);
        return new Sentinel(event, event, () -> assertThat(event.read()).isEqualTo(BYTES));
    }

    private static Sentinel timer() throws IOException {
        TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
        return new Sentinel(timer, timer, () -> {
            timer.setBlocking(false);
            assertThat(timer.read()).isZero();
        });
    }

    /// Has an event that whoever takes it takes away.
    private static Sentinel epoll() throws IOException {
        Epoll epoll = Epoll.create();
        EventFd event = EventFd.open(1);
        epoll.register(event, Epoll.EPOLLIN | Epoll.EPOLLET);
        Closeable owner = () -> {
            epoll.close();
            event.close();
        };
        return new Sentinel(
                owner, epoll, () -> assertThat(epoll.poll(Duration.ZERO)).hasSize(1));
    }

    /// Has an event, of the watch that was removed.
    private static Sentinel inotify() throws IOException {
        InotifyFd inotify = InotifyFd.open();
        inotify.removeWatch(inotify.addWatch(Path.of("/"), InotifyFd.IN_DELETE_SELF));
        return new Sentinel(inotify, inotify, () -> {
            inotify.setBlocking(false);
            assertThat(inotify.read()).hasSize(1);
            assertThat(inotify.read()).isEmpty();
        });
    }

    private static void fill(Fd fd) throws IOException {
        fd.write(ByteBuffer.allocate(BYTES));
    }

    private static void expectFilled(Fd fd) throws IOException {
        boolean blocking = fd.isBlocking();
        fd.setBlocking(false);
        assertThat(fd.read(ByteBuffer.allocate(100))).as("bytes in %s", fd).isEqualTo(BYTES);
        fd.setBlocking(blocking);
    }

    /// Gets a number, if it is free.
    boolean takeOver(int number) {
        int taken = Libc.dupAtLeast(fd, number);
        if (taken != number) {
            Libc.close(taken);
            return false;
        }
        numbers.add(number);
        return true;
    }

    /// Makes sure that nobody has done anything to it.
    void expectUntouched() throws IOException {
        String mine = OpenFiles.list().get(fd);
        for (int number : numbers) {
            assertThat(OpenFiles.list().get(number)).as("what %s is", number).isEqualTo(mine);
        }
        assertThat(Numbers.info(fd)).isEqualTo(info);
        check.run();
    }

    @Override
    public void close() throws IOException {
        numbers.forEach(Libc::close);
        numbers.clear();
        owner.close();
    }
}
