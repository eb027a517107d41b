package io.selectors4j.stress.misuse;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/// Runs an action right before the library calls a C function, after all its checks. The effects of another thread
/// matter most at this moment, and chance alone would hardly ever hit it.
public final class InjectionPoints {

    private static final MethodHandle IS_ARMED = find("isArmed", MethodType.methodType(boolean.class));
    private static final MethodHandle REACHED = find("reached", MethodType.methodType(void.class, String.class));

    private static volatile @Nullable InjectionPoint next;

    private InjectionPoints() {}

    /// The call before which the action runs.
    private static final class InjectionPoint {
        private final Thread thread;
        private final Runnable action;
        private final int call;
        private int calls;
        private @Nullable String name;

        InjectionPoint(Thread thread, int call, Runnable action) {
            this.thread = thread;
            this.action = action;
            this.call = call;
        }

        /// Counts a call of the thread, and returns whether it is the one.
        synchronized boolean isNow(String function) {
            boolean now = calls++ == call;
            if (now) {
                name = function;
            }
            return now;
        }

        synchronized @Nullable String name() {
            return name;
        }
    }

    /// Returns a handle that can run an action first.
    ///
    /// @param name the name of the C function
    /// @param real its handle
    public static MethodHandle around(String name, MethodHandle real) {
        MethodHandle injecting = MethodHandles.foldArguments(real, REACHED.bindTo(name));
        return MethodHandles.guardWithTest(
                MethodHandles.dropArguments(IS_ARMED, 0, real.type().parameterList()), injecting, real);
    }

    /// A task that uses the library.
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /// Runs an action before one of the calls that a task makes on this thread.
    ///
    /// @param call the number of the call, from 0
    /// @return the name of the function; null if the task makes fewer calls
    static @Nullable String before(int call, Runnable action, Task task) throws Exception {
        InjectionPoint point = new InjectionPoint(Thread.currentThread(), call, action);
        next = point;
        try {
            task.run();
        } finally {
            next = null;
        }
        return point.name();
    }

    static boolean isArmed() {
        return next != null;
    }

    static void reached(String name) {
        InjectionPoint point = next;
        if (point != null && point.thread.equals(Thread.currentThread()) && point.isNow(name)) {
            point.action.run();
        }
    }

    private static MethodHandle find(String name, MethodType type) {
        try {
            return MethodHandles.lookup().findStatic(InjectionPoints.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }
}
