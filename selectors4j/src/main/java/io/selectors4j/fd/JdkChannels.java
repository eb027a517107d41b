package io.selectors4j.fd;

import io.selectors4j.Pollable;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.sys.JdkDescriptors;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.util.function.BooleanSupplier;

/// The descriptors of the JDK's own channels and streams, to wait for them with any selector of this library, in blocking
/// mode too.
///
/// The JDK keeps these numbers to itself. To see them, start `java` with
///
/// | to wait for | flag |
/// |---|---|
/// | channels of sockets and pipes, streams, [RandomAccessFile], [FileDescriptor] | `--add-exports java.base/sun.nio.ch=io.selectors4j` |
/// | [FileChannel] too | `--add-opens java.base/sun.nio.ch=io.selectors4j` |
///
/// with `ALL-UNNAMED` in place of `io.selectors4j` where this library is on the class path. Without the flag, these methods
/// throw an [UnsupportedOperationException] that names it. [SocketFd], [PipeFd], [FileFd] and [Fd#stdin] need none.
///
/// A channel stays the JDK's: it is closed by its own `close`, and nothing here closes it. It may be closed while registered.
/// Then nothing more is reported of it, whoever gets its number, and the key goes as soon as a selector notices: at the
/// latest when the number is registered again. Unregister works before and after, by the object that was registered. An
/// [io.selectors4j.Await] does not notice, and waits on.
///
/// An object of this class is made anew by each call; two for one channel stand for the same registration
/// while it is open.
public final class JdkChannels {

    static {
        CloseListeners.addAccessor(fileobj -> fileobj instanceof Borrowed borrowed ? borrowed.membership : null);
    }

    private JdkChannels() {}

    /// A descriptor of the JDK's.
    private static final class Borrowed implements Pollable {

        private final String type;
        private final int fd;
        private final BooleanSupplier open;
        private final CloseListeners membership = CloseListeners.ofForeign();

        Borrowed(Object owner, int fd, BooleanSupplier open) {
            this.type = owner.getClass().getSimpleName();
            this.fd = fd;
            this.open = open;
        }

        @Override
        public int fileno() {
            return open.getAsBoolean() ? fd : -1;
        }

        @Override
        public String toString() {
            return type + (open.getAsBoolean() ? "[fd=" + fd + "]" : "[closed]");
        }
    }

    /// The descriptor of a socket's or pipe's channel.
    ///
    /// @param channel a channel of the JDK, open
    /// @return an object to register
    /// @throws ClosedChannelException if the channel is closed
    /// @throws IllegalArgumentException if the channel was not made by the JDK's own provider
    /// @throws UnsupportedOperationException if the JDK does not show the number; the message names the flag for `java`
    public static Pollable pollable(SelectableChannel channel) throws IOException {
        return opened(new Borrowed(channel, JdkDescriptors.of(channel), channel::isOpen));
    }

    /// The descriptor of a file's channel. It may be a FIFO, a terminal or a device; a regular file is always ready, and EPOLL
    /// refuses it.
    ///
    /// @param channel a channel of the JDK, open
    /// @return an object to register
    /// @throws ClosedChannelException if the channel is closed
    /// @throws IllegalArgumentException if the channel was not made by the JDK's own provider
    /// @throws UnsupportedOperationException if the JDK does not show the number; the message names the flag for `java`
    public static Pollable pollable(FileChannel channel) throws IOException {
        return opened(new Borrowed(channel, JdkDescriptors.of(channel), channel::isOpen));
    }

    /// The descriptor of a stream, such as a FIFO that was opened by its path. What a [java.io.BufferedInputStream] or a
    /// reader above it has read ahead is not seen by a selector.
    ///
    /// @param stream an open stream
    /// @return an object to register
    /// @throws IOException if the stream is closed
    /// @throws UnsupportedOperationException if the JDK does not show the number; the message names the flag for `java`
    public static Pollable pollable(FileInputStream stream) throws IOException {
        return pollable(stream, stream.getFD());
    }

    /// The descriptor of a stream.
    ///
    /// @param stream an open stream
    /// @return an object to register
    /// @throws IOException if the stream is closed
    /// @throws UnsupportedOperationException if the JDK does not show the number; the message names the flag for `java`
    public static Pollable pollable(FileOutputStream stream) throws IOException {
        return pollable(stream, stream.getFD());
    }

    /// The descriptor of a file, a device for example.
    ///
    /// @param file an open file
    /// @return an object to register
    /// @throws IOException if the file is closed
    /// @throws UnsupportedOperationException if the JDK does not show the number; the message names the flag for `java`
    public static Pollable pollable(RandomAccessFile file) throws IOException {
        return pollable(file, file.getFD());
    }

    /// A descriptor by the JDK's handle of it. [FileDescriptor#in], [FileDescriptor#out] and [FileDescriptor#err] need no flag.
    ///
    /// @param descriptor an open descriptor
    /// @return an object to register
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws UnsupportedOperationException if the JDK does not show the number; the message names the flag for `java`
    public static Pollable pollable(FileDescriptor descriptor) throws IOException {
        return pollable(descriptor, descriptor);
    }

    private static Pollable pollable(Object owner, FileDescriptor descriptor) throws IOException {
        return opened(new Borrowed(owner, JdkDescriptors.of(descriptor), descriptor::valid));
    }

    private static Pollable opened(Pollable pollable) throws ClosedChannelException {
        if (pollable.fileno() < 0) {
            throw new ClosedChannelException();
        }
        return pollable;
    }
}
