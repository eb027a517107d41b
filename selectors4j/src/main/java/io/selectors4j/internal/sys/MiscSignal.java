package io.selectors4j.internal.sys;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/// `sun.misc.Signal`: the way by which the Java virtual machine hands signals to Java code, each on a new thread. The module
/// `jdk.unsupported`, which every JDK has, exports it.
///
/// By reflection: the compiler warns about that class wherever it is named, and no annotation quiets it.
final class MiscSignal {

    private static final String PREFIX = "SIG";

    /// Whether signals are handed to Java code at all, once it has been found out.
    private static boolean dispatched;

    private MiscSignal() {}

    /// Makes a handler.
    ///
    /// @param action what it does when a signal comes
    /// @return the handler
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
                    default -> "the handler of selectors4j";
                });
    }

    @SuppressWarnings("ReferenceEquality") // that is what it asks
    static boolean isSame(Object one, Object other) {
        return one == other;
    }

    /// Puts a handler in force: `Signal.handle`.
    ///
    /// @param signal the signal's name, with SIG
    /// @param handler a handler made here, or one that this method has returned
    /// @return the handler that was in force
    /// @throws UnsupportedOperationException if the virtual machine does not give the signal away
    static Object handle(String signal, Object handler) {
        try {
            return call("handle", signal, handler);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedOperationException("the Java virtual machine does not give " + signal + " away", e);
        }
    }

    /// Does what a handler does, if it is one that Java code can call: the system's own dispositions are not.
    ///
    /// @param signal the signal's name, with SIG
    /// @param handler a handler that [#handle] has returned
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

    /// What nobody changes handlers without: hold it to look at one and to put it back in one step.
    static Object monitor() {
        return type("sun.misc.Signal");
    }

    /// Makes sure that signals are handed to Java code. A virtual machine that was started with `-Xrs` has no thread that
    /// would; for most signals it takes a handler all the same, which then never runs. Only SIGHUP, SIGINT and SIGTERM
    /// tell.
    ///
    /// @param signal the signal that is wanted
    /// @throws UnsupportedOperationException if they are not
    static void requireDispatch(String signal) {
        synchronized (monitor()) {
            if (dispatched) {
                return;
            }
            CompletableFuture<Object> former = new CompletableFuture<>();
            Object probe = handler(() -> run("SIGHUP", former.join()));
            try {
                former.complete(call("handle", "SIGHUP", probe));
            } catch (IllegalArgumentException e) {
                throw new UnsupportedOperationException(
                        "the Java virtual machine was started with -Xrs and hands no signals to Java code, not "
                                + signal + " either",
                        e);
            }
            call("handle", "SIGHUP", former.join());
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
            throw new UnsupportedOperationException("this Java runtime lacks the module jdk.unsupported", e);
        }
    }
}
