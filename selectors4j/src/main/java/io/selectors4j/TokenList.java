package io.selectors4j;

import java.util.Arrays;

/// A list of [Registration#token]s. A token whose registration has ended or changed since is found by its lookup to
/// belong to none.
final class TokenList {

    private long[] tokens = new long[16];
    private int size;

    int size() {
        return size;
    }

    long get(int index) {
        return tokens[index];
    }

    void set(int index, long token) {
        tokens[index] = token;
    }

    /// Makes room, so that no [#add] up to a size allocates.
    void reserve(int capacity) {
        if (capacity > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(capacity, 2 * tokens.length));
        }
    }

    void add(long token) {
        reserve(size + 1);
        tokens[size++] = token;
    }

    /// Removes the tokens from an index on.
    void truncate(int newSize) {
        size = newSize;
    }

    /// Removes the first tokens.
    void removeFirst(int count) {
        size -= count;
        System.arraycopy(tokens, count, tokens, 0, size);
    }
}
