package io.selectors4j.stress.fuzz;

import io.selectors4j.stress.fuzz.Api.Op;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A call before its execution.
///
/// @param op the constructor or method
/// @param receiver the receiver; null for none
/// @param arguments the arguments, which [CallGuard] may change
record Call(Op op, @Nullable Object receiver, List<@Nullable Object> arguments) {

    /// The outcome of a call.
    ///
    /// @param value the returned value
    /// @param thrown the thrown exception
    record Outcome(@Nullable Object value, @Nullable Throwable thrown) {}

    Outcome make() {
        try {
            Object value = op.executable() instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments.toArray())
                    : ((Method) op.executable()).invoke(receiver, arguments.toArray());
            return new Outcome(value, null);
        } catch (InvocationTargetException e) {
            return new Outcome(null, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(toString(), e);
        }
    }

    /// Returns the argument of a parameter; null if there is no such parameter or the argument is null.
    @Nullable
    Object argument(String name) {
        int index = index(name);
        return index < 0 ? null : arguments.get(index);
    }

    /// Returns the index of a parameter; -1 if there is no such parameter.
    int index(String name) {
        for (int i = 0; i < arguments.size(); i++) {
            if (op.executable().getParameters()[i].getName().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return op + " of " + receiver + " with " + Arrays.deepToString(arguments.toArray());
    }
}
