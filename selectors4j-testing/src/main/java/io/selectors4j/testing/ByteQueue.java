package io.selectors4j.testing;

import java.nio.ByteBuffer;

/// The bytes on their way to one end of a connection, at most as many as its capacity.
final class ByteQueue {

    private final int capacity;
    private byte[] bytes = {};
    private int first;
    private int size;

    ByteQueue(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return size;
    }

    int room() {
        return capacity - size;
    }

    void clear() {
        size = 0;
    }

    /// Adds bytes of a buffer, for which there is room.
    void add(ByteBuffer source, int count) {
        if (size + count > bytes.length) {
            byte[] longer = new byte[Math.min(capacity, Math.max(size + count, 2 * bytes.length))];
            for (int i = 0; i < size; i++) {
                longer[i] = bytes[(first + i) % bytes.length];
            }
            bytes = longer;
            first = 0;
        }
        for (int i = 0; i < count; i++) {
            bytes[(first + size + i) % bytes.length] = source.get();
        }
        size += count;
    }

    /// Moves bytes, which are there, to a buffer.
    void remove(ByteBuffer target, int count) {
        for (int i = 0; i < count; i++) {
            target.put(bytes[(first + i) % bytes.length]);
        }
        first = count == size ? 0 : (first + count) % bytes.length;
        size -= count;
    }
}
