package io.selectors4j.benchmarks.sendfile;

import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Sends with [SocketFd#sendFile].
final class OurSendFile extends SendFileTask {

    private final FileFd file = FileFd.open(path(), FileFd.O_RDONLY);
    private final SocketFd socket =
            SocketFd.createConnection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));

    /// @param args the warm-up in milliseconds
    OurSendFile(String[] args) throws IOException {
        super(args[0]);
    }

    @Override
    long send(long position, long count) throws IOException {
        return socket.sendFile(file, position, count);
    }

    @Override
    public void close() throws IOException {
        file.close();
        socket.close();
        super.close();
    }
}
