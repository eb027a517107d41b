package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.JdkChannels;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A channel or stream of the JDK.
///
/// @param pollable its descriptor
/// @param reader the receiving end
/// @param writer the sending end
public record JdkSource(Pollable pollable, ReadableByteChannel reader, WritableByteChannel writer)
        implements ReadySource {

    static JdkSource of(ReadableByteChannel reader, WritableByteChannel writer) throws IOException {
        return new JdkSource(JdkChannels.pollable((SelectableChannel) reader), reader, writer);
    }

    /// Opens a connection in blocking mode.
    public static JdkSource socket() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback())) {
            SocketChannel client = SocketChannel.open(server.getLocalAddress());
            return of(server.accept(), client);
        }
    }

    static JdkSource datagrams() throws IOException {
        DatagramChannel receiver = DatagramChannel.open().bind(loopback());
        DatagramChannel sender = DatagramChannel.open().bind(loopback()).connect(receiver.getLocalAddress());
        return of(receiver.connect(sender.getLocalAddress()), sender);
    }

    static JdkSource pipe() throws IOException {
        Pipe pipe = Pipe.open();
        return of(pipe.source(), pipe.sink());
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private interface Opener {
        JdkSource open(Path fifo, WritableByteChannel writer) throws IOException;
    }

    /// Opens a FIFO that a stream reads.
    static JdkSource stream() throws IOException {
        return fifo((path, writer) -> {
            FileInputStream stream = new FileInputStream(path.toFile());
            return new JdkSource(JdkChannels.pollable(stream), Channels.newChannel(stream), writer);
        });
    }

    /// Opens a FIFO that a file channel reads.
    static JdkSource file() throws IOException {
        return fifo((path, writer) -> {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new JdkSource(JdkChannels.pollable(channel), channel, writer);
        });
    }

    private static JdkSource fifo(Opener opener) throws IOException {
        Path directory = Files.createTempDirectory("fifo");
        Path path = directory.resolve("fifo");
        FileFd.mkfifo(path, 0600);
        // Opened for reading and writing, so that open(2) does not block for a reader.
        FileChannel writer = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        JdkSource opened = opener.open(path, writer);
        Files.delete(path);
        Files.delete(directory);
        return opened;
    }

    @Override
    public void fire() throws IOException {
        writer.write(ByteBuffer.allocate(1));
    }

    @Override
    public void consume() throws IOException {
        do {
            reader.read(ByteBuffer.allocate(1));
        } while (SingleFdPoll.await(pollable.fileno(), 1, 0) != 0);
    }

    @Override
    public void close() throws IOException {
        try (reader;
                writer) {
            // try-with-resources closes both
        }
    }
}
