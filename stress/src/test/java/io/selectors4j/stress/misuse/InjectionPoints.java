package io.selectors4j.stress.misuse;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/// Lets something happen right before the library calls a C function, when it has looked at everything and decided: the moment at
/// which what another thread does matters most, and which chance alone would hardly ever hit.
public final class InjectionPoints {

    private static final MethodHandle IS_WATCHED = find("isWatched", MethodType.methodType(boolean.class));
    private static final MethodHandle NOTICE = find("notice", MethodType.methodType(void.class, String.class));

    private static volatile @Nullable Moment next;

    private InjectionPoints() {}

    /// The call before which something happens.
    private static final class Moment {
        private final Thread thread;
        private final Runnable act;
        private int left;
        private @Nullable String name;

        Moment(Thread thread, int call, Runnable act) {
            this.thread = thread;
            this.act = act;
            left = call;
        }

        /// Is called by one thread only, but looked at by others.
        synchronized boolean isNow(String call) {
            boolean now = name == null && left-- == 0;
            if (now) {
                name = call;
            }
            return now;
        }

        synchronized @Nullable String name() {
            return name;
        }
    }

    /// What a call is made through.
    ///
    /// @param name the function's name in C
    /// @param real its handle
    public static MethodHandle around(String name, MethodHandle real) {
        MethodHandle watched = MethodHandles.foldArguments(real, NOTICE.bindTo(name));
        return MethodHandles.guardWithTest(
                MethodHandles.dropArguments(IS_WATCHED, 0, real.type().parameterList()), watched, real);
    }

    /// Something to do with the library.
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /// Lets something happen before one of the calls that a task makes on this thread.
    ///
    /// @param call before which of them, from 0
    /// @param act what happens
    /// @param task the task
    /// @return the name of the call; null if there are not as many
    static @Nullable String before(int call, Runnable act, Task task) throws Exception {
        Moment moment = new Moment(Thread.currentThread(), call, act);
        next = moment;
        try {
            task.run();
        } finally {
            next = null;
        }
        return moment.name();
    }

    static boolean isWatched() {
        return next != null;
    }

    static void notice(String name) {
        Moment moment = next;
        if (moment != null && moment.thread.equals(Thread.currentThread()) && moment.isNow(name)) {
            moment.act.run();
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
