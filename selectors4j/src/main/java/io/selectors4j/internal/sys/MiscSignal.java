package io.selectors4j.internal.sys;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/// Access to `sun.misc.Signal`, with which the Java virtual machine dispatches signals to Java code, each on a new
/// thread. The module `jdk.unsupported`, which every JDK has, exports it.
///
/// The access is by reflection, since the compiler warns about every use of that class and no annotation suppresses the
/// warning.
final class MiscSignal {

    private static final String PREFIX = "SIG";

    /// Whether the virtual machine dispatches signals, once this is known. Guarded by [#monitor].
    private static boolean dispatched;

    private MiscSignal() {}

    /// Creates a handler that runs an action for each signal.
    static Object handler(Runnable action) {
        return Proxy.newProxyInstance(
                MiscSignal.class.getClassLoader(),
                new Class<?>[] {type("sun.misc.SignalHandler")},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "handle" -> {
                        action.run();
                        yield null;
                    }
                    case "equals" -> isSame(proxy, arguments[0]);
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "selectors4j's signal handler";
                });
    }

    @SuppressWarnings("ReferenceEquality") // identity is meant
    static boolean isSame(Object one, Object other) {
        return one == other;
    }

    /// Installs a handler with `Signal.handle`, and returns the previous one.
    ///
    /// @param signal the name of the signal, with SIG
    /// @param handler a handler that [#handler] created, or one that this method has returned
    /// @throws UnsupportedOperationException if the virtual machine reserves the signal for itself
    static Object handle(String signal, Object handler) {
        try {
            return call("handle", signal, handler);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedOperationException("the Java virtual machine reserves " + signal + " for itself", e);
        }
    }

    /// Returns the handler that stands for a disposition of the system.
    ///
    /// @param disposition SIG_DFL or SIG_IGN
    static Object disposition(String disposition) {
        try {
            return type("sun.misc.SignalHandler").getField(disposition).get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /// Runs a handler that [#handle] has returned. Has no effect for the default disposition and for ignored signals,
    /// which Java code cannot run.
    ///
    /// @param signal the name of the signal, with SIG
    static void run(String signal, Object handler) {
        try {
            type("sun.misc.SignalHandler")
                    .getMethod("handle", type("sun.misc.Signal"))
                    .invoke(handler, signal(signal));
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof UnsupportedOperationException)) {
                throw failure(e);
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /// Returns the lock that `Signal.handle` holds. Hold it to read a handler and restore it in one step.
    static Object monitor() {
        return type("sun.misc.Signal");
    }

    /// Checks that the virtual machine dispatches signals to Java code. One that was started with `-Xrs` has no thread
    /// for it, but still accepts handlers for most signals, which then never run. It rejects a handler for SIGHUP,
    /// SIGINT and SIGTERM only, so this method tries SIGHUP.
    ///
    /// @param signal the signal that is about to be handled, for the message
    /// @throws UnsupportedOperationException if it does not, or if the module `jdk.unsupported` is missing
    static void requireDispatch(String signal) {
        synchronized (monitor()) {
            if (dispatched) {
                return;
            }
            CompletableFuture<Object> previous = new CompletableFuture<>();
            Object probe = handler(() -> run("SIGHUP", previous.join()));
            try {
                previous.complete(call("handle", "SIGHUP", probe));
            } catch (IllegalArgumentException e) {
                throw new UnsupportedOperationException(
                        "the Java virtual machine was started with -Xrs and does not dispatch signals to Java code,"
                                + " neither " + signal,
                        e);
            }
            call("handle", "SIGHUP", previous.join());
            dispatched = true;
        }
    }

    private static Object call(String method, String signal, Object handler) {
        try {
            return type("sun.misc.Signal")
                    .getMethod(method, type("sun.misc.Signal"), type("sun.misc.SignalHandler"))
                    .invoke(null, signal(signal), handler);
        } catch (InvocationTargetException e) {
            throw failure(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return type("sun.misc.Signal").getConstructor(String.class).newInstance(name.substring(PREFIX.length()));
    }

    private static RuntimeException failure(InvocationTargetException e) {
        switch (e.getCause()) {
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            case null, default -> throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new UnsupportedOperationException(
                    "signals need the module jdk.unsupported, which is missing: start java with --add-modules jdk.unsupported,"
                            + " or add it to the run-time image",
                    e);
        }
    }
}
