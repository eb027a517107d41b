package io.selectors4j.stress.faults;

import io.selectors4j.internal.ffi.Errno;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets one call of a C function fail: the N-th one that the library makes while this is armed, whatever it is and
/// whatever thread makes it.
public final class FaultInjector {

    private static final long ERRNO =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /// Those that move bytes: descriptor, memory, count.
    private static final Set<String> TRANSFERS = Set.of("read", "write", "recv", "send");
    private static final int COUNT = 3;

    /// Those that return the number of the error.
    private static final Set<String> ANSWERING_ERRNO = Set.of("pthread_sigmask", "ptsname_r");

    private static final MethodHandle IS_ARMED = find("isArmed", MethodType.methodType(boolean.class));
    private static final MethodHandle CALL =
            find("call", MethodType.methodType(Object.class, String.class, MethodHandle.class, Object[].class));

    /// Whether this thread is in a call: what a kernel that is written in Java calls meanwhile is not the library's. Or
    /// else [#withoutFaults].
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private static volatile @Nullable Plan plan;

    private FaultInjector() {}

    /// Which call fails, and whether it has.
    private static final class Plan {
        final Fault fault;
        private final int failing;
        private int calls;
        private @Nullable String hit;

        Plan(int failing, Fault fault) {
            this.failing = failing;
            this.fault = fault;
        }

        synchronized boolean isNext(String name, Object[] arguments) {
            if (fault.isShort() && !isLong(name, arguments)) {
                return false;
            }
            boolean next = calls++ == failing;
            if (next) {
                hit = name;
            }
            return next;
        }

        synchronized @Nullable String hit() {
            return hit;
        }
    }

    /// What a call is made through.
    ///
    /// @param name the function's name in C
    /// @param real its handle
    public static MethodHandle around(String name, MethodHandle real) {
        MethodType type = real.type();
        MethodHandle slow = MethodHandles.insertArguments(
                        CALL, 0, name, real.asSpreader(Object[].class, type.parameterCount()))
                .asCollector(Object[].class, type.parameterCount())
                .asType(type);
        return MethodHandles.guardWithTest(MethodHandles.dropArguments(IS_ARMED, 0, type.parameterList()), slow, real);
    }

    /// Lets a call fail.
    ///
    /// @param call which one, from 0
    /// @param fault what becomes of it
    static void arm(int call, Fault fault) {
        plan = new Plan(call, fault);
    }

    /// Lets no call fail for a while, nor counts any.
    static @Nullable Object pause() {
        Object current = plan;
        plan = null;
        return current;
    }

    /// Goes on where [#pause] has left off.
    static void resume(@Nullable Object paused) {
        plan = (Plan) paused;
    }

    /// Does something whose calls neither fail nor count, while those of other threads do.
    static <T, X extends Exception> T withoutFaults(ThrowingSupplier<T, X> step) throws X {
        INSIDE.set(true);
        try {
            return step.run();
        } finally {
            INSIDE.set(false);
        }
    }

    /// The function that has failed since the plan was made; null if none has yet.
    static @Nullable String hit(@Nullable Object paused) {
        return paused == null ? null : ((Plan) paused).hit();
    }

    static boolean isArmed() {
        return plan != null;
    }

    static Object call(String name, MethodHandle real, Object[] arguments) throws Throwable {
        Plan current = plan;
        if (current == null || INSIDE.get()) {
            return real.invoke(arguments);
        }
        INSIDE.set(true);
        try {
            return current.isNext(name, arguments)
                    ? fail(current.fault, name, real, arguments)
                    : real.invoke(arguments);
        } finally {
            INSIDE.set(false);
        }
    }

    /// Whether a call moves more than one byte.
    private static boolean isLong(String name, Object[] arguments) {
        return TRANSFERS.contains(name) && (long) arguments[COUNT] > 1;
    }

    private static Object fail(Fault fault, String name, MethodHandle real, Object[] arguments) throws Throwable {
        if (fault.isShort()) {
            arguments[COUNT] = 1L;
            return real.invoke(arguments);
        }
        if (name.equals("close") || (name.equals("connect") && fault.errno() == Errno.EINTR)) {
            real.invoke(arguments); // on Linux, what is not closed well is closed; a connect goes on after a signal
        }
        if (ANSWERING_ERRNO.contains(name)) {
            return fault.errno();
        }
        ((MemorySegment) arguments[0]).set(ValueLayout.JAVA_INT, ERRNO, fault.errno());
        if (real.type().returnType() == long.class) {
            return -1L;
        }
        return -1;
    }

    private static MethodHandle find(String name, MethodType type) {
        try {
            return MethodHandles.lookup().findStatic(FaultInjector.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }
}
