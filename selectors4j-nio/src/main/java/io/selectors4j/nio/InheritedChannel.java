package io.selectors4j.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.NativeIOException;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The channel of the socket that this process was started with as its standard input. As with the JDK, the channel has
/// a descriptor of its own, and standard input, output and error stay what they are until the channel is closed: then
/// they are connected to `/dev/null`, so that the socket is closed too.
final class InheritedChannel {

    private static final int STANDARD_STREAMS = 3;

    private static final Object LOCK = new Object();

    @GuardedBy("LOCK")
    private static boolean isKnown;

    @GuardedBy("LOCK")
    private static @Nullable Channel channel;

    private InheritedChannel() {}

    /// Returns the channel, which is the same for each call in this process, also after it is closed.
    ///
    /// @param provider the provider of a channel that is opened
    /// @return the channel; null if standard input is not a stream socket or an internet datagram socket
    static @Nullable Channel get(SelectorsProvider provider) throws IOException {
        synchronized (LOCK) {
            if (!isKnown) {
                channel = open(provider);
                isKnown = true;
            }
            return channel;
        }
    }

    private static @Nullable Channel open(SelectorsProvider provider) throws IOException {
        SocketFd socket;
        try (SocketFd stdin = SocketFd.borrow(0)) {
            socket = stdin.dup();
        } catch (NativeIOException e) {
            if (e.errnoName().equals("ENOTSOCK")) {
                return null;
            }
            throw Failures.ofStream(e);
        }
        FileFd devNull = null;
        Channel opened = null;
        try {
            StandardProtocolFamily family = family(socket);
            if (family != null) {
                socket.setBlocking(false);
                devNull = FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR);
                opened = open(provider, family, socket, devNull);
            }
            return opened;
        } finally {
            if (opened == null) {
                socket.close();
                if (devNull != null) {
                    devNull.close();
                }
            }
        }
    }

    private static @Nullable StandardProtocolFamily family(SocketFd socket) {
        int domain = socket.domain();
        if (domain == SocketFd.AF_UNIX) {
            return StandardProtocolFamily.UNIX;
        }
        if (domain == SocketFd.AF_INET6) {
            return StandardProtocolFamily.INET6;
        }
        return domain == SocketFd.AF_INET ? StandardProtocolFamily.INET : null;
    }

    private static @Nullable Channel open(
            SelectorsProvider provider, StandardProtocolFamily family, SocketFd socket, FileFd devNull)
            throws IOException {
        return switch (socket.type()) {
            case STREAM ->
                isConnected(socket)
                        ? new Stream(provider, family, socket, devNull)
                        : new Server(provider, family, socket, devNull);
            case DATAGRAM ->
                family == StandardProtocolFamily.UNIX ? null : new Datagram(provider, family, socket, devNull);
            default -> null;
        };
    }

    private static boolean isConnected(SocketFd socket) throws IOException {
        try {
            socket.remoteAddress();
            return true;
        } catch (NativeIOException e) {
            if (e.errnoName().equals("ENOTCONN")) {
                return false;
            }
            throw Failures.ofSocket(e);
        }
    }

    /// Connects the standard streams to a file that is already open, so that this works at the limit of open files.
    private static void detachStandardStreams(FileFd devNull) throws IOException {
        for (int fd = 0; fd < STANDARD_STREAMS; fd++) {
            devNull.dup2(fd);
        }
        devNull.close();
    }

    /// A connected stream socket.
    static final class Stream extends FdSocketChannel {

        private final FileFd devNull;

        Stream(SelectorsProvider provider, StandardProtocolFamily family, SocketFd connected, FileFd devNull)
                throws IOException {
            this.devNull = devNull;
            super(provider, family, connected);
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            try {
                super.implCloseSelectableChannel();
            } finally {
                detachStandardStreams(devNull);
            }
        }
    }

    /// A stream socket that listens.
    static final class Server extends FdServerSocketChannel {

        private final FileFd devNull;

        Server(SelectorsProvider provider, StandardProtocolFamily family, SocketFd listening, FileFd devNull)
                throws IOException {
            this.devNull = devNull;
            super(provider, family, listening);
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            try {
                super.implCloseSelectableChannel();
            } finally {
                detachStandardStreams(devNull);
            }
        }
    }

    /// A datagram socket.
    static final class Datagram extends FdDatagramChannel {

        private final FileFd devNull;

        Datagram(SelectorsProvider provider, StandardProtocolFamily family, SocketFd socket, FileFd devNull)
                throws IOException {
            this.devNull = devNull;
            super(provider, family, socket);
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            try {
                super.implCloseSelectableChannel();
            } finally {
                detachStandardStreams(devNull);
            }
        }
    }
}
