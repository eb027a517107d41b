package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.IoUringBufferRing;
import io.selectors4j.internal.linux.IoUringConstants;
import io.selectors4j.internal.linux.SendChunks;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The bytes of one batched stream socket: those that were received and not yet read, and those that were written and
/// not yet sent. The monitor of [IoUringStreams] guards all streams of a ring.
///
/// A stream without a ring is detached: it first gives out the bytes that it has, and sends those that it was given.
/// Otherwise its calls are those of the socket. It ends when it has nothing left, or when the next stream of the socket
/// takes the rest over.
public final class IoUringStream {

    /// The flags of each send. Without MSG_WAITALL, a send without a completion has sent nothing.
    static final int SEND_FLAGS = Constants.MSG_NOSIGNAL;

    /// The number of unread bytes at which the receive stops, and the number at which it goes on.
    private static final int PAUSE_AT = 32_768;

    private static final int RESUME_AT = PAUSE_AT / 2;

    /// The state of the receive.
    private enum Receive {
        IDLE,
        ARMED,
        CANCELED
    }

    private final IoUringStreams ring;
    private final int number;
    private final Pollable fileobj;
    private final int fd;
    private final StreamAccess owner;
    private final int groupNumber;

    /// Whether the ring's list of active streams has this one.
    boolean isActive;

    /// Whether the ring's list of streams with something to submit has this one.
    boolean isDirty;

    private Receive receive = Receive.IDLE;

    private ReceivedBytes received;
    private final StreamOutput output;
    private boolean endOfStream;
    private boolean hungUp;
    private int readErrno;

    private boolean closed;
    private boolean detached;

    /// Whether the stream has ended after it was detached: the socket has another one or none.
    private boolean ended;

    /// Whether the descriptor was released.
    private boolean released;

    /// The POLL* flags of the key's interest; 0 if there is none to report to.
    private int interest;

    private boolean edgeTriggered;

    /// Whether an edge-triggered key was told of the last change.
    private boolean reported;

    IoUringStream(
            IoUringStreams ring,
            int number,
            Pollable fileobj,
            int fd,
            StreamAccess owner,
            int groupNumber,
            IoUringBufferRing group,
            SendChunks chunks) {
        this.ring = ring;
        this.number = number;
        this.fileobj = fileobj;
        this.fd = fd;
        this.owner = owner;
        received = new ReceivedBytes(group);
        this.groupNumber = groupNumber;
        output = new StreamOutput(fd, chunks);
    }

    /// Returns the stream of an object, or null if the object is not a batched socket.
    public static @Nullable IoUringStream of(Pollable fileobj) {
        return StreamAccess.current().get(fileobj);
    }

    int number() {
        return number;
    }

    /// Returns the number of the group of provided buffers.
    int group() {
        return groupNumber;
    }

    /// Returns the descriptor.
    public int fd() {
        return fd;
    }

    /// Returns the object of the socket.
    public Pollable fileobj() {
        return fileobj;
    }

    /// Returns whether the stream belongs to a ring.
    public boolean isOf(IoUringStreams other) {
        return ring.equals(other);
    }

    /// Sets what a key waits for.
    ///
    /// @param mask POLL* flags; 0 for nothing
    /// @param edge whether the key is edge-triggered
    public void setInterest(int mask, boolean edge) {
        synchronized (ring) {
            interest = mask;
            edgeTriggered = edge;
            reported = false;
            ring.changed(this);
        }
    }

    /// Returns the POLL* flags of the conditions that a key waits for, as `poll` would.
    public int conditions() {
        return allConditions() & (interest | PollFlags.POLLERR | PollFlags.POLLHUP);
    }

    private int allConditions() {
        int errors = readErrno != 0 || output.errno != 0 ? PollFlags.POLLERR : 0;
        boolean readable = received.count() > 0 || endOfStream || readErrno != 0;
        boolean closedBoth = hungUp || output.isBroken || (endOfStream && output.isShutdown);
        return errors
                | (readable ? PollFlags.POLLIN : 0)
                | (endOfStream ? PollFlags.POLLRDHUP : 0)
                | (output.isWritable() ? PollFlags.POLLOUT : 0)
                | (closedBoth ? PollFlags.POLLHUP : 0);
    }

    /// Remembers that the key was told of the conditions.
    public void setReported() {
        reported = edgeTriggered;
    }

    /// Returns whether a key waits for one of the conditions, and was not told yet if it is edge-triggered.
    public boolean isReady() {
        return interest != 0 && !reported && conditions() != 0;
    }

    boolean isClosed() {
        return closed;
    }

    /// Returns whether the stream has left its ring.
    public boolean isDetached() {
        synchronized (ring) {
            return detached;
        }
    }

    /// Reads bytes that were received.
    ///
    /// @return the number of bytes; 0 at the end of the stream; `-errno`, -EAGAIN if there is no byte yet
    public long read(ByteIo io, ByteBuffer target) {
        synchronized (ring) {
            if (ended) {
                return -Errno.EINTR; // the caller looks for the stream of the socket again
            }
            int count = received.read(target);
            if (count > 0 || !target.hasRemaining()) {
                if (detached) {
                    endIfEmpty();
                } else if (receive == Receive.IDLE && !isDirty) {
                    ring.changed(this);
                }
                return count;
            }
            if (readErrno != 0) {
                return -takeReadErrno();
            }
            if (detached) {
                output.sendPending();
                endIfEmpty();
            }
            if (endOfStream || !detached) {
                return endOfStream ? 0 : -Errno.EAGAIN;
            }
        }
        return io.read(ByteIo.Calls.SOCKET, fd, target, 0, false);
    }

    /// Returns the error of the connection, which the next call reports, a read or a write.
    private int takeReadErrno() {
        int errno = readErrno;
        readErrno = 0;
        endOfStream = true;
        output.isBroken = true;
        return errno;
    }

    /// Gives the provided buffers back to the kernel, at the beginning of a wait.
    void returnBuffers() {
        received.returnBuffers();
        if (!isDirty && wantsPause()) {
            ring.changed(this);
        }
    }

    /// Takes bytes to be sent with the next wait. Sends them at once if they are many, or if another thread is in a
    /// wait, and if no other bytes are before them.
    ///
    /// @return the number of bytes; `-errno`, -EAGAIN if there is no room
    public long write(ByteIo io, ByteBuffer source) {
        synchronized (ring) {
            if (ended) {
                return -Errno.EINTR; // the caller looks for the stream of the socket again
            }
            if (readErrno != 0) {
                return -takeReadErrno();
            }
            int errno = output.takeErrno();
            if (errno != 0) {
                return -errno;
            }
            if (detached && !output.sendPending()) {
                return -Errno.EAGAIN;
            }
            if (!source.hasRemaining()) {
                return 0;
            }
            endIfEmpty();
            if (output.unsent.isEmpty() && (detached || ring.isBlocked() || source.remaining() > SendChunks.SIZE)) {
                long count = io.write(ByteIo.Calls.SOCKET, fd, source, StreamOutput.DIRECT_FLAGS, false);
                if (count != -Errno.EAGAIN || detached) {
                    return count;
                }
            }
            if (!output.unsent.hasRoom()) {
                return -Errno.EAGAIN;
            }
            int count = output.unsent.add(source);
            if (!isDirty) {
                ring.changed(this);
            }
            return count;
        }
    }

    /// Shuts the sending side down, after what was written.
    ///
    /// @return 0 or `-errno`
    public int shutdownOutput() {
        synchronized (ring) {
            if (ended) {
                return -Errno.EINTR; // the caller looks for the stream of the socket again
            }
            boolean first = !output.isShutdown;
            boolean sent = output.sendPending();
            output.isShutdown = true;
            int result = sent || !first ? output.shutDown() : 0;
            ring.changed(this);
            return result;
        }
    }

    /// Returns whether bytes are in memory of this object.
    public int available() {
        synchronized (ring) {
            return ended ? 0 : received.count();
        }
    }

    /// Called when the object of the socket is closing. The descriptor stays open until what was written is sent.
    public void close() {
        synchronized (ring) {
            if (closed) {
                return;
            }
            closed = true;
            interest = 0;
            received.clear();
            output.sendPending();
            if (receive != Receive.IDLE && !ring.lingerZero().abort(fd)) {
                // The receive keeps the connection open until the kernel ends it.
                PosixSockets.shutdown(
                        ErrnoCapture.current(), fd, output.unsent.isEmpty() ? Constants.SHUT_RDWR : Constants.SHUT_RD);
            }
            ring.changed(this);
            endIfIdle();
        }
    }

    /// Returns whether [#submit] would submit something.
    boolean hasToSubmit() {
        return wantsReceive() || wantsPause() || (!output.isSending && !output.unsent.isEmpty() && !detached);
    }

    private boolean wantsReceive() {
        return receive == Receive.IDLE
                && !closed
                && !detached
                && !endOfStream
                && readErrno == 0
                && received.count() < RESUME_AT;
    }

    private boolean wantsPause() {
        return receive == Receive.ARMED && received.ownCount() >= PAUSE_AT && !detached;
    }

    /// Submits one request.
    void submit() {
        if (!output.isSending && !output.unsent.isEmpty()) {
            output.unsent.prepare();
            output.isSending = true;
            ring.requests().send(this, output.unsent.address(), output.unsent.count());
        } else if (wantsReceive()) {
            receive = Receive.ARMED;
            ring.requests().receive(this);
        } else if (wantsPause()) {
            receive = Receive.CANCELED;
            ring.requests().cancel(StreamRequests.RECEIVE, this);
        }
    }

    /// Receives a completion of the receive.
    void received(int result, int flags) {
        if (receive == Receive.IDLE) {
            return; // not from the kernel
        }
        received.reserve();
        ring.reserve();
        boolean hungUpToo = result == 0 && !closed && isHungUp(); // fails for lack of memory, before all changes
        if ((flags & IoUringConstants.IORING_CQE_F_MORE) == 0) {
            receive = Receive.IDLE;
        }
        if ((flags & IoUringConstants.IORING_CQE_F_BUFFER) != 0) {
            hold(flags >>> IoUringConstants.IORING_CQE_BUFFER_SHIFT, result);
        }
        if (result == 0) {
            endOfStream = true;
            hungUp |= hungUpToo;
        } else if (result < 0 && !StreamOutput.isTemporary(-result)) {
            readErrno = -result;
            hungUp = true;
        }
        reported = false;
        ring.changed(this);
        endIfIdle();
    }

    /// Asks the kernel whether the peer has closed both directions.
    private boolean isHungUp() {
        try {
            return (SingleFdPoll.await(fd, 0, 0) & PollFlags.POLLHUP) != 0;
        } catch (NativeIOException e) {
            return false; // no memory
        }
    }

    /// Keeps a provided buffer with bytes. The shared memory may have any number.
    private void hold(int id, int count) {
        if (!received.hasBuffer(id)) {
            return;
        }
        if (closed || count <= 0) {
            received.reject(id);
        } else {
            received.add(id, count);
        }
    }

    /// Receives the completion of the send.
    void sent(int result) {
        if (!output.isSending) {
            return; // not from the kernel
        }
        ring.reserve();
        output.isSending = false;
        output.sent(result);
        if (closed) {
            output.sendPending();
        }
        if ((output.isShutdown || closed) && output.unsent.isEmpty()) {
            output.shutDown();
        }
        reported = false;
        ring.changed(this);
        endIfIdle();
    }

    /// Ends a closed stream when nothing is left to be sent, and its number when the kernel has completed its requests.
    private void endIfIdle() {
        if (closed && !released && output.unsent.isEmpty()) {
            release();
        }
        if (closed && released && receive == Receive.IDLE && !output.isSending) {
            ring.remove(this);
        }
    }

    /// Ends the use of the descriptor.
    private void release() {
        released = true;
        ring.forget(this);
        owner.release(fileobj);
    }

    /// Goes on with another instance, whose buffers come from another group.
    void restart(IoUringBufferRing newGroup) {
        received.setGroup(newGroup);
        receive = Receive.IDLE;
        output.isSending = false;
        ring.changed(this);
        endIfIdle();
    }

    /// Cancels the requests of the stream, as far as the queue has room.
    ///
    /// @return whether there was none
    boolean cancelAll(BooleanSupplier ensureRoom) {
        detached = true;
        if (receive != Receive.IDLE && ensureRoom.getAsBoolean()) {
            ring.requests().cancel(StreamRequests.RECEIVE, this);
        }
        if (output.isSending && ensureRoom.getAsBoolean()) {
            ring.requests().cancel(StreamRequests.SEND, this);
        }
        return receive == Receive.IDLE && !output.isSending;
    }

    /// Ends the use of the ring.
    void detach() {
        detached = true;
        received.returnBuffers();
        receive = Receive.IDLE;
        output.isSending = false;
        output.sendPending();
        if (!released) {
            release();
        }
        if (closed) {
            return;
        }
        CloseListeners listeners = Objects.requireNonNull(CloseListeners.of(fileobj));
        listeners.setUnread(this);
        endIfEmpty();
        listeners.restrictTo(null);
    }

    /// Ends a detached stream that has nothing left for the program or the peer. The socket is an ordinary one then.
    private void endIfEmpty() {
        boolean empty = received.count() == 0 && output.unsent.isEmpty() && readErrno == 0 && output.errno == 0;
        if (detached && empty && !closed && !ended) {
            owner.set(fileobj, null);
            Objects.requireNonNull(CloseListeners.of(fileobj)).setUnread(null);
            ended = true;
        }
    }

    /// Begins to receive. Takes over what the detached stream of the same socket has left, if there is one.
    public void begin(@Nullable IoUringStream detachedOne) {
        StreamRest rest = detachedOne == null ? StreamRest.NONE : detachedOne.end();
        synchronized (ring) {
            if (rest.received() != null) {
                rest.received().setGroup(received.group());
                received = rest.received();
            }
            output.unsent.putBack(rest.unsent());
            readErrno = rest.readErrno();
            output.errno = rest.writeErrno();
            output.isShutdown = rest.isShutdown();
            output.isBroken = rest.isBroken();
            owner.set(fileobj, this);
            ring.changed(this);
        }
    }

    /// Ends this detached stream. Its bytes belong to the next stream of the socket.
    private StreamRest end() {
        synchronized (ring) {
            if (ended) {
                return StreamRest.NONE;
            }
            StreamRest rest = new StreamRest(
                    received, output.unsent.copy(), readErrno, output.errno, output.isShutdown, output.isBroken);
            output.unsent.clear();
            Objects.requireNonNull(CloseListeners.of(fileobj)).setUnread(null);
            ended = true;
            return rest;
        }
    }
}
