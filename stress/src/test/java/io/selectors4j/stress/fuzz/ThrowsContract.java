package io.selectors4j.stress.fuzz;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.Fd;
import io.selectors4j.watch.InotifyFd;
import java.lang.reflect.Parameter;
import java.lang.reflect.TypeVariable;
import java.net.ProtocolFamily;
import java.nio.Buffer;
import java.nio.channels.Channel;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks a thrown exception: the doc comment documents it, and its message is clear.
final class ThrowsContract {

    /// The message of a failed call, with the name of an error of the Unixes or of Windows.
    private static final String NATIVE = "(?s)\\w+\\(.*\\): ((E|WSA|ERROR_)[A-Z0-9_]+|errno) \\(-?\\d+\\) .+";

    /// Messages that name no value, because a value is missing, or two values exclude each other, or the type of the
    /// object is wrong.
    private static final List<String> WITHOUT_VALUE = List.of(
            "cannot read into a read-only buffer",
            "no signal is named",
            "IN_MASK_ADD and IN_MASK_CREATE exclude each other",
            "MSG_TRUNC is for messages, and this is a stream");

    private ThrowsContract() {}

    /// Requires that a call may throw an exception.
    static void require(Call call, Throwable thrown) {
        if (thrown instanceof HostilePollable.UserException) {
            return; // a user's own code
        }
        Set<String> documented = Api.DOCUMENTED.of(
                call.op().executable(),
                call.receiver() == null ? null : call.receiver().getClass());
        boolean expected = isNamed(thrown.getClass(), documented)
                || (thrown instanceof NullPointerException && hasNull(call))
                || (thrown instanceof IllegalArgumentException && isValueOf(call));
        if (!expected) {
            throw new AssertionError(call + " documents " + documented, thrown);
        }
        requireClear(call, thrown);
    }

    private static boolean isNamed(@Nullable Class<?> type, Set<String> names) {
        return type != null
                && type != Exception.class
                && (names.contains(type.getSimpleName()) || isNamed(type.getSuperclass(), names));
    }

    private static boolean isValueOf(Call call) {
        return call.op().owner().isEnum() && call.op().executable().getName().equals("valueOf");
    }

    /// Returns whether an argument is null that must not be null.
    private static boolean hasNull(Call call) {
        Parameter[] parameters = call.op().executable().getParameters();
        for (int i = 0; i < parameters.length; i++) {
            Object argument = call.arguments().get(i);
            boolean nullable = parameters[i].getAnnotatedType().isAnnotationPresent(Nullable.class)
                    || parameters[i].getParameterizedType() instanceof TypeVariable<?>;
            if ((argument == null && !nullable) || hasNull(argument)) {
                return true;
            }
        }
        return call.arguments().size() > 1
                && call.op().toString().contains("Option")
                && call.arguments().get(1) == null; // a value of any type
    }

    private static boolean hasNull(@Nullable Object argument) {
        return switch (argument) {
            case Object[] array -> Arrays.asList(array).contains(null);
            case List<?> list -> list.stream().anyMatch(element -> element == null);
            case null, default -> false;
        };
    }

    /// Requires that the message names the failed call or the wrong value.
    private static void requireClear(Call call, Throwable thrown) {
        String message = thrown.getMessage();
        boolean clear = switch (thrown) {
            case NativeIOException e -> e.getMessage().matches(NATIVE);
            case IllegalArgumentException e -> message != null && namesAValue(call, message);
            case IndexOutOfBoundsException e -> message != null && namesAValue(call, message);
            case UnsupportedOperationException e -> message != null && !message.isBlank();
            default -> true;
        };
        if (!clear) {
            throw new AssertionError(call + " throws an unclear message", thrown);
        }
    }

    private static boolean namesAValue(Call call, String message) {
        return WITHOUT_VALUE.contains(message)
                || call.arguments().stream().anyMatch(argument -> isNamed(argument, message))
                || (call.receiver() != null && isNamed(call.receiver(), message));
    }

    private static boolean isNamed(@Nullable Object value, String message) {
        return switch (value) {
            case null -> message.contains("null");
            case byte[] bytes -> message.contains("" + bytes.length);
            case Object[] none when none.length == 0 -> message.contains("[]");
            case Object[] array -> Arrays.stream(array).anyMatch(element -> isNamed(element, message));
            case Collection<?> all when all.isEmpty() -> message.contains("[]");
            case Collection<?> all -> all.stream().anyMatch(element -> isNamed(element, message));
            case Buffer buffer -> message.contains("" + buffer.remaining()) || message.contains(buffer.toString());
            case Integer number ->
                message.contains(number.toString())
                        || message.contains(Integer.toHexString(number))
                        || message.contains(InotifyFd.maskToString(number));
            case Fd fd -> message.contains(fd.toString());
            case Channel channel -> message.contains(channel.getClass().getName());
            case Pollable pollable -> message.contains(pollable.toString()) || message.contains("descriptor");
            case Long number -> message.contains(number.toString()) || message.contains(Long.toUnsignedString(number));
            case ProtocolFamily family -> message.contains(family.name());
            default ->
                message.contains(value.toString())
                        || message.contains(value.toString().replace('\0', '?'));
        };
    }
}
