package io.selectors4j.internal.selector;

import io.selectors4j.internal.linux.SendChunks;
import java.nio.ByteBuffer;

/// The bytes of a stream that were written and not yet sent: a chunk that is being sent, and one that takes the bytes
/// written meanwhile. The owner serializes the calls.
final class UnsentBytes {

    private static final int NONE = -1;

    private final SendChunks chunks;

    /// The chunk that is being sent.
    private int sendChunk = NONE;

    private int sendStart;
    private int sendEnd;

    /// The chunk that takes written bytes.
    private int fillChunk = NONE;

    private int fillCount;

    UnsentBytes(SendChunks chunks) {
        this.chunks = chunks;
    }

    boolean isEmpty() {
        return sendChunk == NONE && fillChunk == NONE;
    }

    /// Returns whether [#add] would take a byte.
    boolean hasRoom() {
        return fillChunk == NONE || fillCount < SendChunks.SIZE;
    }

    /// Takes bytes.
    ///
    /// @return the number of bytes
    int add(ByteBuffer source) {
        if (fillChunk == NONE) {
            fillChunk = chunks.take();
            fillCount = 0;
        }
        int count = Math.min(source.remaining(), SendChunks.SIZE - fillCount);
        chunks.put(fillChunk, fillCount, source, count);
        fillCount += count;
        return count;
    }

    /// Makes room, so that [#putBack] cannot fail.
    void reserve() {
        chunks.reserve(2);
    }

    /// Takes a [#copy] of another object, before all other bytes.
    void putBack(ByteBuffer source) {
        if (source.hasRemaining()) {
            add(source);
        }
        if (source.hasRemaining()) {
            prepare();
            add(source);
        }
    }

    /// Returns a copy of all bytes.
    ByteBuffer copy() {
        int sending = sendChunk == NONE ? 0 : sendEnd - sendStart;
        ByteBuffer copy = ByteBuffer.allocate(sending + (fillChunk == NONE ? 0 : fillCount));
        if (sendChunk != NONE) {
            chunks.get(sendChunk, sendStart, copy.array(), 0, sending);
        }
        if (fillChunk != NONE) {
            chunks.get(fillChunk, 0, copy.array(), sending, fillCount);
        }
        return copy;
    }

    /// Prepares to send: afterwards, [#address] and [#count] tell what. There are bytes.
    void prepare() {
        if (sendChunk == NONE) {
            sendChunk = fillChunk;
            sendStart = 0;
            sendEnd = fillCount;
            fillChunk = NONE;
        }
    }

    long address() {
        return chunks.address(sendChunk, sendStart);
    }

    int count() {
        return sendEnd - sendStart;
    }

    /// Removes bytes that were sent, after [#prepare].
    void sent(int count) {
        sendStart += Math.min(count, sendEnd - sendStart); // the shared memory may have any number
        if (sendStart >= sendEnd) {
            chunks.release(sendChunk);
            sendChunk = NONE;
        }
    }

    /// Removes all bytes.
    void clear() {
        if (sendChunk != NONE) {
            chunks.release(sendChunk);
            sendChunk = NONE;
        }
        if (fillChunk != NONE) {
            chunks.release(fillChunk);
            fillChunk = NONE;
        }
    }
}
