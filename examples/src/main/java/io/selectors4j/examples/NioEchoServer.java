package io.selectors4j.examples;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.List;

/// An echo server for many clients, written for `java.nio.channels` alone. It uses no class of selectors4j, so it runs
/// on any [java.nio.channels.spi.SelectorProvider].
final class NioEchoServer implements Closeable {

    /// The attachment of a key: called when its channel is ready.
    interface Handler {
        void ready(SelectionKey key) throws IOException;
    }

    /// The number of bytes that a connection receives before it sends them back.
    private static final int CAPACITY = 1024;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private volatile boolean stopped;

    /// Listens on an address.
    NioEchoServer(SocketAddress address) throws IOException {
        listener.bind(address);
        listener.configureBlocking(false);
        Handler accept = this::accept;
        listener.register(selector, SelectionKey.OP_ACCEPT, accept);
    }

    SocketAddress address() throws IOException {
        return listener.getLocalAddress();
    }

    /// Returns the selector, which other channels can be registered with; their attachment is a [Handler].
    Selector selector() {
        return selector;
    }

    /// Serves until [#stop].
    void run() throws IOException {
        while (!stopped) {
            selector.select();
            Iterator<SelectionKey> selected = selector.selectedKeys().iterator();
            while (selected.hasNext()) {
                SelectionKey key = selected.next();
                selected.remove();
                if (key.isValid()) {
                    ((Handler) key.attachment()).ready(key);
                }
            }
        }
    }

    /// Ends [#run]. Any thread may call this.
    void stop() {
        stopped = true;
        selector.wakeup();
    }

    private void accept(SelectionKey key) throws IOException {
        for (SocketChannel socket = listener.accept(); socket != null; socket = listener.accept()) {
            serve(socket);
        }
    }

    /// Echoes what arrives on a channel, from the next select on.
    <C extends SelectableChannel & ByteChannel> void serve(C channel) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
    }

    /// Closes the registered channels and the selector.
    @Override
    public void close() throws IOException {
        try (selector) {
            for (SelectionKey key : List.copyOf(selector.keys())) {
                key.channel().close();
            }
        }
    }

    private static final class Connection implements Handler {

        private final ByteChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY);
        private boolean ended;

        Connection(ByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public void ready(SelectionKey key) throws IOException {
            try {
                ended |= key.isReadable() && channel.read(buffer) < 0;
                channel.write(buffer.flip());
                buffer.compact();
                if (ended && buffer.position() == 0) {
                    channel.close();
                    return;
                }
                int read = !ended && buffer.hasRemaining() ? SelectionKey.OP_READ : 0;
                int write = buffer.position() > 0 ? SelectionKey.OP_WRITE : 0;
                key.interestOps(read | write);
            } catch (IOException e) { // the connection is lost; the server continues
                channel.close();
            }
        }
    }
}
