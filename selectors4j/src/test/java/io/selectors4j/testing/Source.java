package io.selectors4j.testing;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import java.io.Closeable;
import java.io.IOException;

/// A descriptor of some kind that a test makes ready whenever it likes.
public interface Source extends Closeable {

    /// What to wait on.
    Pollable pollable();

    /// What it will be ready for.
    default Interest interest() {
        return Interest.READ;
    }

    /// Makes it ready. Each time is news, also when it is ready already.
    void fire() throws Exception;

    /// Makes it unready again. Not called where [#isLasting].
    default void consume() throws Exception {
        throw new AssertionError(this + " stays ready");
    }

    /// Whether it fires once and stays ready ever after, such as a process that has ended.
    default boolean isLasting() {
        return false;
    }

    @Override
    void close() throws IOException;

    /// The kinds there are. A new one runs through the whole matrix of kinds, backends and modes.
    enum Kind {
        TCP,
        UNIX_STREAM,
        UNIX_PACKETS,
        UDP,
        OUT_OF_BAND,
        PIPE,
        FIFO,
        TERMINAL,
        EPOLL,
        SIGNAL,
        INOTIFY,
        INOTIFY_TREE;

        /// Opens one that is not ready yet.
        public Source open() throws Exception {
            return switch (this) {
                case TCP -> LinkSource.open(Link.Kind.TCP);
                case UNIX_STREAM -> LinkSource.open(Link.Kind.SOCKET_PAIR);
                case UNIX_PACKETS -> LinkSource.open(Link.Kind.PACKETS);
                case UDP -> new UdpSource();
                case OUT_OF_BAND -> new OutOfBandSource();
                case PIPE -> LinkSource.open(Link.Kind.PIPE);
                case FIFO -> LinkSource.open(Link.Kind.FIFO);
                case TERMINAL -> LinkSource.open(Link.Kind.TERMINAL);
                case EPOLL -> new EpollSource();
                case SIGNAL -> new SignalSource();
                case INOTIFY -> new InotifySource();
                case INOTIFY_TREE -> new InotifyTreeSource();
            };
        }
    }
}
