package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.os.Epoll;
import io.selectors4j.testing.Libc;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Terminal;
import io.selectors4j.watch.InotifyFd;
import io.selectors4j.watch.InotifyTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Calls at the limit of open files. The limit is lowered for the whole process, so only the tested calls run
/// meanwhile: every class is loaded before, and assertions come afterwards.
class OpenFilesLimitTest {

    private final List<Integer> fillers = new ArrayList<>();
    private final long limit = Libc.openFilesLimit();
    private SocketFd server;
    private SocketFd client;
    private PtyFd.Pair pty;

    @BeforeEach
    void open() throws Exception {
        server = SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        server.setBlocking(false);
        client = SocketFd.createConnection(server.localAddress());
        pty = PtyFd.open();
    }

    @AfterEach
    void close() throws Exception {
        pty.close();
        client.close();
        server.close();
    }

    /// Runs a task while the process can open only the given number of descriptors.
    private <T> T atTheLimit(int free, Callable<T> task) throws Exception {
        int highest;
        try (var open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            highest = 0;
            for (Path path : open) {
                highest = Math.max(highest, Integer.parseInt(path.getFileName().toString()));
            }
        }
        try {
            Libc.setOpenFilesLimit(highest + 5);
            int fd;
            while ((fd = Libc.tryDup(server.fileno())) >= 0) {
                fillers.add(fd);
            }
            for (int i = 0; i < free; i++) {
                Libc.close(fillers.removeLast());
            }
            return task.call();
        } finally {
            Libc.setOpenFilesLimit(limit);
            fillers.forEach(Libc::close);
            fillers.clear();
        }
    }

    private static String outcome(Callable<?> call) throws Exception {
        try {
            Object result = call.call();
            if (result instanceof AutoCloseable closeable) {
                closeable.close();
            }
            return "" + (result == null ? null : result.getClass().getSimpleName());
        } catch (NativeIOException e) {
            return e.errnoName();
        }
    }

    @Test
    void acceptAtLimit_keepsConnection() throws Exception {
        outcome(server::accept); // loads the classes
        outcome(() -> {
            throw new NativeIOException("warm-up", Errno.EBADF);
        });
        try (SocketFd waiting = SocketFd.createConnection(server.localAddress())) {
            List<String> outcomes = atTheLimit(0, () -> {
                List<String> list = new ArrayList<>();
                list.add(outcome(server::accept));
                list.add(outcome(server::accept));
                return list;
            });
            assertThat(outcomes).containsExactly("EMFILE", "EMFILE");
            assertThat(server.isOpen()).isTrue();
            try (SocketFd accepted = Objects.requireNonNull(server.accept())) {
                assertThat(accepted.remoteAddress()).isEqualTo(waiting.localAddress());
                waiting.write(ByteBuffer.wrap(new byte[] {1}));
                assertThat(accepted.read(ByteBuffer.allocate(9))).isEqualTo(1);
            }
            assertThat((@Nullable Object) server.accept()).isNull();
        }
    }

    @Test
    void factoriesAtLimit_failWithEmfile_leakNothing() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        List<Callable<?>> factories = List.of(
                PipeFd::open,
                PtyFd::open,
                () -> SocketFd.pair(SocketFd.Type.STREAM),
                () -> SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM),
                () -> SocketFd.createConnection(server.localAddress()),
                () -> FileFd.open(Path.of("/dev/null"), FileFd.O_RDONLY),
                () -> SocketFd.open(SocketFd.AF_NETLINK, SocketFd.Type.RAW, 0),
                () -> FileFd.memfd("none"),
                () -> EventFd.open(0),
                () -> EventFd.openSemaphore(0),
                () -> TimerFd.open(TimerFd.Clock.MONOTONIC),
                () -> PidFd.open(ProcessHandle.current().pid()),
                () -> PidFd.of(ended),
                () -> SignalFd.open("SIGUSR1"),
                InotifyFd::open,
                () -> InotifyTree.open(Path.of("target/test-classes"), InotifyFd.IN_CREATE),
                client::dup,
                pty.master()::dup,
                () -> Terminal.rawMode(pty.terminal()),
                Epoll::create);
        for (Callable<?> factory : factories) {
            outcome(factory); // loads the classes
        }
        List<String> outcomes = atTheLimit(0, () -> {
            List<String> list = new ArrayList<>();
            for (Callable<?> factory : factories) {
                list.add(outcome(factory));
            }
            return list;
        });
        assertThat(outcomes).hasSize(factories.size()).containsOnly("EMFILE");
        // With one free descriptor, a factory that needs two fails and leaves it free.
        List<String> withOne = atTheLimit(1, () -> {
            List<String> list = new ArrayList<>();
            list.add(outcome(PipeFd::open));
            list.add(outcome(PtyFd::open));
            list.add(outcome(() -> SocketFd.pair(SocketFd.Type.DATAGRAM)));
            list.add(outcome(() -> SignalFd.open("SIGUSR1")));
            list.add(outcome(client::dup));
            list.add(outcome(() -> PidFd.of(ended)));
            return list;
        });
        assertThat(withOne).containsExactly("EMFILE", "EMFILE", "EMFILE", "EMFILE", "SocketFd", "PidFd");
    }

    @Test
    void limit_isRestored() throws IOException {
        assertThat(Libc.openFilesLimit()).isEqualTo(limit);
    }
}
