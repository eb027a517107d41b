package io.selectors4j.internal.selector;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a detached stream has left for the next stream of its socket.
///
/// @param received the bytes that were not read; null if there was no stream
/// @param unsent bytes that were written and not sent
/// @param readErrno the error of the connection that no call has reported, or 0
/// @param writeErrno the error of a send that no call has reported, or 0
/// @param isShutdown whether the sending side was shut down
/// @param isBroken whether a send has failed
record StreamRest(
        @Nullable ReceivedBytes received,
        ByteBuffer unsent,
        int readErrno,
        int writeErrno,
        boolean isShutdown,
        boolean isBroken) {

    static final StreamRest NONE = new StreamRest(null, ByteBuffer.allocate(0), 0, 0, false, false);
}
