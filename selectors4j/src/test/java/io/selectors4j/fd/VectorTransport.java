package io.selectors4j.fd;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.Path;

/// Two connected descriptors.
enum VectorTransport {
    PIPE,
    FILE,
    STREAM,
    DATAGRAM,
    SEQPACKET;

    Ends open(Path directory) throws IOException {
        return switch (this) {
            case PIPE -> {
                PipeFd.Pipe pipe = PipeFd.open();
                yield new Ends(pipe.reader(), pipe.writer());
            }
            case FILE -> {
                Path file = directory.resolve("file");
                FileFd writer = FileFd.open(file, FileFd.O_WRONLY | FileFd.O_CREAT | FileFd.O_TRUNC);
                yield new Ends(FileFd.open(file, FileFd.O_RDONLY), writer);
            }
            case STREAM, DATAGRAM, SEQPACKET -> {
                SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.valueOf(name()));
                pair.second().setOption(StandardSocketOptions.SO_SNDBUF, 1_000_000);
                yield new Ends(pair.first(), pair.second());
            }
        };
    }

    boolean preservesMessages() {
        return this == DATAGRAM || this == SEQPACKET;
    }

    /// The reading and the writing end.
    record Ends(Fd reader, Fd writer) implements Closeable {

        long read(ByteBuffer... targets) throws IOException {
            return ((ScatteringByteChannel) reader).read(targets);
        }

        long write(ByteBuffer... sources) throws IOException {
            return ((GatheringByteChannel) writer).write(sources);
        }

        @Override
        public void close() throws IOException {
            try (reader;
                    writer) {
                // closes both
            }
        }
    }
}
