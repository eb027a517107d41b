package io.selectors4j;

import io.selectors4j.Registration.State;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.selector.IoUringStream;
import io.selectors4j.internal.selector.IoUringStreams;
import io.selectors4j.internal.selector.StreamAccess;
import io.selectors4j.internal.sys.Deadline;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A selector on epoll that can also move the bytes of sockets, in batches, with io_uring. A server on epoll makes a
/// system call for each wait, each read and each write. With [#batch], all reads and writes between two waits are part
/// of the second one: one system call.
///
/// For all other descriptors, this selector is an [EpollSelector], without exclusive waits.
///
/// ## Batched sockets
/// The calls on the socket and the selector stay the same:
///
/// - The kernel receives the bytes of the socket during the waits of this selector. [SocketFd#read] returns those that
///   have arrived by then, and makes no system call. A socket that is not read has at most some 200 KiB of bytes here;
///   the rest waits in the kernel.
/// - [SocketFd#write] copies the bytes, at most 16 KiB a socket, and returns how many it took; 0 if there is no room.
///   The next select sends them. A write of more than 8 KiB, and a write while another thread waits in [#select], is
///   sent at once if nothing is before it.
/// - The conditions of the socket are those of these bytes: READ if there are some, or the end of the data; WRITE if
///   there is room.
/// - An error of the connection is thrown by the next read or write. As always with TCP, a write that succeeded may be
///   lost nevertheless.
/// - [SocketFd#shutdownOutput] and [SocketFd#close] take effect after all bytes are sent. Nothing else is sent after
///   `close` has returned, unless the socket's send buffer was full: then a select of this selector sends the rest.
/// - After a close with unread bytes, the peer reads the end of the data. Without batching, TCP sends a reset.
///
/// Do not set SO_LINGER above 0: a select would wait for the acknowledgement of a closed connection.
///
/// Bytes move only during a select. A program that has written and does not select again has to close the socket, or
/// this selector: closing it makes the sockets ordinary ones, and keeps their bytes.
///
/// Other selectors and [Await] refuse a batched socket with an [IllegalStateException]. Out-of-band data, blocking
/// mode, [SocketFd#sendFile], the methods of [io.selectors4j.fd.Transfer], [SocketFd#dup] and flags of
/// [SocketFd#receive] and [SocketFd#send] are refused with an [UnsupportedOperationException]. System calls of the
/// program on the number of the socket see neither the bytes that are already received nor those that are not sent yet.
/// A selector or a program that waits for this selector does not see that a batched socket is ready.
///
/// Source: io_uring(7), io_uring_enter(2), epoll(7).
///
/// @param <A> type of the data attached to the keys
public final class IoUringSelector<A extends @Nullable Object> extends EpollSelector<A> {

    /// Null until the first socket is batched. Written with the registry's lock held.
    private volatile @Nullable IoUringStreams streams;

    /// The number of registered keys of batched sockets. Guarded by the registry's lock.
    private int batchedKeys;

    /// The number of epoll events of the last wait; belongs to the selecting thread.
    private int epollEvents;

    private IoUringSelector() throws IOException {}

    /// Opens a selector. It has the two descriptors of an [EpollSelector], and a third one after the first [#batch].
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if io_uring is not available; the message says why
    public static <A extends @Nullable Object> IoUringSelector<A> open() throws IOException {
        Backend.IO_URING.ensureAvailable();
        return new IoUringSelector<>();
    }

    @Override
    public Backend backend() {
        return Backend.IO_URING;
    }

    /// Makes a socket a batched one of this selector, until [#unbatch], or until the selector is closed. Does not
    /// block. Any thread may call it. Does nothing if the socket is one already.
    ///
    /// @param socket a connected stream socket in non-blocking mode that owns its descriptor
    /// @throws IllegalArgumentException if it is another kind of socket, in blocking mode, or borrowed
    /// @throws IllegalStateException if it is registered with a selector, or batched by another one
    /// @throws NativeIOException ENOTCONN if it is not connected; if the system has no descriptors or memory left
    /// @throws UnsupportedOperationException if the system refuses io_uring by now; the message says why
    /// @throws ClosedChannelException if the socket is closed
    /// @throws ClosedSelectorException if this selector is closed
    public void batch(SocketFd socket) throws IOException {
        CloseListeners listeners = Objects.requireNonNull(CloseListeners.of(Objects.requireNonNull(socket, "socket")));
        registry.ensureOpen();
        if (socket.type() != SocketFd.Type.STREAM || !listeners.ownsFd()) {
            throw new IllegalArgumentException("not a stream socket that owns its descriptor: " + socket);
        }
        if (socket.isBlocking()) {
            throw new IllegalArgumentException("in blocking mode: " + socket);
        }
        socket.remoteAddress(); // fails if it is not connected
        synchronized (registry.lock) {
            registry.ensureOpen();
            IoUringStream stream = IoUringStream.of(socket);
            if (stream == null || stream.isDetached()) {
                add(socket, listeners, stream);
            }
        }
        listeners.requireUnrestricted(socket, registry);
    }

    /// Makes a batched socket an ordinary one again. Does nothing for an ordinary socket. May wait for the kernel to
    /// cancel its requests. Any thread may call it, but not during a select.
    ///
    /// Bytes that were received and not read stay readable: every selector where the socket is registered, and [Await],
    /// reports them. Bytes that do not fit into the socket's send buffer are sent by the next read, write or close. As
    /// long as there are such bytes, the socket refuses the calls that a batched socket refuses. Any selector can
    /// register it, and any [IoUringSelector] can batch it and takes the bytes over. System calls on its number, also
    /// those of `io.selectors4j.os`, do not see the bytes. The same holds after this selector is closed.
    ///
    /// @param socket the socket
    /// @throws IllegalStateException if it is registered, if another selector batches it, or if another thread selects
    /// @throws NativeIOException if the system has no descriptors or memory left
    /// @throws ClosedSelectorException if this selector is closed
    public void unbatch(SocketFd socket) throws IOException {
        IoUringStream stream = IoUringStream.of(Objects.requireNonNull(socket, "socket"));
        acquireSelect();
        try {
            IoUringStreams current = streams;
            if (stream != null && current != null && !stream.isDetached()) {
                synchronized (registry.lock) {
                    boolean hasNumber = stream.equals(current.find(stream.fd())); // else another object may have it
                    if (!stream.isOf(current) || (hasNumber && table.get(stream.fd()) != null)) {
                        throw new IllegalStateException("registered, or batched by another selector: " + socket);
                    }
                }
                current.detach(stream);
            }
        } finally {
            releaseSelect();
        }
    }

    /// Makes the waits go through the ring.
    IoUringStreams startRing() throws IOException {
        synchronized (registry.lock) {
            IoUringStreams current = streams;
            if (current == null) {
                current = IoUringStreams.create(waker::signal);
                streams = current;
                waker.signal(); // ends a wait that began without the ring
            }
            return current;
        }
    }

    /// Called with the registry's lock held.
    private void add(SocketFd socket, CloseListeners listeners, @Nullable IoUringStream detachedOne)
            throws IOException {
        IoUringStreams current = startRing();
        StreamAccess access = StreamAccess.current();
        int fd = socket.fileno();
        if (!access.acquire(socket)) {
            throw new ClosedChannelException();
        }
        IoUringStream stream = null;
        boolean added = false;
        try {
            if (table.get(fd) != null || !listeners.restrictTo(registry)) {
                throw new IllegalStateException("registered already: " + socket);
            }
            stream = current.add(socket, fd, access);
            stream.begin(detachedOne);
            added = true;
            if (!socket.isOpen()) {
                stream.close();
            }
        } finally {
            if (!added) {
                if (stream != null) {
                    current.discard(stream);
                }
                listeners.restrictTo(null);
                access.release(socket);
            }
        }
    }

    @Override
    void addToKernel(Registration<A> registration) throws IOException {
        IoUringStream stream = streamOf(registration.fd());
        if (stream == null) {
            requireOther(registration.fd());
            super.addToKernel(registration);
            return;
        }
        setInterest(stream, registration.events());
        registration.setState(State.BATCHED);
        batchedKeys++;
    }

    /// Throws an [IllegalArgumentException] for the descriptor of the ring, which watches the epoll instance.
    private void requireOther(int fd) {
        IoUringStreams current = streams;
        if (current != null && current.fileno() == fd) {
            throw new IllegalArgumentException("fd " + fd + " is the io_uring of this selector");
        }
    }

    @Override
    void modifyInKernel(Registration<A> registration, Interest events, long version) throws IOException {
        IoUringStream stream = registration.state() == State.BATCHED ? streamOf(registration.fd()) : null;
        if (stream != null) {
            setInterest(stream, events);
        } else if (registration.state() != State.BATCHED) {
            super.modifyInKernel(registration, events, version);
        }
    }

    @Override
    void removeFromKernel(Registration<A> registration) {
        if (registration.state() != State.BATCHED) {
            super.removeFromKernel(registration);
            return;
        }
        setSilent(registration);
        registration.setState(State.ABSENT);
        batchedKeys--;
    }

    @Override
    void disarm(Registration<A> registration) {
        if (registration.state() == State.BATCHED) {
            setSilent(registration);
        } else {
            super.disarm(registration);
        }
    }

    /// Returns the stream of a descriptor, whatever object has its number; null if it is not a batched socket.
    private @Nullable IoUringStream streamOf(int fd) {
        IoUringStreams current = streams;
        return current == null ? null : current.find(fd);
    }

    private void setSilent(Registration<A> registration) {
        IoUringStream stream = streamOf(registration.fd());
        if (stream != null) {
            stream.setInterest(0, false);
        }
    }

    private static void setInterest(IoUringStream stream, Interest events) {
        if (events.contains(Interest.PRIORITY)) {
            throw new UnsupportedOperationException(
                    "a batched socket has no out-of-band data (" + events + "): " + stream.fileobj());
        }
        if (events.contains(Interest.HANGUP)) {
            throw new UnsupportedOperationException("a batched socket does not report hang-ups alone (" + events
                    + "), only after unbatch(): " + stream.fileobj());
        }
        stream.setInterest(events.pollMask(), events.isEdgeTriggered());
    }

    @Override
    boolean isPollCheap() {
        return streams == null;
    }

    @Override
    int await(long nanos) throws IOException {
        IoUringStreams current = streams;
        if (current == null) {
            epollEvents = super.await(nanos);
            return epollEvents;
        }
        long start = Deadline.start(nanos);
        long left = nanos;
        while (true) {
            int found = current.await(kernelFileno(), left);
            boolean poll = (found & IoUringStreams.EPOLL) != 0 || (left == 0 && table.size() > batchedKeys);
            epollEvents = poll ? awaitOnThisThread(0) : 0;
            if (epollEvents > 0 || found != IoUringStreams.EPOLL || left == 0) {
                return epollEvents + (found & IoUringStreams.STREAMS);
            }
            left = Deadline.remaining(nanos, start);
        }
    }

    @Override
    void drainEvents(int found, ReadyQueue<A> into) throws IOException {
        super.drainEvents(epollEvents, into);
        IoUringStreams current = streams;
        if (current != null) {
            synchronized (current) {
                for (int i = 0; i < current.activeCount(); i++) {
                    addReady(current.active(i), into);
                }
            }
        }
    }

    private void addReady(IoUringStream stream, ReadyQueue<A> into) {
        if (stream.isReady()) {
            Registration<A> registration = table.get(stream.fd());
            if (registration != null && registration.state() == State.BATCHED) {
                addReady(registration.key(), stream.conditions(), into);
                stream.setReported();
            }
        }
    }

    @Override
    void release() {
        IoUringStreams current = streams;
        try {
            if (current != null) {
                current.close();
            }
        } finally {
            super.release();
        }
    }
}
