package io.selectors4j.testing;

import io.selectors4j.PollableChannel;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.tty.PtyFd;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Two connected non-blocking descriptors: bytes written at one arrive at the other.
///
/// @param reader the receiving end
/// @param writer the sending end
public record ConnectedPair(PollableChannel reader, PollableChannel writer) implements Closeable {

    private static final int CHUNK = 4096;
    private static final int BUFFER = 1 << 16;
    private static final boolean IS_LINUX = Platform.CURRENT.os() == Os.LINUX;

    /// The time that the kernel has to move bytes to the peer, on systems that do not tell.
    private static final int MOVE_MILLIS = 50;

    /// The number of bytes that a terminal holds for its reader.
    private static final int TERMINAL_BUFFER = 4095;

    /// The kinds of pairs, whose readiness differs in the kernel.
    public enum Kind {
        SOCKET_PAIR,
        PACKETS,
        PIPE,
        FIFO,
        TCP,
        TERMINAL;

        /// The kind whose sockets no selector batches; on Windows there are no others than sockets.
        public static final Kind UNBATCHED = PIPE.isAvailable() ? PIPE : SOCKET_PAIR;

        /// Returns whether this system has this kind.
        public boolean isAvailable() {
            return switch (this) {
                case SOCKET_PAIR -> true;
                case TCP -> TestSimulation.CURRENT == null;
                case PIPE, FIFO -> !Platform.IS_WINDOWS && TestSimulation.CURRENT == null;
                case PACKETS ->
                    !Platform.IS_WINDOWS && Platform.CURRENT.os() != Os.MACOS && TestSimulation.CURRENT == null;
                case TERMINAL -> IS_LINUX && TestSimulation.CURRENT == null;
            };
        }

        /// Returns whether its ends are TCP sockets, as those of every pair are on Windows.
        public boolean isTcp() {
            return this == TCP || Platform.IS_WINDOWS;
        }

        /// Opens a new pair.
        public ConnectedPair open() throws IOException {
            TestSimulation simulation = TestSimulation.CURRENT;
            return simulation == null ? openReal() : simulation.openPair();
        }

        private ConnectedPair openReal() throws IOException {
            ConnectedPair pair = switch (this) {
                case SOCKET_PAIR -> of(SocketFd.pair(SocketFd.Type.STREAM));
                case PACKETS -> of(SocketFd.pair(SocketFd.Type.SEQPACKET));
                case PIPE -> of(PipeFd.open());
                case FIFO -> fifo();
                case TCP -> tcp();
                case TERMINAL -> terminal();
            };
            ((Fd) pair.reader).setBlocking(false);
            ((Fd) pair.writer).setBlocking(false);
            return pair;
        }
    }

    private static ConnectedPair of(SocketFd.Pair pair) {
        return new ConnectedPair(pair.first(), pair.second());
    }

    private static ConnectedPair of(PipeFd.Pipe pipe) {
        return new ConnectedPair(pipe.reader(), pipe.writer());
    }

    private static ConnectedPair fifo() throws IOException {
        Path directory = Files.createTempDirectory("fifo");
        Path path = directory.resolve("fifo");
        FileFd.mkfifo(path, 0600);
        FileFd reader = FileFd.open(path, FileFd.O_RDONLY | FileFd.O_NONBLOCK);
        FileFd writer = FileFd.open(path, FileFd.O_WRONLY | FileFd.O_NONBLOCK);
        Files.delete(path);
        Files.delete(directory);
        return new ConnectedPair(reader, writer);
    }

    private static ConnectedPair tcp() throws IOException {
        SocketFd server = SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        SocketFd client = SocketFd.createConnection(server.localAddress());
        SocketFd accepted = Objects.requireNonNull(server.accept());
        server.close();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        // The kernel does not change a buffer size once it was set, but would enlarge it otherwise.
        client.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
        accepted.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
        return new ConnectedPair(accepted, client);
    }

    /// Connects a program in a terminal to the master of the terminal.
    private static ConnectedPair terminal() throws IOException {
        PtyFd.Pair pty = PtyFd.open();
        return new ConnectedPair(pty.master(), pty.terminal());
    }

    /// Writes some bytes. Fails if there is no room for them.
    public void write(int count) throws IOException {
        int written = writer.write(ByteBuffer.allocate(count));
        if (written != count) {
            throw new AssertionError("wrote " + written + " bytes of " + count);
        }
    }

    /// Reads all available bytes.
    ///
    /// @return the number of bytes; -1 at the end of the data
    public int drain() throws IOException {
        return drain(reader);
    }

    /// Reads all available bytes from a descriptor.
    ///
    /// @return the number of bytes; -1 at the end of the data
    public static int drain(PollableChannel reader) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        int total = 0;
        while (true) {
            int count = reader.read(buffer.clear());
            if (count <= 0) {
                return count < 0 && total == 0 ? -1 : total;
            }
            total += count;
        }
    }

    /// Writes until there is no room left, and the kernel moves no more bytes to the peer that would make room.
    public void fill() throws IOException, InterruptedException {
        int refusals = 0;
        while (refusals < 2) { // the second one is after the last move
            if (writer.write(ByteBuffer.allocate(CHUNK)) > 0) {
                refusals = 0;
                continue;
            }
            long moving = bytesOnTheWay();
            if (moving > 0) {
                Thread.sleep(1);
                continue;
            }
            refusals++;
            if (moving < 0) {
                Thread.sleep(MOVE_MILLIS);
            }
        }
    }

    /// Returns a positive number while the kernel is moving bytes to the peer, and a negative one if that cannot be
    /// told. With TCP, the kernel waits for delayed acknowledgements. In a terminal, a thread of the kernel moves them.
    private long bytesOnTheWay() throws IOException {
        if (!IS_LINUX) {
            return -1;
        }
        if (writer instanceof PtyFd) {
            return (long) TERMINAL_BUFFER - ((PtyFd) reader).available();
        }
        return writer instanceof SocketFd && !isUnixSocket() ? LinuxCalls.unacknowledged(writer.fileno()) : 0;
    }

    private boolean isUnixSocket() throws IOException {
        return writer instanceof SocketFd socket && socket.localAddress() instanceof UnixDomainSocketAddress;
    }

    @Override
    public void close() throws IOException {
        try (reader;
                writer) {
            // try-with-resources closes both
        }
    }
}
