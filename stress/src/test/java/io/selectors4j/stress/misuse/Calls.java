package io.selectors4j.stress.misuse;

import io.selectors4j.fd.Fd;
import io.selectors4j.tty.RawMode;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// Calls by reflection.
final class Calls {

    private Calls() {}

    /// Calls a method or a constructor. A descriptor that it makes of another is closed.
    ///
    /// @param object the object, or null for what is static
    /// @return what it throws; null if it throws nothing
    static @Nullable Throwable outcome(Executable executable, @Nullable Object object, Object[] arguments) {
        try {
            if (executable instanceof Method method) {
                Object returned = method.invoke(object, arguments);
                boolean made = (object instanceof Fd && returned instanceof Fd) || returned instanceof RawMode;
                if (made) {
                    ((Closeable) returned).close();
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
