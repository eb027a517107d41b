package io.selectors4j.stress.model;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.stress.Limits;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A descriptor that the model registers, and its peer.
final class ModelFd {

    private static final int CHUNK = 4096;

    /// The errors of a closed peer, by their names of the Unixes. Windows reports the last two.
    private static final Set<String> PEER_CLOSED = Stream.of(
                    "EPIPE", "ECONNRESET", "ENOTCONN", "ECONNABORTED", "ESHUTDOWN")
            .map(Expect::errnoName)
            .collect(Collectors.toUnmodifiableSet());

    /// The time that Windows has to move bytes to the peer, where no call tells.
    private static final int MOVE_MILLIS = 20;

    /// The type of the registered object.
    enum Style {
        /// A descriptor object of the library. Closing it deregisters it.
        LIBRARY,
        /// A bare number.
        BARE,
        /// An object of a user's class. Once it is closed, it has no number.
        CUSTOM
    }

    /// The type of the open file.
    enum Kind {
        SOCKET_PAIR,
        TCP,
        PIPE_READER,
        PIPE_WRITER,
        EVENTFD;

        /// The kinds that this system has.
        static final List<Kind> AVAILABLE =
                Arrays.stream(values()).filter(Kind::isAvailable).toList();

        private boolean isAvailable() {
            return isSocket() || !Platform.IS_WINDOWS;
        }

        boolean isSocket() {
            return this == SOCKET_PAIR || this == TCP;
        }

        /// Returns whether changes at the peer arrive asynchronously. On Windows, a socket pair is a TCP connection.
        boolean isTcp() {
            return this == TCP || (this == SOCKET_PAIR && Platform.IS_WINDOWS);
        }
    }

    /// An object of a user's class.
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

    /// The number while it is open.
    final int number;

    /// The descriptor through which the model uses this end if the style is [Style#LIBRARY]. It is the registered
    /// object.
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
                end = (Fd) link.reader();
                peer = (Fd) link.writer();
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
            number = end.fileno();
        } else {
            number = Libc.dup(end.fileno());
            object = style == Style.BARE ? Pollable.borrow(number) : new Custom(number);
            end.close();
        }
    }

    boolean isOpen() {
        return open;
    }

    /// Marks the number as open again.
    void reopen() {
        open = true;
        if (object instanceof Custom custom) {
            custom.fd = number;
        }
    }

    /// Marks the number as one of another open file.
    void replace() {
        replaced = true;
    }

    /// Returns whether the peer is not connected to the number any more.
    boolean isReplaced() {
        return replaced;
    }

    /// Marks the number as closed by other code.
    void markClosed() {
        open = false;
        if (object instanceof Custom custom) {
            custom.fd = -1;
        }
    }

    /// Closes the number.
    void close() throws IOException {
        open = false;
        if (object instanceof Fd library) {
            library.close();
        } else {
            Libc.close(number);
            markClosed();
        }
    }

    /// Writes bytes to this end, or to the open file of a duplicate after this end was closed.
    ///
    /// @return whether bytes were written
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

    /// Reads all available bytes.
    void read() throws IOException {
        if (kind != Kind.PIPE_WRITER) {
            withOwn(ConnectedPair::drain);
        }
    }

    /// Fills the buffers so that this end is not writable.
    void fill() throws IOException {
        if (kind == Kind.SOCKET_PAIR || kind == Kind.PIPE_WRITER) {
            withOwn(ModelFd::fill);
            if (kind.isTcp()) {
                pause(); // the kernel moves bytes to the peer, which makes room again
                withOwn(ModelFd::fill);
            }
        }
    }

    private static void fill(Fd end) throws IOException {
        while (end.write(ByteBuffer.allocate(CHUNK)) > 0) {}
    }

    /// Drains the peer so that this end is writable again.
    void drain() throws IOException {
        if (peer != null && kind != Kind.PIPE_READER) {
            attempt(ConnectedPair::drain, peer);
            if (kind == Kind.SOCKET_PAIR && kind.isTcp()) { // otherwise it was not full
                settle(Oracle.POLLOUT);
            }
        }
    }

    /// Shuts down the peer's output.
    ///
    /// @return whether this was the first time
    boolean halfClose() throws IOException {
        if (halfClosed || !(peer instanceof SocketFd socket)) {
            return false;
        }
        halfClosed = true;
        attempt(_ -> socket.shutdownOutput(), socket);
        settle(Oracle.POLLRDHUP);
        return true;
    }

    /// Closes the peer.
    ///
    /// @return whether this changes the readiness of this end
    boolean closePeer() throws IOException {
        if (peer == null) {
            return false;
        }
        peer.close();
        peer = null;
        settle(Oracle.POLLRDHUP);
        return !kind.isTcp() || !halfClosed;
    }

    /// Resets a socket: the peer closes with unread bytes.
    ///
    /// @return whether this changes the readiness of this end
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

    /// Waits for TCP, which delivers changes asynchronously.
    ///
    /// @param events the flags that the change sets; 0 for a reset
    private void settle(int events) {
        if (!kind.isTcp()) {
            return;
        }
        Oracle oracle = Oracle.create();
        // Windows reports the end after the data, and the number of a replaced open file reports another one.
        boolean hidden = Platform.IS_WINDOWS
                && (!open || replaced || (events == Oracle.POLLRDHUP && (oracle.poll(number, Oracle.POLLIN, 0) != 0)));
        if (hidden) {
            pause();
        } else if (open) {
            oracle.poll(number, events, (int) Limits.WAIT.toMillis());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(MOVE_MILLIS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private interface FdAction {
        void on(Fd own) throws IOException;
    }

    /// Applies an action to this end.
    private void withOwn(FdAction action) throws IOException {
        if (style == Style.LIBRARY) {
            attempt(action, own);
            return;
        }
        try (Fd borrowed = Fd.fromFd(Libc.dup(number))) {
            attempt(action, borrowed);
        }
    }

    /// Applies an action to an end. Ignores the errors of a closed peer.
    private static void attempt(FdAction action, Fd end) throws IOException {
        try {
            action.on(end);
        } catch (NativeIOException e) {
            if (!PEER_CLOSED.contains(e.errnoName())) {
                throw e;
            }
        }
    }

    @Override
    public String toString() {
        return kind + " " + style + " fd " + number;
    }
}
