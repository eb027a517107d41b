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
import io.selectors4j.os.IoUring;
import io.selectors4j.os.IoUringCompletions;
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

/// A new owner of released numbers. It has the same type as the previous owner, so that a late call would succeed, and
/// it detects every change.
final class NewOwner implements Closeable {

    private static final int BYTES = 3;

    private final Closeable owner;
    private final int fd;
    private final String info;
    private final Check check;
    private final List<Integer> numbers = new ArrayList<>();

    /// Checks state that the kernel's information does not show.
    private interface Check {
        void run() throws IOException;
    }

    private NewOwner(Closeable owner, Pollable fileobj, Check check) throws IOException {
        this.owner = owner;
        this.fd = fileobj.fileno();
        this.check = check;
        info = FdInfo.info(fd);
    }

    /// Creates an owner like the previous owner of a number.
    ///
    /// @param target the previous open file, in the form of [OpenFiles]
    /// @param writer whether it was open for writing only
    static NewOwner like(String target, boolean writer) throws IOException {
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
            case "anon_inode:[io_uring]" -> ring();
            case "anon_inode:inotify" -> inotify();
            default -> throw new AssertionError("unknown file: " + target);
        };
    }

    private static NewOwner pipe(boolean writer) throws IOException {
        PipeFd.Pipe pipe = PipeFd.open();
        fill(pipe.writer());
        return new NewOwner(pipe, writer ? pipe.writer() : pipe.reader(), () -> expectFilled(pipe.reader()));
    }

    private static NewOwner socket() throws IOException {
        SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
        fill(pair.first());
        fill(pair.second());
        return new NewOwner(pair, pair.first(), () -> {
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

    private static NewOwner terminal(boolean master) throws IOException {
        PtyFd.Pair pty = PtyFd.open();
        Termios.of(pty.terminal()).raw().apply(pty.terminal(), Termios.When.NOW);
        String settings = Termios.of(pty.terminal()).toString();
        fill(pty.master());
        fill(pty.terminal());
        return new NewOwner(pty, master ? pty.master() : pty.terminal(), () -> {
            assertThat(Termios.of(pty.terminal())).hasToString(settings);
            assertThat(Terminal.windowSize(pty.master()).rows()).isZero();
            expectFilled(pty.terminal());
            expectFilled(pty.master());
        });
    }

    private static NewOwner file() throws IOException {
        FileFd file = FileFd.memfd("sentinel");
        try (FileFd again = again(file, FileFd.O_WRONLY)) {
            fill(again);
        }
        return new NewOwner(file, file, () -> {
            try (FileFd again = again(file, FileFd.O_RDONLY)) {
                expectFilled(again);
            }
        });
    }

    /// Opens the same file with an offset of its own.
    private static FileFd again(Fd file, int flags) throws IOException {
        return FileFd.open(Path.of("/proc/self/fd", "" + file.fileno()), flags);
    }

    private static NewOwner process() throws IOException {
        Process process = FdKind.process();
        PidFd pidfd = PidFd.of(process);
        Closeable owner = () -> {
            pidfd.close();
            process.destroyForcibly();
        };
        return new NewOwner(owner, pidfd, () -> expectNoSignal(process.pid()));
    }

    /// A sent signal is pending at once, and a killed process exists until its exit code is read.
    private static void expectNoSignal(long pid) throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
        assertThat(status)
                .as("not killed")
                .doesNotContainPattern("State:\\s+[XZ]")
                .containsPattern("SigPnd:\\s+0+\n")
                .containsPattern("ShdPnd:\\s+0+\n");
    }

    private static NewOwner counter() throws IOException {
        EventFd event = EventFd.open(BYTES);
        return new NewOwner(event, event, () -> assertThat(event.read()).isEqualTo(BYTES));
    }

    private static NewOwner timer() throws IOException {
        TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
        return new NewOwner(timer, timer, () -> {
            timer.setBlocking(false);
            assertThat(timer.read()).isZero();
        });
    }

    /// An edge-triggered event, which is lost if another thread polls it.
    private static NewOwner epoll() throws IOException {
        Epoll epoll = Epoll.create();
        EventFd event = EventFd.open(1);
        epoll.register(event, Epoll.EPOLLIN | Epoll.EPOLLET);
        Closeable owner = () -> {
            epoll.close();
            event.close();
        };
        return new NewOwner(
                owner, epoll, () -> assertThat(epoll.poll(Duration.ZERO)).hasSize(1));
    }

    /// A completion that was not received, and a request that was not submitted.
    private static NewOwner ring() throws IOException {
        IoUring ring = IoUring.create(4);
        ring.nop(0, 1);
        ring.submit();
        ring.nop(0, 2);
        return new NewOwner(ring, ring, () -> {
            IoUringCompletions completions = new IoUringCompletions(4);
            assertThat(ring.submitAndWait(Duration.ZERO, completions)).isEqualTo(2);
            assertThat(completions.data(0)).isEqualTo(1);
            assertThat(completions.data(1)).isEqualTo(2);
        });
    }

    /// An event of a removed watch.
    private static NewOwner inotify() throws IOException {
        InotifyFd inotify = InotifyFd.open();
        inotify.removeWatch(inotify.addWatch(Path.of("/"), InotifyFd.IN_DELETE_SELF));
        return new NewOwner(inotify, inotify, () -> {
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

    /// Takes a number if it is free.
    boolean reuseNumbers(int number) {
        int taken = Libc.dupAtLeast(fd, number);
        if (taken != number) {
            Libc.close(taken);
            return false;
        }
        numbers.add(number);
        return true;
    }

    /// Requires that no call has affected this owner.
    void expectUntouched() throws IOException {
        String mine = OpenFiles.list().get(fd);
        for (int number : numbers) {
            assertThat(OpenFiles.list().get(number))
                    .as("the file of number %s", number)
                    .isEqualTo(mine);
        }
        assertThat(FdInfo.info(fd)).isEqualTo(info);
        check.run();
    }

    @Override
    public void close() throws IOException {
        numbers.forEach(Libc::close);
        numbers.clear();
        owner.close();
    }
}
