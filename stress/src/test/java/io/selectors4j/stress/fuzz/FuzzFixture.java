package io.selectors4j.stress.fuzz;

import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.RawSocketAddress;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.PollerThread;
import io.selectors4j.testing.SimulatedKqueue;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Objects that all runs share: a directory, servers to connect to, a ready object, a child process.
final class FuzzFixture implements Closeable {

    private static final int BACKLOG = 1024;
    private static final int A_PAGE = 4096;

    /// The maximum size of a buffer on a memory segment.
    private static final int MAX_SEGMENT = Integer.MAX_VALUE - 8;

    /// A directory for files.
    final Path directory;

    /// An object that is always readable.
    final Fd ready;

    /// Descriptors whose numbers are used as bare numbers.
    final ConnectedPair pair;

    /// A buffer of the maximum size, on an empty file.
    final ByteBuffer huge;

    /// The mapping of [#huge] on Windows, which deletes no file that is mapped.
    private final Arena mapping = Arena.ofShared();

    /// Memory that only another thread may access.
    final ByteBuffer foreign;

    /// Simulated kernels with kqueue, where this JVM can simulate them.
    final List<KqueueLibc> kqueues = new ArrayList<>();

    private final List<SocketFd> servers = new ArrayList<>();
    private final List<SocketAddress> addresses = new ArrayList<>();
    private @Nullable Process child;

    FuzzFixture(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("a/b"));
        Files.createFile(directory.resolve("file"));
        ready = openReady();
        pair = ConnectedPair.Kind.UNBATCHED.open();
        huge = map(directory.resolve("huge"));
        foreign = CompletableFuture.supplyAsync(
                        () -> Arena.ofConfined().allocate(A_PAGE).asByteBuffer())
                .join();
        if (BackendUnderTest.KQUEUE_SIMULATED_MACOS.isAvailable()) {
            for (KqueueSystem system : List.of(KqueueSystem.MACOS, KqueueSystem.FREEBSD, KqueueSystem.NETBSD)) {
                kqueues.add(new KqueueLibc(system, new SimulatedKqueue(system).lookup()));
            }
        }
        serve(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        serve(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
        if (!Platform.IS_WINDOWS) {
            serve(UnixDomainSocketAddress.of(directory.resolve("server")));
        }
        if (Addresses.HAS_ABSTRACT_NAMES) {
            String name = "fuzz" + ProcessHandle.current().pid();
            serve(RawSocketAddress.unixAbstract(name.getBytes(StandardCharsets.UTF_8)));
        }
        // Opens all permanent descriptors: of busy selectors, of the JDK's closing sockets and its threads, and of the
        // poller thread.
        Backends.available();
        SocketChannel.open().close();
        Thread.ofVirtual().start(() -> LockSupport.parkNanos(1)).join();
        try {
            PollerThread.start();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /// Opens an object that is always readable.
    static Fd openReady() throws IOException {
        Fd opened;
        if (Platform.IS_WINDOWS) {
            SocketFd.Pair sockets = SocketFd.pair(SocketFd.Type.STREAM);
            sockets.second().close();
            opened = sockets.first();
        } else {
            opened = EventFd.open(1);
        }
        opened.setBlocking(false);
        return opened;
    }

    /// Maps an empty file.
    private ByteBuffer map(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(Integer.MAX_VALUE);
            FileChannel channel = file.getChannel();
            if (Platform.IS_WINDOWS) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, MAX_SEGMENT, mapping)
                        .asByteBuffer();
            }
            Files.delete(path);
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, Integer.MAX_VALUE);
        }
    }

    private void serve(SocketAddress address) throws IOException {
        SocketFd server = SocketFd.createServer(address, BACKLOG);
        server.setBlocking(false);
        servers.add(server);
        addresses.add(server.localAddress());
    }

    /// Returns the addresses of the servers.
    List<SocketAddress> addresses() {
        return addresses;
    }

    /// Closes the accepted connections.
    void clear() throws IOException {
        for (SocketFd server : servers) {
            for (SocketFd accepted = server.accept(); accepted != null; accepted = server.accept()) {
                accepted.close();
            }
        }
    }

    /// Returns a child process that a call may end.
    Process child() throws IOException {
        Process current = child;
        if (current == null || !current.isAlive()) {
            ProcessBuilder program = Platform.IS_WINDOWS
                    ? new ProcessBuilder("cmd", "/c", "pause")
                    : new ProcessBuilder("sleep", "100000").redirectInput(new File("/dev/null"));
            current = program.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            child = current;
        }
        return current;
    }

    @Override
    public void close() throws IOException {
        for (SocketFd server : servers) {
            server.close();
        }
        ready.close();
        pair.close();
        mapping.close();
        if (child != null) {
            child.destroyForcibly();
        }
    }
}
