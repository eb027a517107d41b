package io.selectors4j.stress.misuse;

import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.StdinFd;
import io.selectors4j.fd.StdinFds;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Termios;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.Path;
import java.util.Objects;

/// The ways to transfer bytes from one buffer to another: one for each method that takes a buffer.
enum Transport {
    PIPE(false) {
        @Override
        Channel open() throws IOException {
            PipeFd.Pipe pipe = PipeFd.open();
            return new Channel(pipe.writer(), pipe.reader());
        }
    },
    STREAM(false) {
        @Override
        Channel open() throws IOException {
            SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
            return new Channel(pair.first(), pair.second());
        }
    },
    STREAM_WITH_FLAGS(false) {
        @Override
        Channel open() throws IOException {
            return withFlags(SocketFd.Type.STREAM);
        }
    },
    PACKETS(true) {
        @Override
        Channel open() throws IOException {
            SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.SEQPACKET);
            return new Channel(pair.first(), pair.second());
        }
    },
    PACKETS_WITH_FLAGS(true) {
        @Override
        Channel open() throws IOException {
            return withFlags(SocketFd.Type.SEQPACKET);
        }
    },
    DATAGRAMS(true) {
        @Override
        Channel open() throws IOException {
            SocketFd receiver = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
            receiver.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketAddress address = receiver.localAddress();
            SocketFd sender = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
            return new Channel(sender, receiver, source -> sender.sendTo(source, address, 0), target -> {
                int position = target.position();
                Objects.requireNonNull(receiver.receiveFrom(target, 0));
                return target.position() - position;
            });
        }
    },
    FILE(false) {
        @Override
        Channel open() throws IOException {
            FileFd file = FileFd.memfd("file");
            Path path = Path.of("/proc/self/fd", "" + file.fileno());
            return new Channel(file, FileFd.open(path, FileFd.O_RDONLY));
        }
    },
    STDIN(false) {
        @Override
        Channel open() throws IOException {
            FileFd file = FileFd.memfd("stdin");
            FileFd input = FileFd.open(Path.of("/proc/self/fd", "" + file.fileno()), FileFd.O_RDONLY);
            StdinFd stdin = StdinFds.open(input);
            return new Channel(file, stdin, file::write, stdin::read, input);
        }
    },
    FILE_POSITIONS(false) {
        @Override
        Channel open() throws IOException {
            FileFd file = FileFd.memfd("file");
            FileFd reader = FileFd.open(Path.of("/proc/self/fd", "" + file.fileno()), FileFd.O_RDONLY);
            long[] end = {0};
            long[] next = {0}; // the bytes before the last write have been read
            return new Channel(
                    file,
                    reader,
                    source -> {
                        next[0] = end[0];
                        int count = file.write(source, end[0]);
                        end[0] += count;
                        return count;
                    },
                    target -> {
                        int count = reader.read(target, next[0]);
                        next[0] += Math.max(count, 0);
                        reader.position(next[0]);
                        return count;
                    });
        }
    },
    PIPE_VECTORS(false) {
        @Override
        Channel open() throws IOException {
            PipeFd.Pipe pipe = PipeFd.open();
            return vectors(pipe.writer(), pipe.reader());
        }
    },
    STREAM_VECTORS(false) {
        @Override
        Channel open() throws IOException {
            SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
            return vectors(pair.first(), pair.second());
        }
    },
    PACKET_VECTORS(true) {
        @Override
        Channel open() throws IOException {
            SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.SEQPACKET);
            return vectors(pair.first(), pair.second());
        }
    },
    TERMINAL(false) {
        @Override
        Channel open() throws IOException {
            PtyFd.Pair pty = PtyFd.open();
            Termios.of(pty.terminal()).raw().apply(pty.terminal(), Termios.When.NOW);
            return new Channel(pty.master(), pty.terminal());
        }
    };

    private final boolean messages;

    Transport(boolean messages) {
        this.messages = messages;
    }

    /// Opens both ends, in blocking mode.
    abstract Channel open() throws IOException;

    /// Returns whether the transport preserves messages, so that the excess of a long message is lost.
    boolean preservesMessages() {
        return messages;
    }

    /// Returns the number of bytes that one write always accepts.
    int room() {
        return this == TERMINAL ? 1_000 : 50_000;
    }

    private static Channel withFlags(SocketFd.Type type) throws IOException {
        SocketFd.Pair pair = SocketFd.pair(type);
        return new Channel(
                pair.first(),
                pair.second(),
                source -> pair.first().send(source, 0),
                target -> pair.second().receive(target, 0));
    }

    /// Transfers the buffer as one of several.
    private static <W extends Fd & GatheringByteChannel, R extends Fd & ScatteringByteChannel> Channel vectors(
            W writer, R reader) {
        ByteBuffer empty = ByteBuffer.allocateDirect(0);
        return new Channel(
                writer,
                reader,
                source -> (int) writer.write(new ByteBuffer[] {empty, source, ByteBuffer.allocate(0)}),
                target -> (int) reader.read(new ByteBuffer[] {ByteBuffer.allocate(0), target, empty}));
    }

    /// Transfers bytes from a buffer or to one.
    @FunctionalInterface
    interface Transfer {
        int with(ByteBuffer buffer) throws IOException;
    }

    /// Both ends, and their transfer methods.
    ///
    /// @param writer the writing end
    /// @param reader the reading end
    /// @param out writes from a buffer
    /// @param in reads into a buffer
    /// @param other closed with both ends
    record Channel(Fd writer, Fd reader, Transfer out, Transfer in, Closeable other) implements Closeable {

        Channel(Fd writer, Fd reader) {
            this(writer, reader, writer::write, reader::read);
        }

        Channel(Fd writer, Fd reader, Transfer out, Transfer in) {
            this(writer, reader, out, in, () -> {});
        }

        @Override
        public void close() throws IOException {
            try (other;
                    writer;
                    reader) {
                // closes all
            }
        }
    }
}
