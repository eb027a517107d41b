package io.selectors4j.fd;

import io.selectors4j.fd.SocketOptionTable.Option;
import io.selectors4j.fd.SocketOptionTable.Optname;
import io.selectors4j.internal.posix.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Encodes and decodes the values of socket options that are a [Duration] or a [String].
final class SocketOptionValues {

    private static final long MICROS_PER_SECOND = TimeUnit.SECONDS.toMicros(1);
    private static final int NANOS_PER_MICRO = 1000;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private SocketOptionValues() {}

    /// Returns whether an option has values of these types.
    static boolean isEncoded(Class<?> type) {
        return type == Duration.class || type == String.class;
    }

    /// Encodes a value of an option.
    ///
    /// @throws IllegalArgumentException if it is out of range
    static Bytes encode(Option<?> option, Object value) {
        return value instanceof Duration duration ? encode(option, duration) : encode(option, (String) value);
    }

    private static Bytes encode(Option<?> option, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(option + " is not negative, unlike " + duration);
        }
        ByteBuffer bytes = ByteBuffer.allocate(option.optname().size()).order(ByteOrder.nativeOrder());
        if (bytes.remaining() == Integer.BYTES) {
            return new Bytes(bytes.putInt(millis(option, duration)).flip());
        }
        // struct timeval { time_t tv_sec; suseconds_t tv_usec; };
        long micros = Math.ceilDiv(duration.getNano(), NANOS_PER_MICRO);
        boolean carries = micros == MICROS_PER_SECOND && duration.getSeconds() < Long.MAX_VALUE;
        bytes.putLong(duration.getSeconds() + (carries ? 1 : 0));
        bytes.putLong(micros == MICROS_PER_SECOND ? 0 : micros);
        return new Bytes(bytes.flip());
    }

    private static int millis(Option<?> option, Duration duration) {
        if (duration.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(
                    option + " is at most " + Duration.ofMillis(Integer.MAX_VALUE) + ", not " + duration);
        }
        long rest = Math.ceilDiv(duration.getNano(), NANOS_PER_MILLI);
        return (int) (TimeUnit.SECONDS.toMillis(duration.getSeconds()) + rest);
    }

    private static Bytes encode(Option<?> option, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int most = option.optname().size() - 1;
        if (bytes.length > most || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    option + " has 0 to " + most + " bytes and no zero character, unlike " + text.replace('\0', '?'));
        }
        return new Bytes(ByteBuffer.allocate(most + 1).put(bytes).clear());
    }

    /// Decodes the value of an option.
    ///
    /// @param length the number of bytes that the kernel has returned
    static Object decode(Option<?> option, Optname optname, Bytes value, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(value.toArray(optname.size())).order(ByteOrder.nativeOrder());
        if (option.type() == String.class) {
            int end = 0;
            while (end < Math.min(length, optname.size()) && bytes.get(end) != 0) {
                end++;
            }
            return StandardCharsets.UTF_8.decode(bytes.limit(end)).toString();
        }
        if (optname.size() == Integer.BYTES) {
            return Duration.ofMillis(Integer.toUnsignedLong(bytes.getInt()));
        }
        return Duration.ofSeconds(bytes.getLong()).plusNanos(NANOS_PER_MICRO * bytes.getLong());
    }
}
