package io.selectors4j.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Await;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.RawMode;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.WindowSize;
import io.selectors4j.watch.InotifyEvent;
import io.selectors4j.watch.InotifyFd;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever call of a descriptor's fails, and however: nothing is left open, no byte is lost or twice there, and
/// afterwards the same call does what it is for.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class DescriptorFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");
    private static final int BYTES = 100;

    /// Who waits for a single descriptor opens one the first time.
    @BeforeAll
    static void openWhatStaysOpen() throws Exception {
        PipeFd.Pipe pipe = PipeFd.open();
        try (PipeFd reader = pipe.reader();
                PipeFd _ = pipe.writer()) {
            assertThat(Await.readable(reader, Duration.ofMillis(1))).isFalse();
        }
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private static void everyCallFails(FaultRun.Scenario scenario) throws Exception {
        everyCallFails(Fault.ALL, scenario);
    }

    private static void everyCallFails(List<Fault> faults, FaultRun.Scenario scenario) throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(faults, scenario));
    }

    /// Makes a call, once more if it fails.
    private static <T, X extends Exception> T make(FaultRun trial, ThrowingSupplier<T, X> step) throws X {
        return trial.orRetry(trial.step(step), step);
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void act(FaultRun trial, Action action) throws Exception {
        make(trial, () -> {
            action.run();
            return true;
        });
    }

    /// Closes it; even if that fails, it is closed.
    private static void close(FaultRun trial, Fd fd) throws Exception {
        trial.step(() -> {
            fd.close();
            return true;
        });
        assertThat(fd.isOpen()).isFalse();
        fd.close();
    }

    /// Sends bytes from one to the other, whatever each call moves of them.
    private static void transfer(FaultRun trial, Fd from, Fd to, boolean direct) throws Exception {
        ByteBuffer sent = direct ? ByteBuffer.allocateDirect(BYTES) : ByteBuffer.allocate(BYTES);
        ByteBuffer received = direct ? ByteBuffer.allocateDirect(BYTES) : ByteBuffer.allocate(BYTES);
        for (int i = 0; i < BYTES; i++) {
            sent.put((byte) i);
        }
        sent.flip();
        while (sent.hasRemaining()) {
            int before = sent.position();
            Integer count = trial.step(() -> from.write(sent));
            assertThat(sent.position() - before).isEqualTo(count == null ? 0 : count);
        }
        while (received.hasRemaining()) {
            assertThat(isReadable(to))
                    .as("all was written, but only %s came", received)
                    .isTrue();
            int before = received.position();
            Integer count = trial.step(() -> to.read(received));
            assertThat(received.position() - before).isEqualTo(count == null ? 0 : count);
        }
        received.flip();
        for (int i = 0; i < BYTES; i++) {
            assertThat(received.get()).isEqualTo((byte) i);
        }
    }

    private static boolean isReadable(Fd fd) throws Exception {
        return fd instanceof FileFd || Await.readable(fd, Limits.WAIT);
    }

    @Test
    void pipes() throws Exception {
        everyCallFails(trial -> {
            PipeFd.Pipe pipe = make(trial, PipeFd::open);
            transfer(trial, pipe.writer(), pipe.reader(), true);
            transfer(trial, pipe.writer(), pipe.reader(), false);
            act(trial, () -> pipe.reader().setBlocking(false));
            assertThat(make(trial, () -> pipe.reader().isBlocking())).isFalse();
            PipeFd twin = make(trial, () -> pipe.writer().dup());
            transfer(trial, twin, pipe.reader(), true);
            close(trial, twin);
            close(trial, pipe.writer());
            close(trial, pipe.reader());
        });
    }

    @Test
    void socketPairs() throws Exception {
        everyCallFails(trial -> {
            SocketFd.Pair pair = make(trial, () -> SocketFd.pair(SocketFd.Type.STREAM));
            transfer(trial, pair.first(), pair.second(), true);
            transfer(trial, pair.second(), pair.first(), false);
            SocketFd twin = make(trial, () -> pair.first().dup());
            act(trial, twin::shutdownOutput);
            close(trial, twin);
            close(trial, pair.first());
            close(trial, pair.second());
        });
    }

    @Test
    void connections() throws Exception {
        everyCallFails(trial -> {
            SocketFd server = make(
                    trial, () -> SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5));
            SocketAddress address = make(trial, server::localAddress);
            SocketFd client = make(trial, () -> SocketFd.createConnection(address));
            SocketFd accepted = trial.step(server::accept);
            while (accepted == null) {
                // A connection that was given up before (ours was not), or nobody there yet: accept(2)
                accepted = server.accept();
            }
            assertThat(make(trial, client::localAddress)).isEqualTo(make(trial, accepted::remoteAddress));
            act(trial, () -> client.setOption(StandardSocketOptions.TCP_NODELAY, true));
            assertThat(make(trial, () -> client.getOption(StandardSocketOptions.TCP_NODELAY)))
                    .isTrue();
            transfer(trial, client, accepted, true);
            transfer(trial, accepted, client, false);
            close(trial, accepted);
            close(trial, client);
            close(trial, server);
        });
    }

    @Test
    void datagrams() throws Exception {
        everyCallFails(trial -> {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            SocketFd receiver = make(trial, () -> SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM));
            SocketFd sender = make(trial, () -> SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM));
            act(trial, () -> receiver.bind(any));
            act(trial, () -> sender.bind(any));
            SocketAddress to = receiver.localAddress();
            SocketAddress from = sender.localAddress();
            ByteBuffer message = ByteBuffer.allocate(BYTES);
            while (message.hasRemaining()) {
                trial.step(() -> sender.sendTo(message, to, 0));
            }
            ByteBuffer received = ByteBuffer.allocate(2 * BYTES);
            SocketAddress sentBy = null;
            while (sentBy == null) {
                sentBy = trial.step(() -> receiver.receiveFrom(received, 0));
            }
            assertThat(sentBy).isEqualTo(from);
            assertThat(received.position()).isEqualTo(BYTES);
            close(trial, sender);
            close(trial, receiver);
        });
    }

    @Test
    void counters() throws Exception {
        everyCallFails(Fault.OF_WHOLES, trial -> {
            EventFd event = make(trial, () -> EventFd.open(1));
            act(trial, () -> event.setBlocking(false));
            boolean added = false;
            while (!added) {
                added = make(trial, () -> event.write(2));
            }
            long count = 0;
            while (count == 0) {
                count = make(trial, event::read);
            }
            assertThat(count).isEqualTo(3);
            close(trial, event);
        });
    }

    @Test
    void timers() throws Exception {
        everyCallFails(Fault.OF_WHOLES, trial -> {
            TimerFd timer = make(trial, () -> TimerFd.open(TimerFd.Clock.MONOTONIC));
            act(trial, () -> timer.set(Duration.ofHours(1)));
            assertThat(make(trial, timer::get).remaining()).isPositive();
            act(trial, () -> timer.set(Duration.ofNanos(1)));
            long count = 0;
            while (count == 0) {
                count = make(trial, timer::read);
            }
            assertThat(count).isEqualTo(1);
            act(trial, timer::disarm);
            close(trial, timer);
        });
    }

    @Test
    void signals() throws Exception {
        everyCallFails(trial -> {
            SignalFd signals = make(trial, () -> SignalFd.open("SIGWINCH"));
            assertThat(make(trial, signals::signals)).containsExactly("SIGWINCH");
            act(trial, () -> signals.setBlocking(false));
            String none = trial.step(signals::read);
            assertThat(none).isNull();
            close(trial, signals);
        });
    }

    @Test
    void processes() throws Exception {
        Process child = new ProcessBuilder("sleep", "300").start();
        try {
            everyCallFails(trial -> {
                PidFd pidFd = make(trial, () -> PidFd.open(child.pid()));
                assertThat(make(trial, pidFd::exitValue)).isEmpty();
                PidFd twin = make(trial, pidFd::dup);
                close(trial, twin);
                close(trial, pidFd);
                PidFd ofProcess = make(trial, () -> PidFd.of(child));
                assertThat(make(trial, ofProcess::exitValue)).isEmpty();
                close(trial, ofProcess);
            });
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void fileChanges() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        everyCallFails(Fault.OF_WHOLES, trial -> {
            InotifyFd inotify = make(trial, InotifyFd::open);
            act(trial, () -> inotify.setBlocking(false));
            int wd = make(trial, () -> inotify.addWatch(directory, InotifyFd.IN_ATTRIB));
            Files.setLastModifiedTime(file, Files.getLastModifiedTime(file));
            List<InotifyEvent> events = new ArrayList<>();
            while (events.isEmpty()) {
                events.addAll(make(trial, inotify::read));
            }
            assertThat(events).singleElement().matches(event -> event.wd() == wd);
            act(trial, () -> inotify.removeWatch(wd));
            close(trial, inotify);
        });
    }

    @Test
    void terminals() throws Exception {
        everyCallFails(trial -> {
            PtyFd.Pair pty = make(trial, PtyFd::open);
            WindowSize size = new WindowSize(24, 80, 0, 0);
            act(trial, () -> Terminal.setWindowSize(pty.master(), size));
            assertThat(make(trial, () -> Terminal.windowSize(pty.terminal()))).isEqualTo(size);
            RawMode raw = make(trial, () -> Terminal.rawMode(pty.terminal()));
            transfer(trial, pty.master(), pty.terminal(), true);
            trial.step(() -> {
                raw.close();
                return true;
            });
            raw.close();
            close(trial, pty.terminal());
            close(trial, pty.master());
        });
    }

    @Test
    void files() throws Exception {
        Path file = directory.resolve("regular");
        Path fifo = directory.resolve("fifo");
        everyCallFails(trial -> {
            FileFd written =
                    make(trial, () -> FileFd.open(file, FileFd.O_RDWR | FileFd.O_CREAT | FileFd.O_TRUNC, 0600));
            FileFd read = make(trial, () -> FileFd.open(file, FileFd.O_RDONLY));
            transfer(trial, written, read, true);
            close(trial, written);
            close(trial, read);
            act(trial, () -> FileFd.mkfifo(fifo, 0600));
            Files.delete(fifo);
            FileFd memory = make(trial, () -> FileFd.memfd("faults"));
            FileFd twin = make(trial, memory::dup);
            close(trial, memory);
            close(trial, twin);
            Fd standard = Objects.requireNonNull(make(trial, Fd::stdin));
            close(trial, standard);
        });
    }
}
