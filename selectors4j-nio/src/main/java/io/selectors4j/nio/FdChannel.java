package io.selectors4j.nio;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.Fd;
import io.selectors4j.nio.jdk.JdkFdChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/// A channel of any descriptor: a terminal, timer, signal, child process, inotify instance, device, or a number from a
/// native library. It is registered with the same [java.nio.channels.Selector] as sockets are.
///
/// ```java
/// FdChannel channel = FdChannel.open(timer);
/// channel.configureBlocking(false);
/// channel.register(selector, SelectionKey.OP_READ, "timer");
/// ```
///
/// [#open] makes channels for selectors of [SelectorsProvider], [#openForJdkSelector] for those of the JDK.
///
/// [#read] and [#write] transfer bytes as [Fd#read] and [Fd#write] do. A program may as well call the methods of the
/// object itself, such as [io.selectors4j.fd.TimerFd#read(java.nio.ByteBuffer)], when its key is selected. On a
/// blocking channel a read waits, and so does a write; closing the channel and [Thread#interrupt] end the wait, as with
/// any [java.nio.channels.InterruptibleChannel].
///
/// The open file is non-blocking while the channel is open, in both modes of the channel; closing the channel sets its
/// mode back. All duplicates of the descriptor share the mode (see [Fd#setBlocking]), also in other processes: a
/// terminal on standard input is usually shared with the shell. A regular file or a device such as `/dev/null` can be
/// read and written through a channel, and registered where the backend takes it; EPOLL refuses it.
///
/// Closing the channel closes the [Fd], and so the descriptor if the [Fd] owns it. Closing the [Fd] first is safe:
/// reads and writes of the channel then throw a [ClosedChannelException], and the next selection operation closes the
/// channel and removes its key.
///
/// Any thread may call any method.
public class FdChannel extends AbstractSelectableChannel implements ByteChannel {

    private final Pollable fileobj;
    private final Fd fd;
    private final boolean wasBlocking;

    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final FdIo io;

    /// Creates a channel. For subclasses that selectors of another provider accept.
    ///
    /// @param provider the provider of the selectors
    /// @param fileobj the object that the program knows
    /// @param fd the descriptor to read, write and wait for; closed with the channel
    /// @throws ClosedChannelException if `fd` is closed
    /// @throws NativeIOException if the system refuses to change the blocking mode
    @SuppressWarnings("this-escape") // FdIo keeps the reference, and calls nothing here
    protected FdChannel(SelectorProvider provider, Pollable fileobj, Fd fd) throws IOException {
        this.fileobj = Objects.requireNonNull(fileobj, "fileobj");
        this.fd = fd;
        wasBlocking = fd.isBlocking();
        super(provider);
        io = new FdIo(this, fd);
        if (wasBlocking) {
            fd.setBlocking(false);
        }
    }

    /// Opens a channel for selectors of [SelectorsProvider]. Does not block.
    ///
    /// @param fileobj the object whose descriptor to wait for: an [Fd], or any other, whose descriptor is borrowed
    /// @return a new channel, in blocking mode as all new channels are
    /// @throws IllegalArgumentException if the object's descriptor is negative
    /// @throws ClosedChannelException if the object is closed
    /// @throws NativeIOException EBADF if the descriptor is not open
    public static FdChannel open(Pollable fileobj) throws IOException {
        return new FdChannel(SelectorsProvider.shared(), fileobj, toFd(fileobj));
    }

    /// Opens a channel for the JDK's own selectors, those of [java.nio.channels.Selector#open] without this provider. A
    /// program that keeps the JDK's sockets, such as Netty's or Jetty's, can so wait for a descriptor too. Does not
    /// block.
    ///
    /// The channel has a duplicate of the descriptor, so that the JDK's selector never meets a number that was closed
    /// without its knowledge. Closing the channel closes the object, if it is an [Fd], and the duplicate when the
    /// selector has removed the key. Closing the object leaves the channel open.
    ///
    /// @param fileobj the object whose descriptor to wait for: an [Fd], or any other, whose descriptor is borrowed
    /// @return a new channel, in blocking mode as all new channels are
    /// @throws UnsupportedOperationException if `java` was started without `--add-exports
    ///     java.base/sun.nio.ch=io.selectors4j.nio`; the message names the flag
    /// @throws IllegalArgumentException if the object's descriptor is negative
    /// @throws ClosedChannelException if the object is closed
    /// @throws NativeIOException EBADF if the descriptor is not open; EMFILE at the limit of open files
    public static FdChannel openForJdkSelector(Pollable fileobj) throws IOException {
        Module module = FdChannel.class.getModule();
        if (!Object.class.getModule().isExported("sun.nio.ch", module)) {
            throw new UnsupportedOperationException("the JDK's selectors take channels of the package sun.nio.ch only;"
                    + " start java with --add-exports java.base/sun.nio.ch="
                    + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
        }
        return JdkFdChannel.open(fileobj, toFd(fileobj));
    }

    private static Fd toFd(Pollable fileobj) throws IOException {
        return Objects.requireNonNull(fileobj, "fileobj") instanceof Fd fd ? fd : Fd.borrow(fileobj.fileno());
    }

    /// Returns the object that the channel was opened with.
    ///
    /// @return the object
    public final Pollable fileobj() {
        return fileobj;
    }

    /// Returns what [FdSelector] needs of this channel.
    final SelectableFd selectable() {
        return () -> fd;
    }

    /// Whether the channel was opened with a number that other code closes.
    final boolean isBorrowed() {
        return !(fileobj instanceof Fd);
    }

    /// Whether the descriptor was closed and the channel was not.
    final boolean isAbandoned() {
        return isOpen() && !fd.isOpen();
    }

    /// Returns the operations of a channel of any descriptor.
    ///
    /// @return OP_READ and OP_WRITE; a descriptor that cannot be written to is never ready to be
    @Override
    public final int validOps() {
        return SelectionKey.OP_READ | SelectionKey.OP_WRITE;
    }

    @Override
    public final int read(ByteBuffer target) throws IOException {
        Objects.requireNonNull(target);
        readLock.lock();
        try {
            ensureOpen();
            return io.read(target);
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public final int write(ByteBuffer source) throws IOException {
        Objects.requireNonNull(source);
        writeLock.lock();
        try {
            ensureOpen();
            return io.write(source);
        } finally {
            writeLock.unlock();
        }
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /// Waits until the reads and writes in progress have ended. The descriptor stays non-blocking.
    @Override
    protected final void implConfigureBlocking(boolean block) throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            ensureOpen();
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
    }

    /// Sets the blocking mode back and closes the descriptor.
    @Override
    protected void implCloseSelectableChannel() throws IOException {
        closeFd();
    }

    private void restoreMode() throws IOException {
        try {
            fd.setBlocking(true);
        } catch (ClosedChannelException e) {
            // closed by another thread meanwhile
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("EBADF")) { // closed by the owner of a borrowed number
                throw e;
            }
        }
    }

    /// Sets the blocking mode back and closes the descriptor. Closing again does nothing.
    ///
    /// @throws IOException if the system refuses; the descriptor is closed nevertheless
    protected final void closeFd() throws IOException {
        try (fd) {
            if (wasBlocking && fd.isOpen()) {
                restoreMode();
            }
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + fileobj + "]";
    }
}
