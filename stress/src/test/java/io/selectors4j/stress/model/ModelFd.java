package io.selectors4j.stress.model;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Something to register, and the other end of it.
final class ModelFd {

    private static final int CHUNK = 4096;
    private static final Set<String> GONE = Set.of("EPIPE", "ECONNRESET", "ENOTCONN");

    /// Whose the descriptor is.
    enum Style {
        /// An object of the library's, which leaves its selectors when it closes.
        LIBRARY,
        /// A number.
        BARE,
        /// An object of somebody else's, which has no number any more once it is closed.
        CUSTOM
    }

    /// What the descriptor is of.
    enum Kind {
        SOCKET_PAIR,
        TCP,
        PIPE_READER,
        PIPE_WRITER,
        EVENTFD;

        boolean isSocket() {
            return this == SOCKET_PAIR || this == TCP;
        }
    }

    /// An object of somebody else's class.
    static final class Custom implements Pollable {

        private int fd;

        Custom(int fd) {
            this.fd = fd;
        }

        @Override
        public int fileno() {
            return fd;
        }

        @Override
        public String toString() {
            return "custom fd " + fd;
        }
    }

    final Kind kind;
    final Style style;
    final Pollable object;

    /// The number, while it is open.
    final int fd;

    /// The number through which this end is used, whatever becomes of [#fd]; not registered with anybody.
    private final Fd own;

    private @Nullable Fd peer;
    private boolean open = true;
    private boolean halfClosed;
    private boolean replaced;

    ModelFd(Kind kind, Style style) throws IOException {
        this.kind = kind;
        this.style = style;
        Fd end;
        switch (kind) {
            case SOCKET_PAIR -> {
                SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
                end = pair.first();
                peer = pair.second();
            }
            case TCP -> {
                ConnectedPair link = ConnectedPair.Kind.TCP.open();
                end = link.reader();
                peer = link.writer();
            }
            case EVENTFD -> {
                end = EventFd.open(0);
                peer = null;
            }
            default -> {
                PipeFd.Pipe pipe = PipeFd.open();
                end = kind == Kind.PIPE_READER ? pipe.reader() : pipe.writer();
                peer = kind == Kind.PIPE_READER ? pipe.writer() : pipe.reader();
            }
        }
        end.setBlocking(false);
        if (peer != null) {
            peer.setBlocking(false);
        }
        own = end;
        if (style == Style.LIBRARY) {
            object = end;
            fd = end.fileno();
        } else {
            fd = Libc.dup(end.fileno());
            object = style == Style.BARE ? Pollable.borrow(fd) : new Custom(fd);
            end.close();
        }
    }

    boolean isOpen() {
        return open;
    }

    /// The number is open again.
    void reopen() {
        open = true;
        if (object instanceof Custom custom) {
            custom.fd = fd;
        }
    }

    /// Another open file has come under the number.
    void replace() {
        replaced = true;
    }

    /// Whether the other end is not the number's other end any more.
    boolean isReplaced() {
        return replaced;
    }

    /// Closes this end's number.
    void close() throws IOException {
        open = false;
        switch (object) {
            case Fd library -> library.close();
            case Custom custom -> {
                Libc.close(fd);
                custom.fd = -1;
            }
            default -> Libc.close(fd);
        }
    }

    /// Lets bytes arrive here, or where a duplicate is of what was here.
    ///
    /// @return whether some have
    boolean write() throws IOException {
        if (kind == Kind.EVENTFD && open) {
            withOwn(own -> own.write(ByteBuffer.allocate(Long.BYTES).put(0, (byte) 1)));
            return true;
        }
        if (peer == null || kind == Kind.PIPE_WRITER || halfClosed) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.allocate(3);
        attempt(other -> other.write(bytes), peer);
        settle(Oracle.POLLIN);
        return bytes.position() > 0;
    }

    /// Reads all that has arrived here.
    void read() throws IOException {
        if (kind != Kind.PIPE_WRITER) {
            withOwn(ConnectedPair::drain);
        }
    }

    /// Leaves no room to write here.
    void fill() throws IOException {
        if (kind == Kind.SOCKET_PAIR || kind == Kind.PIPE_WRITER) {
            withOwn(own -> {
                while (own.write(ByteBuffer.allocate(CHUNK)) > 0) {}
            });
        }
    }

    /// Makes room again.
    void drain() throws IOException {
        if (peer != null && kind != Kind.PIPE_READER) {
            attempt(ConnectedPair::drain, peer);
        }
    }

    /// Shuts down the other end's writing half.
    ///
    /// @return whether that is news
    boolean halfClose() throws IOException {
        if (halfClosed || !(peer instanceof SocketFd socket)) {
            return false;
        }
        halfClosed = true;
        attempt(_ -> socket.shutdownOutput(), socket);
        settle(Oracle.POLLRDHUP);
        return true;
    }

    /// Closes the other end.
    ///
    /// @return whether that is news here
    boolean closePeer() throws IOException {
        if (peer == null) {
            return false;
        }
        peer.close();
        peer = null;
        settle(Oracle.POLLRDHUP);
        return kind != Kind.TCP || !halfClosed;
    }

    /// A reset, if it is a socket: the other end closes and has not read everything.
    ///
    /// @return whether that is news here
    boolean reset() throws IOException {
        if (!kind.isSocket() || peer == null) {
            return false;
        }
        withOwn(own -> own.write(ByteBuffer.allocate(1)));
        peer.close();
        peer = null;
        settle(0);
        return true;
    }

    /// What TCP does takes a moment.
    private void settle(int events) {
        if (kind == Kind.TCP && open) {
            new Oracle().poll(fd, events, 1000);
        }
    }

    private interface Use {
        void with(Fd own) throws IOException;
    }

    /// Uses this end.
    private void withOwn(Use use) throws IOException {
        if (style == Style.LIBRARY) {
            attempt(use, own);
            return;
        }
        try (Fd borrowed = Fd.fromFd(Libc.dup(fd))) {
            attempt(use, borrowed);
        }
    }

    /// Uses an end; it may be that nobody has the other one any more.
    private static void attempt(Use use, Fd end) throws IOException {
        try {
            use.with(end);
        } catch (NativeIOException e) {
            if (!GONE.contains(e.errnoName())) {
                throw e;
            }
        }
    }

    @Override
    public String toString() {
        return kind + " " + style + " fd " + fd;
    }
}
