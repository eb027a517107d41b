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

/// Returns the descriptors of the JDK's own channels and streams, for use with any selector of this library, also in
/// blocking mode.
///
/// The JDK does not expose these numbers. Start `java` with
///
/// | descriptors of | flag |
/// |---|---|
/// | channels of sockets and pipes | `--add-exports java.base/sun.nio.ch=io.selectors4j` |
/// | streams, [RandomAccessFile], [FileDescriptor] | the same |
/// | all of these and [FileChannel] | `--add-opens java.base/sun.nio.ch=io.selectors4j` |
///
/// with `ALL-UNNAMED` in place of `io.selectors4j` if this library is on the class path. Without the flag, these
/// methods throw an [UnsupportedOperationException] that names the flag. On Windows they throw one for all objects but
/// channels of sockets and of [java.nio.channels.Pipe]. [SocketFd], [PipeFd], [FileFd] and [Fd#stdin]
/// need no flag.
///
/// The channel keeps its descriptor: only its own `close` closes it, and it may be closed while registered. After that
/// the selector reports no more events for it, even if its number is reused. The selector removes the key when it
/// detects the close, at the latest when the number is registered again. Before and after, the registered object can be
/// unregistered. An [io.selectors4j.Await] does not detect the close and continues to wait.
///
/// Each call returns a new object. While the channel is open, all of them identify the same registration.
public final class JdkChannels {

    static {
        CloseListeners.addAccessor(fileobj -> fileobj instanceof Borrowed borrowed ? borrowed.closeListeners : null);
    }

    private JdkChannels() {}

    /// A descriptor owned by an object of the JDK.
    private static final class Borrowed implements Pollable {

        private final String type;
        private final int fd;
        private final BooleanSupplier open;
        private final CloseListeners closeListeners = CloseListeners.ofForeign();

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

    /// Returns the descriptor of a channel of a socket or pipe.
    ///
    /// @param channel an open channel
    /// @return an object to register
    /// @throws ClosedChannelException if the channel is closed
    /// @throws IllegalArgumentException if the channel is not of the JDK's default provider
    /// @throws UnsupportedOperationException if the number is not accessible; the message names the flag for `java`
    public static Pollable pollable(SelectableChannel channel) throws IOException {
        return requireOpen(new Borrowed(channel, JdkDescriptors.of(channel), channel::isOpen));
    }

    /// Returns the descriptor of a channel of a file: a FIFO, terminal or device. A regular file is always ready, and
    /// EPOLL refuses it.
    ///
    /// @param channel an open channel
    /// @return an object to register
    /// @throws ClosedChannelException if the channel is closed
    /// @throws IllegalArgumentException if the channel is not of the JDK's default provider
    /// @throws UnsupportedOperationException if the number is not accessible; the message names the flag for `java`
    public static Pollable pollable(FileChannel channel) throws IOException {
        refuseOnWindows();
        return requireOpen(new Borrowed(channel, JdkDescriptors.of(channel), channel::isOpen));
    }

    /// Returns the descriptor of a stream, such as a FIFO opened by its path. A selector does not see bytes that a
    /// [java.io.BufferedInputStream] or a reader on top of it has already buffered.
    ///
    /// @param stream an open stream
    /// @return an object to register
    /// @throws IOException if the stream is closed
    /// @throws UnsupportedOperationException if the number is not accessible; the message names the flag for `java`
    public static Pollable pollable(FileInputStream stream) throws IOException {
        return pollable(stream, stream.getFD());
    }

    /// Returns the descriptor of a stream.
    ///
    /// @param stream an open stream
    /// @return an object to register
    /// @throws IOException if the stream is closed
    /// @throws UnsupportedOperationException if the number is not accessible; the message names the flag for `java`
    public static Pollable pollable(FileOutputStream stream) throws IOException {
        return pollable(stream, stream.getFD());
    }

    /// Returns the descriptor of a file, for example a device.
    ///
    /// @param file an open file
    /// @return an object to register
    /// @throws IOException if the file is closed
    /// @throws UnsupportedOperationException if the number is not accessible; the message names the flag for `java`
    public static Pollable pollable(RandomAccessFile file) throws IOException {
        return pollable(file, file.getFD());
    }

    /// Returns the descriptor of a [FileDescriptor]. [FileDescriptor#in], [FileDescriptor#out] and [FileDescriptor#err]
    /// need no flag.
    ///
    /// @param descriptor an open descriptor
    /// @return an object to register
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws UnsupportedOperationException if the number is not accessible; the message names the flag for `java`
    public static Pollable pollable(FileDescriptor descriptor) throws IOException {
        return pollable(descriptor, descriptor);
    }

    private static Pollable pollable(Object owner, FileDescriptor descriptor) throws IOException {
        refuseOnWindows();
        return requireOpen(new Borrowed(owner, JdkDescriptors.of(descriptor), descriptor::valid));
    }

    private static void refuseOnWindows() {
        Fd.refuseOnWindows("the channels of sockets, and those of Pipe, are pollable");
    }

    private static Pollable requireOpen(Pollable pollable) throws ClosedChannelException {
        if (pollable.fileno() < 0) {
            throw new ClosedChannelException();
        }
        return pollable;
    }
}
