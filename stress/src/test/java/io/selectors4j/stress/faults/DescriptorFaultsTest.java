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
import io.selectors4j.fd.StdinFd;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.PollerThread;
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

/// Every call of every descriptor class fails in every way. Afterwards no descriptor is leaked, no byte is lost or
/// duplicated, and the repeated call succeeds.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class DescriptorFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");
    private static final int BYTES = 100;

    @BeforeAll
    static void openPermanentDescriptors() throws Exception {
        PollerThread.start();
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    static void everyCallFails(FaultRun.Scenario scenario) throws Exception {
        everyCallFails(Fault.ALL, scenario);
    }

    static void everyCallFails(List<Fault> faults, FaultRun.Scenario scenario) throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(faults, scenario));
    }

    /// Makes a call, and repeats it if it fails.
    static <T, X extends Exception> T make(FaultRun run, ThrowingSupplier<T, X> step) throws X {
        return run.orRetry(run.call(step), step);
    }

    interface Action {
        void run() throws Exception;
    }

    static void act(FaultRun run, Action action) throws Exception {
        make(run, () -> {
            action.run();
            return true;
        });
    }

    /// Closes a descriptor. It is closed even if close fails.
    static void close(FaultRun run, Fd fd) throws Exception {
        run.call(() -> {
            fd.close();
            return true;
        });
        assertThat(fd.isOpen()).isFalse();
        fd.close();
    }

    /// Transfers bytes from one descriptor to another, with any number of short or failing calls.
    private static void transfer(FaultRun run, Fd from, Fd to, boolean direct) throws Exception {
        ByteBuffer sent = direct ? ByteBuffer.allocateDirect(BYTES) : ByteBuffer.allocate(BYTES);
        ByteBuffer received = direct ? ByteBuffer.allocateDirect(BYTES) : ByteBuffer.allocate(BYTES);
        for (int i = 0; i < BYTES; i++) {
            sent.put((byte) i);
        }
        sent.flip();
        while (sent.hasRemaining()) {
            int initial = sent.position();
            Integer count = run.call(() -> from.write(sent));
            assertThat(sent.position() - initial).isEqualTo(count == null ? 0 : count);
        }
        while (received.hasRemaining()) {
            assertThat(isReadable(to))
                    .as("all bytes were written, but only %s arrived", received)
                    .isTrue();
            int initial = received.position();
            Integer count = run.call(() -> to.read(received));
            assertThat(received.position() - initial).isEqualTo(count == null ? 0 : count);
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
    void pipe_everyCallFails() throws Exception {
        everyCallFails(run -> {
            PipeFd.Pipe pipe = make(run, PipeFd::open);
            transfer(run, pipe.writer(), pipe.reader(), true);
            transfer(run, pipe.writer(), pipe.reader(), false);
            act(run, () -> pipe.reader().setBlocking(false));
            assertThat(make(run, () -> pipe.reader().isBlocking())).isFalse();
            PipeFd duplicate = make(run, () -> pipe.writer().dup());
            transfer(run, duplicate, pipe.reader(), true);
            close(run, duplicate);
            close(run, pipe.writer());
            close(run, pipe.reader());
        });
    }

    @Test
    void socketPair_everyCallFails() throws Exception {
        everyCallFails(run -> {
            SocketFd.Pair pair = make(run, () -> SocketFd.pair(SocketFd.Type.STREAM));
            transfer(run, pair.first(), pair.second(), true);
            transfer(run, pair.second(), pair.first(), false);
            SocketFd duplicate = make(run, () -> pair.first().dup());
            act(run, duplicate::shutdownOutput);
            close(run, duplicate);
            close(run, pair.first());
            close(run, pair.second());
        });
    }

    @Test
    void connection_everyCallFails() throws Exception {
        everyCallFails(run -> {
            SocketFd server = make(
                    run, () -> SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5));
            SocketAddress address = make(run, server::localAddress);
            SocketFd client = make(run, () -> SocketFd.createConnection(address));
            SocketFd accepted = run.call(server::accept);
            while (accepted == null) {
                // An aborted connection before ours, or no connection yet: accept(2)
                accepted = server.accept();
            }
            assertThat(make(run, client::localAddress)).isEqualTo(make(run, accepted::remoteAddress));
            act(run, () -> client.setOption(StandardSocketOptions.TCP_NODELAY, true));
            assertThat(make(run, () -> client.getOption(StandardSocketOptions.TCP_NODELAY)))
                    .isTrue();
            transfer(run, client, accepted, true);
            transfer(run, accepted, client, false);
            close(run, accepted);
            close(run, client);
            close(run, server);
        });
    }

    @Test
    void datagrams_everyCallFails() throws Exception {
        everyCallFails(run -> {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            SocketFd receiver = make(run, () -> SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM));
            SocketFd sender = make(run, () -> SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM));
            act(run, () -> receiver.bind(any));
            act(run, () -> sender.bind(any));
            SocketAddress to = receiver.localAddress();
            SocketAddress from = sender.localAddress();
            ByteBuffer message = ByteBuffer.allocate(BYTES);
            while (message.hasRemaining()) {
                run.call(() -> sender.sendTo(message, to, 0));
            }
            ByteBuffer received = ByteBuffer.allocate(2 * BYTES);
            SocketAddress sentBy = null;
            while (sentBy == null) {
                sentBy = run.call(() -> receiver.receiveFrom(received, 0));
            }
            assertThat(sentBy).isEqualTo(from);
            assertThat(received.position()).isEqualTo(BYTES);
            close(run, sender);
            close(run, receiver);
        });
    }

    @Test
    void eventFd_everyCallFails() throws Exception {
        everyCallFails(Fault.NOT_SHORT, run -> {
            EventFd event = make(run, () -> EventFd.open(1));
            act(run, () -> event.setBlocking(false));
            boolean added = false;
            while (!added) {
                added = make(run, () -> event.write(2));
            }
            long count = 0;
            while (count == 0) {
                count = make(run, event::read);
            }
            assertThat(count).isEqualTo(3);
            close(run, event);
        });
    }

    @Test
    void timer_everyCallFails() throws Exception {
        everyCallFails(Fault.NOT_SHORT, run -> {
            TimerFd timer = make(run, () -> TimerFd.open(TimerFd.Clock.MONOTONIC));
            act(run, () -> timer.set(Duration.ofHours(1)));
            assertThat(make(run, timer::get).remaining()).isPositive();
            act(run, () -> timer.set(Duration.ofNanos(1)));
            long count = 0;
            while (count == 0) {
                count = make(run, timer::read);
            }
            assertThat(count).isEqualTo(1);
            act(run, timer::disarm);
            close(run, timer);
        });
    }

    @Test
    void signalFd_everyCallFails() throws Exception {
        everyCallFails(run -> {
            SignalFd signals = make(run, () -> SignalFd.open("SIGWINCH"));
            assertThat(make(run, signals::signals)).containsExactly("SIGWINCH");
            act(run, () -> signals.setBlocking(false));
            String none = run.call(signals::read);
            assertThat(none).isNull();
            close(run, signals);
        });
    }

    @Test
    void pidFd_everyCallFails() throws Exception {
        Process child = new ProcessBuilder("sleep", "300").start();
        try {
            everyCallFails(run -> {
                PidFd pidFd = make(run, () -> PidFd.open(child.pid()));
                assertThat(make(run, pidFd::exitValue)).isEmpty();
                PidFd duplicate = make(run, pidFd::dup);
                close(run, duplicate);
                close(run, pidFd);
                PidFd ofProcess = make(run, () -> PidFd.of(child));
                assertThat(make(run, ofProcess::exitValue)).isEmpty();
                close(run, ofProcess);
            });
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void inotify_everyCallFails() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        everyCallFails(Fault.NOT_SHORT, run -> {
            InotifyFd inotify = make(run, InotifyFd::open);
            act(run, () -> inotify.setBlocking(false));
            int wd = make(run, () -> inotify.addWatch(directory, InotifyFd.IN_ATTRIB));
            Files.setLastModifiedTime(file, Files.getLastModifiedTime(file));
            List<InotifyEvent> events = new ArrayList<>();
            while (events.isEmpty()) {
                events.addAll(make(run, inotify::read));
            }
            assertThat(events).singleElement().matches(event -> event.wd() == wd);
            act(run, () -> inotify.removeWatch(wd));
            close(run, inotify);
        });
    }

    @Test
    void terminal_everyCallFails() throws Exception {
        everyCallFails(run -> {
            PtyFd.Pair pty = make(run, PtyFd::open);
            WindowSize size = new WindowSize(24, 80, 0, 0);
            act(run, () -> Terminal.setWindowSize(pty.master(), size));
            assertThat(make(run, () -> Terminal.windowSize(pty.terminal()))).isEqualTo(size);
            RawMode raw = make(run, () -> Terminal.rawMode(pty.terminal()));
            transfer(run, pty.master(), pty.terminal(), true);
            run.call(() -> {
                raw.close();
                return true;
            });
            raw.close();
            RawMode suspendable = make(run, () -> Terminal.suspendableRawMode(pty.terminal()));
            suspendable.close();
            close(run, pty.terminal());
            close(run, pty.master());
        });
    }

    @Test
    void file_everyCallFails() throws Exception {
        Path file = directory.resolve("regular");
        Path fifo = directory.resolve("fifo");
        everyCallFails(run -> {
            FileFd written = make(run, () -> FileFd.open(file, FileFd.O_RDWR | FileFd.O_CREAT | FileFd.O_TRUNC, 0600));
            FileFd read = make(run, () -> FileFd.open(file, FileFd.O_RDONLY));
            transfer(run, written, read, true);
            close(run, written);
            close(run, read);
            act(run, () -> FileFd.mkfifo(fifo, 0600));
            Files.delete(fifo);
            FileFd memory = make(run, () -> FileFd.memfd("faults"));
            FileFd duplicate = make(run, memory::dup);
            close(run, memory);
            close(run, duplicate);
            Fd standard = Objects.requireNonNull(make(run, Fd::stdin));
            close(run, standard);
            StdinFd stdin = Objects.requireNonNull(make(run, StdinFd::open));
            close(run, stdin);
        });
    }
}
