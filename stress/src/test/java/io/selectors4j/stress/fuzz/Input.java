package io.selectors4j.stress.fuzz;

import java.util.Arrays;

/// What the fuzzer has made up, read from its begin. Behind its end, there are zeros.
final class Input {

    private final byte[] bytes;
    private int next;

    Input(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Whether something is left.
    boolean hasMore() {
        return next < bytes.length;
    }

    /// How many bytes are left.
    int left() {
        return bytes.length - next;
    }

    /// A number of 0 to 255.
    int small() {
        return hasMore() ? Byte.toUnsignedInt(bytes[next++]) : 0;
    }

    /// A number of 0 to another one, which it is not.
    int below(int end) {
        return (end > 256 ? small() << 8 | small() : small()) % end;
    }

    /// One of these.
    @SafeVarargs
    final <T> T oneOf(T... values) {
        return values[below(values.length)];
    }

    boolean flag() {
        return (small() & 1) != 0;
    }

    /// Any number.
    int number() {
        return small() << 24 | small() << 16 | small() << 8 | small();
    }

    /// Any number.
    long longNumber() {
        return (long) number() << Integer.SIZE | Integer.toUnsignedLong(number());
    }

    /// As many bytes, or what is left.
    byte[] take(int count) {
        int end = Math.min(next + count, bytes.length);
        byte[] taken = Arrays.copyOfRange(bytes, next, end);
        next = end;
        return taken;
    }

    /// All that is left.
    byte[] rest() {
        return take(left());
    }
}
