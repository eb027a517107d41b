package io.selectors4j.stress.fuzz;

import java.util.Arrays;

/// The bytes of an input, read from the beginning. Behind their end are zeros.
final class Input {

    private final byte[] bytes;
    private int next;

    Input(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Returns whether bytes remain.
    boolean hasMore() {
        return next < bytes.length;
    }

    /// Returns the number of remaining bytes.
    int remaining() {
        return bytes.length - next;
    }

    /// Returns a number from 0 to 255.
    int small() {
        return hasMore() ? Byte.toUnsignedInt(bytes[next++]) : 0;
    }

    /// Returns a number from 0 to the end, exclusive.
    int below(int end) {
        return (end > 256 ? small() << 8 | small() : small()) % end;
    }

    /// Returns one of the values.
    @SafeVarargs
    final <T> T choose(T... values) {
        return values[below(values.length)];
    }

    boolean flag() {
        return (small() & 1) != 0;
    }

    /// Returns any number.
    int number() {
        return small() << 24 | small() << 16 | small() << 8 | small();
    }

    /// Returns any number.
    long longNumber() {
        return (long) number() << Integer.SIZE | Integer.toUnsignedLong(number());
    }

    /// Returns so many bytes, or the remaining bytes.
    byte[] take(int count) {
        int end = Math.min(next + count, bytes.length);
        byte[] taken = Arrays.copyOfRange(bytes, next, end);
        next = end;
        return taken;
    }

    /// Returns the remaining bytes.
    byte[] rest() {
        return take(remaining());
    }
}
