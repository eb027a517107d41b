package io.selectors4j.stress.misuse;

import io.selectors4j.fd.Fd;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.tty.RawMode;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls by reflection.
final class ReflectiveCall {

    private ReflectiveCall() {}

    /// Calls a method or a constructor, and closes a descriptor that the method creates.
    ///
    /// @param object the receiver; null for static methods
    /// @return the thrown exception, or null
    static @Nullable Throwable outcome(Executable executable, @Nullable Object object, Object[] arguments) {
        try {
            if (executable instanceof Method method) {
                Object returned = method.invoke(object, arguments);
                boolean made = (object instanceof Fd && returned instanceof Fd) || returned instanceof RawMode;
                if (made) {
                    ((Closeable) returned).close();
                }
                if (object instanceof ReceivedMessage && returned instanceof List<?> taken) {
                    for (Object each : taken) {
                        ((Closeable) each).close();
                    }
                }
            } else {
                ((Constructor<?>) executable).newInstance(arguments);
            }
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        } catch (ReflectiveOperationException | IOException e) {
            throw new AssertionError(executable.toString(), e);
        }
    }
}
