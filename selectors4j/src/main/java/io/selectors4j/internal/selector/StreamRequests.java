package io.selectors4j.internal.selector;

import io.selectors4j.internal.linux.IoUringConstants;
import io.selectors4j.internal.linux.IoUringRings;
import io.selectors4j.internal.sys.PollFlags;
import java.nio.ByteOrder;

/// Fills the submission queue of a ring of streams. Before each call there is room for an entry.
///
/// The user data of a request has its kind in the upper half and the number of the stream in the lower half.
///
/// @param rings the queue
record StreamRequests(IoUringRings rings) {

    /// The poll of the epoll instance.
    static final int WATCH = 0;

    /// The receive of a stream.
    static final int RECEIVE = 1;

    /// The send of a stream.
    static final int SEND = 2;

    private static final int CANCEL = 3;

    /// The flag POLLIN in a submission entry, where the halves are swapped on a big-endian system.
    private static final int POLL_IN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
            ? Integer.rotateLeft(PollFlags.POLLIN, Short.SIZE)
            : PollFlags.POLLIN;

    /// Returns the kind of a request from its user data.
    static int kind(long userData) {
        return (int) (userData >>> Integer.SIZE);
    }

    /// Returns the number of the stream from the user data of a request.
    static int number(long userData) {
        return (int) userData;
    }

    private static long userData(int kind, int number) {
        return (long) kind << Integer.SIZE | number;
    }

    /// Polls an epoll instance, until it has an event.
    void watch(int epfd) {
        rings.add(IoUringConstants.IORING_OP_POLL_ADD, 0, 0, epfd, 0, 0, 0, POLL_IN, 0, 0, userData(WATCH, 0));
    }

    /// Receives into provided buffers, again and again.
    void receive(IoUringStream stream) {
        rings.add(
                IoUringConstants.IORING_OP_RECV,
                IoUringConstants.IOSQE_BUFFER_SELECT,
                IoUringConstants.IORING_RECV_MULTISHOT,
                stream.fd(),
                0,
                0,
                0,
                0,
                stream.group(),
                0,
                userData(RECEIVE, stream.number()));
    }

    /// Sends bytes.
    void send(IoUringStream stream, long address, int count) {
        rings.add(
                IoUringConstants.IORING_OP_SEND,
                0,
                0,
                stream.fd(),
                0,
                address,
                count,
                IoUringStream.SEND_FLAGS,
                0,
                0,
                userData(SEND, stream.number()));
    }

    /// Cancels a request of a stream.
    ///
    /// @param kind [#RECEIVE] or [#SEND]
    void cancel(int kind, IoUringStream stream) {
        long target = userData(kind, stream.number());
        rings.add(IoUringConstants.IORING_OP_ASYNC_CANCEL, 0, 0, -1, 0, target, 0, 0, 0, 0, userData(CANCEL, 0));
    }
}
