package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;

/// A netlink socket that receives replies of the kernel.
final class NetlinkSource implements ReadySource {

    private final SocketFd socket = Netlink.open();

    NetlinkSource() throws IOException {
        socket.setBlocking(false);
    }

    @Override
    public Pollable pollable() {
        return socket;
    }

    @Override
    public void fire() throws IOException {
        socket.send(Netlink.loopback(1), 0);
    }

    @Override
    public void consume() throws IOException {
        while (socket.read(Netlink.buffer(32768)) > 0) {
            // one reply each time
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
