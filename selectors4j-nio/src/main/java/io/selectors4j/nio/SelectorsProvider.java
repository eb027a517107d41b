package io.selectors4j.nio;

import io.selectors4j.Backend;
import io.selectors4j.NativeIOException;
import io.selectors4j.Selector;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The provider of selectors and channels on selectors4j. A program uses it, unchanged, if `java` is started with
///
/// ```sh
/// java -Djava.nio.channels.spi.SelectorProvider=io.selectors4j.nio.SelectorsProvider \
///     --enable-native-access=io.selectors4j …
/// ```
///
/// (`--enable-native-access=ALL-UNNAMED` if the jars are on the class path). A program may also create a provider and
/// call its methods. Channels of this provider can be registered with selectors of this provider only, as with any
/// provider.
///
/// The system property `io.selectors4j.nio.backend` names the [Backend] of the selectors: `EPOLL`, `KQUEUE`, `POLL`,
/// `SELECT` or `IO_URING`. The default is [Backend#best].
///
/// With `IO_URING`, the sockets of connected stream channels are batched while they are registered: all reads and
/// writes between two selects cost one system call. See [io.selectors4j.IoUringSelector]. A write then may wait for the
/// next select of the selector. Such a channel can be registered with one selector only, and has no urgent data.
///
/// [java.nio.channels.Channels#newInputStream(java.nio.channels.ReadableByteChannel)] and its counterpart know only the
/// JDK's own `SocketChannel`: a stream of theirs blocks the other direction while it waits. The streams of
/// [SocketChannel#socket] do not.
///
/// All methods may be called by any thread.
public final class SelectorsProvider extends SelectorProvider {

    /// The system property that names the backend.
    static final String BACKEND_PROPERTY = "io.selectors4j.nio.backend";

    /// Opens the selectors of the library.
    @FunctionalInterface
    interface Selectors {
        Selector<FdSelectionKey> open() throws IOException;
    }

    private final Selectors selectors;

    /// The provider of channels that are opened without one.
    private static final class Shared {
        static final SelectorProvider PROVIDER =
                SelectorProvider.provider() instanceof SelectorsProvider provider ? provider : new SelectorsProvider();
    }

    /// Creates a provider with the backend that the system property `io.selectors4j.nio.backend` names, or else the
    /// best one.
    ///
    /// @throws IllegalArgumentException if the property names no backend; the message lists them
    /// @throws UnsupportedOperationException if the backend is not available here, or if native access is not enabled;
    ///     the message says why and names the flag for `java`
    public SelectorsProvider() {
        this(configuredBackend());
    }

    /// Creates a provider with a backend.
    ///
    /// @param backend the backend of the selectors
    /// @throws UnsupportedOperationException if the backend is not available here, or if native access is not enabled;
    ///     the message says why and names the flag for `java`
    public SelectorsProvider(Backend backend) {
        this(backend::open);
        backend.ensureAvailable();
    }

    /// Creates a provider whose selectors are opened by a function.
    SelectorsProvider(Selectors selectors) {
        this.selectors = selectors;
    }

    /// Returns the provider of channels that are opened without one: that of the system if it is one of ours.
    static SelectorProvider shared() {
        return Shared.PROVIDER;
    }

    private static Backend configuredBackend() {
        String name = System.getProperty(BACKEND_PROPERTY);
        if (name == null) {
            return Backend.best();
        }
        return Arrays.stream(Backend.values())
                .filter(backend -> backend.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the system property " + BACKEND_PROPERTY
                        + " names no backend: " + name + "; the backends are " + Arrays.toString(Backend.values())));
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        try {
            return new FdSelector(this, selectors.open());
        } catch (NativeIOException e) {
            throw Failures.ofStream(e);
        }
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return new FdSocketChannel(this, Families.DEFAULT);
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return new FdSocketChannel(this, Families.requireStream(family));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return new FdServerSocketChannel(this, Families.DEFAULT);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return new FdServerSocketChannel(this, Families.requireStream(family));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return new FdDatagramChannel(this, Families.DEFAULT, false);
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return new FdDatagramChannel(this, Families.requireInternet(family), true);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return new FdPipe(this);
    }

    /// Returns the channel of the socket that the process was started with as its standard input, as a super-server
    /// (inetd, systemd) does; see [System#inheritedChannel]. The channel has a descriptor of its own. Closing it
    /// connects descriptors 0, 1 and 2 to `/dev/null`. All providers of a process return the same channel.
    ///
    /// The socket becomes non-blocking, also as standard input and output.
    ///
    /// @return the channel; null if descriptor 0 is not a stream socket or an internet datagram socket
    /// @throws IOException if the system refuses
    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return InheritedChannel.get(this);
    }
}
