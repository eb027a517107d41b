package io.selectors4j.testing;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A descriptor that a test can make ready at any time.
public interface ReadySource extends Closeable {

    /// Returns the object to register.
    Pollable pollable();

    /// Returns the event that [#fire] makes ready.
    default Interest interest() {
        return Interest.READ;
    }

    /// Makes the descriptor ready. Each call causes a new edge, even if it is ready already.
    void fire() throws Exception;

    /// Makes the descriptor unready again. Not called if [#isLasting].
    default void consume() throws Exception {
        throw new AssertionError(this + " stays ready");
    }

    /// Returns whether it stays ready once it has fired, as a process that has ended does.
    default boolean isLasting() {
        return false;
    }

    @Override
    void close() throws IOException;

    /// The kinds of sources. A new kind is tested with each backend and each mode.
    enum Kind {
        TCP,
        LISTENER,
        UNIX_STREAM,
        UNIX_PACKETS,
        UNIX_ABSTRACT,
        UDP,
        OUT_OF_BAND,
        NETLINK,
        PIPE,
        FIFO,
        TERMINAL,
        TERMINAL_INPUT,
        PACKET_MODE,
        CHILD_OUTPUT,
        EPOLL,
        SELECTOR,
        JDK_SOCKET,
        JDK_DATAGRAMS,
        JDK_PIPE,
        JDK_STREAM,
        JDK_FILE,
        EVENT,
        TIMER,
        PROCESS,
        SIGNAL,
        INOTIFY,
        INOTIFY_TREE,
        SIMULATED_STREAM,
        SIMULATED_LISTENER,
        SIMULATED_TIMER,
        SIMULATED_SCRIPT;

        /// Opens a source that is not ready.
        public ReadySource open() throws Exception {
            return switch (this) {
                case TCP -> ConnectedPairSource.open(ConnectedPair.Kind.TCP);
                case LISTENER -> new ListenerSource();
                case UNIX_STREAM -> ConnectedPairSource.open(ConnectedPair.Kind.SOCKET_PAIR);
                case UNIX_PACKETS -> ConnectedPairSource.open(ConnectedPair.Kind.PACKETS);
                case UNIX_ABSTRACT -> new AbstractUnixSource();
                case UDP -> new UdpSource();
                case OUT_OF_BAND -> new OutOfBandSource();
                case NETLINK -> new NetlinkSource();
                case PIPE -> ConnectedPairSource.open(ConnectedPair.Kind.PIPE);
                case FIFO -> ConnectedPairSource.open(ConnectedPair.Kind.FIFO);
                case TERMINAL -> ConnectedPairSource.open(ConnectedPair.Kind.TERMINAL);
                case TERMINAL_INPUT -> new TerminalSource();
                case PACKET_MODE -> new PacketModeSource();
                case CHILD_OUTPUT -> new ChildOutputSource();
                case EPOLL -> NestedSource.epoll();
                case SELECTOR -> NestedSource.selector();
                case JDK_SOCKET -> JdkSource.socket();
                case JDK_DATAGRAMS -> JdkSource.datagrams();
                case JDK_PIPE -> JdkSource.pipe();
                case JDK_STREAM -> JdkSource.stream();
                case JDK_FILE -> JdkSource.file();
                case EVENT -> new EventSource();
                case TIMER -> new TimerSource();
                case PROCESS -> new ProcessSource();
                case SIGNAL -> new SignalSource();
                case INOTIFY -> new InotifySource();
                case INOTIFY_TREE -> new InotifyTreeSource();
                case SIMULATED_STREAM, SIMULATED_LISTENER, SIMULATED_TIMER, SIMULATED_SCRIPT ->
                    Objects.requireNonNull(TestSimulation.CURRENT).openSource(this);
            };
        }

        /// Returns whether this system has this kind.
        public boolean isAvailable() {
            if (TestSimulation.CURRENT != null) {
                return isSimulated();
            }
            return !isSimulated() && isAvailableOnSystem();
        }

        private boolean isSimulated() {
            return this == SIMULATED_STREAM
                    || this == SIMULATED_LISTENER
                    || this == SIMULATED_TIMER
                    || this == SIMULATED_SCRIPT;
        }

        private boolean isAvailableOnSystem() {
            return switch (this) {
                case TCP, LISTENER, UNIX_STREAM, UDP, OUT_OF_BAND, JDK_SOCKET, JDK_DATAGRAMS, JDK_PIPE -> true;
                case UNIX_PACKETS -> ConnectedPair.Kind.PACKETS.isAvailable();
                case PIPE, FIFO, CHILD_OUTPUT, JDK_STREAM, JDK_FILE, SIGNAL -> !Platform.IS_WINDOWS;
                default -> Platform.CURRENT.os() == Os.LINUX;
            };
        }

        /// Returns the kinds that this system has.
        public static List<Kind> available() {
            return Arrays.stream(values()).filter(Kind::isAvailable).toList();
        }

        /// Returns whether its descriptor is an epoll instance, for which EPOLLEXCLUSIVE is refused.
        public boolean isEpoll() {
            return this == EPOLL || this == SELECTOR;
        }
    }
}
