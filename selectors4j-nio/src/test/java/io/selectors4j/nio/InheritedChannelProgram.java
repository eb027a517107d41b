package io.selectors4j.nio;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The child of [InheritedChannelTest]: writes what it finds to a file, line by line, and echoes one message.
final class InheritedChannelProgram {

    private static final List<String> REPORT = new ArrayList<>();

    private InheritedChannelProgram() {}

    @SuppressWarnings("ReferenceEquality") // it has to be the same object
    public static void main(String[] args) throws IOException {
        try (Channel channel = System.inheritedChannel()) {
            report("type", type(channel));
            report("same", channel == System.inheritedChannel());
            if (channel != null) {
                report("blocking", ((SelectableChannel) channel).isBlocking());
                report("stdin", standardStream(0).startsWith("socket:"));
                echo(channel);
            }
        }
        for (int fd = 0; fd <= 2; fd++) {
            report("closed " + fd, standardStream(fd));
        }
        report("same after close", System.inheritedChannel() == null ? "null" : "closed");
        Files.write(Path.of(args[0]), REPORT);
    }

    private static String type(Channel channel) {
        return switch (channel) {
            case SocketChannel _ -> "SocketChannel";
            case ServerSocketChannel _ -> "ServerSocketChannel";
            case DatagramChannel _ -> "DatagramChannel";
            case null, default -> "" + channel;
        };
    }

    private static void echo(Channel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        switch (channel) {
            case SocketChannel socket -> echo(socket, buffer);
            case ServerSocketChannel server -> {
                report("local", server.getLocalAddress());
                try (SocketChannel accepted = server.accept()) {
                    echo(accepted, buffer);
                }
            }
            case DatagramChannel datagram -> {
                report("local", datagram.getLocalAddress());
                SocketAddress sender = datagram.receive(buffer);
                datagram.send(buffer.flip(), sender);
            }
            default -> throw new AssertionError(channel);
        }
    }

    private static void echo(SocketChannel socket, ByteBuffer buffer) throws IOException {
        report("connected", socket.isConnected());
        report("local", socket.getLocalAddress());
        report("remote", socket.getRemoteAddress());
        socket.read(buffer);
        socket.write(buffer.flip());
    }

    private static void report(String name, Object value) {
        REPORT.add(name + ": " + value);
    }

    private static String standardStream(int fd) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
    }
}
