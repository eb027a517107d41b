package io.selectors4j.stress.fuzz;

import io.selectors4j.stress.fuzz.Api.Op;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A call that is about to be made.
///
/// @param op what is called
/// @param receiver the object that it is called of; null for none
/// @param arguments the arguments, which may still be changed
record Call(Op op, @Nullable Object receiver, List<@Nullable Object> arguments) {

    /// What became of it.
    ///
    /// @param value what it returned
    /// @param thrown what it threw
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

    /// The argument for a parameter; null if there is no such parameter, or it is null.
    @Nullable
    Object argument(String name) {
        int index = index(name);
        return index < 0 ? null : arguments.get(index);
    }

    /// Where a parameter is; -1 if there is no such.
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
