package io.selectors4j.stress.fuzz;

import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.RawSocketAddress;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.testing.Backends;
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

    /// A directory for files.
    final Path directory;

    /// An object that is always readable.
    final EventFd readyEvent;

    /// A pipe whose numbers are used as bare numbers.
    final PipeFd.Pipe pipe;

    /// A buffer of the maximum size, on an empty file.
    final ByteBuffer huge;

    /// Memory that only another thread may access.
    final ByteBuffer foreign;

    /// Simulated kernels with kqueue.
    final List<KqueueLibc> kqueues = new ArrayList<>();

    private final List<SocketFd> servers = new ArrayList<>();
    private final List<SocketAddress> addresses = new ArrayList<>();
    private @Nullable Process child;

    FuzzFixture(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("a/b"));
        Files.createFile(directory.resolve("file"));
        readyEvent = EventFd.open(1);
        readyEvent.setBlocking(false);
        pipe = PipeFd.open();
        pipe.reader().setBlocking(false);
        pipe.writer().setBlocking(false);
        huge = map(directory.resolve("huge"));
        foreign = CompletableFuture.supplyAsync(
                        () -> Arena.ofConfined().allocate(A_PAGE).asByteBuffer())
                .join();
        for (KqueueSystem system : List.of(KqueueSystem.MACOS, KqueueSystem.FREEBSD, KqueueSystem.NETBSD)) {
            kqueues.add(new KqueueLibc(system, new SimulatedKqueue(system).lookup()));
        }
        serve(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        serve(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
        serve(UnixDomainSocketAddress.of(directory.resolve("server")));
        String name = "fuzz" + ProcessHandle.current().pid();
        serve(RawSocketAddress.unixAbstract(name.getBytes(StandardCharsets.UTF_8)));
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

    private static ByteBuffer map(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(Integer.MAX_VALUE);
            return file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, Integer.MAX_VALUE);
        } finally {
            Files.delete(path);
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
            File nothing = new File("/dev/null");
            current = new ProcessBuilder("sleep", "100000")
                    .redirectInput(nothing)
                    .redirectOutput(nothing)
                    .redirectError(nothing)
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
        readyEvent.close();
        pipe.close();
        if (child != null) {
            child.destroyForcibly();
        }
    }
}
