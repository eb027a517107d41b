package io.selectors4j.benchmarks.sendfile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;

/// Sends with [FileChannel#transferTo].
final class NioSendFile extends SendFileTask {

    private final FileChannel file = FileChannel.open(path());
    private final SocketChannel socket =
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));

    /// @param args the warm-up in milliseconds
    NioSendFile(String[] args) throws IOException {
        super(args[0]);
    }

    @Override
    long send(long position, long count) throws IOException {
        return file.transferTo(position, count, socket);
    }

    @Override
    public void close() throws IOException {
        file.close();
        socket.close();
        super.close();
    }
}
