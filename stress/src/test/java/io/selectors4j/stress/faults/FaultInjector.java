package io.selectors4j.stress.faults;

import io.selectors4j.internal.ffi.Errno;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes one call of a C function fail: the N-th call that the library makes on any thread while a plan is armed.
public final class FaultInjector {

    private static final long ERRNO =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /// The index of the argument that is the number of bytes. Argument 0 is the memory for errno.
    private static final Map<String, Integer> COUNT_INDEX = Map.of(
            "read",
            3,
            "write",
            3,
            "pread",
            3,
            "pwrite",
            3,
            "recv",
            3,
            "send",
            3,
            "sendfile",
            4,
            "tee",
            3,
            "splice",
            5,
            "copy_file_range",
            5);

    /// Functions that return the error number.
    private static final Set<String> RETURNING_ERRNO = Set.of(
            "posix_spawn_file_actions_addchdir_np",
            "posix_spawn_file_actions_addclose",
            "posix_spawn_file_actions_addclosefrom_np",
            "posix_spawn_file_actions_adddup2",
            "posix_spawn_file_actions_addopen",
            "posix_spawn_file_actions_destroy",
            "posix_spawn_file_actions_init",
            "posix_spawnattr_destroy",
            "posix_spawnattr_init",
            "posix_spawnattr_setflags",
            "posix_spawnattr_setsigmask",
            "posix_spawnp",
            "pthread_sigmask",
            "ptsname_r");

    private static final MethodHandle IS_ARMED = find("isArmed", MethodType.methodType(boolean.class));
    private static final MethodHandle CALL =
            find("call", MethodType.methodType(Object.class, String.class, MethodHandle.class, Object[].class));

    /// Whether the calls of this thread neither count nor fail: within a call, a simulated kernel makes calls of its
    /// own; also within [#withoutFaults].
    private static final ThreadLocal<Boolean> EXEMPT = ThreadLocal.withInitial(() -> false);

    private static volatile @Nullable Plan plan;

    private FaultInjector() {}

    /// The call that fails, and whether it has failed.
    private static final class Plan {
        final Fault fault;
        private final int failingCall;
        private int calls;
        private @Nullable String failedFunction;

        Plan(int failingCall, Fault fault) {
            this.failingCall = failingCall;
            this.fault = fault;
        }

        synchronized boolean isNext(String name, Object[] arguments) {
            if (fault.isShort() && !isLong(name, arguments)) {
                return false;
            }
            boolean next = calls++ == failingCall;
            if (next) {
                failedFunction = name;
            }
            return next;
        }

        synchronized @Nullable String failedFunction() {
            return failedFunction;
        }
    }

    /// Returns a handle that can fail.
    ///
    /// @param name the name of the C function
    /// @param real its handle
    public static MethodHandle around(String name, MethodHandle real) {
        MethodType type = real.type();
        MethodHandle injected = MethodHandles.insertArguments(
                        CALL, 0, name, real.asSpreader(Object[].class, type.parameterCount()))
                .asCollector(Object[].class, type.parameterCount())
                .asType(type);
        return MethodHandles.guardWithTest(
                MethodHandles.dropArguments(IS_ARMED, 0, type.parameterList()), injected, real);
    }

    /// Arms a plan.
    ///
    /// @param call the number of the failing call, from 0
    /// @param fault the fault
    static void arm(int call, Fault fault) {
        plan = new Plan(call, fault);
    }

    /// Pauses the current plan: no call counts or fails until [#resume].
    static @Nullable Object pause() {
        Object current = plan;
        plan = null;
        return current;
    }

    /// Continues the plan that [#pause] has returned.
    static void resume(@Nullable Object paused) {
        plan = (Plan) paused;
    }

    /// Runs a call that neither counts nor fails, while calls of other threads do.
    static <T, X extends Exception> T withoutFaults(ThrowingSupplier<T, X> step) throws X {
        EXEMPT.set(true);
        try {
            return step.run();
        } finally {
            EXEMPT.set(false);
        }
    }

    /// Returns the function that has failed since the plan was armed, or null.
    static @Nullable String failedFunction(@Nullable Object paused) {
        return paused == null ? null : ((Plan) paused).failedFunction();
    }

    static boolean isArmed() {
        return plan != null;
    }

    static Object call(String name, MethodHandle real, Object[] arguments) throws Throwable {
        Plan current = plan;
        if (current == null || EXEMPT.get()) {
            return real.invoke(arguments);
        }
        EXEMPT.set(true);
        try {
            return current.isNext(name, arguments)
                    ? fail(current.fault, name, real, arguments)
                    : real.invoke(arguments);
        } finally {
            EXEMPT.set(false);
        }
    }

    /// Returns whether a call transfers more than one byte.
    private static boolean isLong(String name, Object[] arguments) {
        Integer index = COUNT_INDEX.get(name);
        if (index != null) {
            return (long) arguments[index] > 1;
        }
        return VectorCall.FUNCTIONS.contains(name) && new VectorCall(name, arguments).isLong();
    }

    private static Object transferOneByte(String name, MethodHandle real, Object[] arguments) throws Throwable {
        Integer index = COUNT_INDEX.get(name);
        if (index == null) {
            return new VectorCall(name, arguments).transferOneByte(real);
        }
        arguments[index] = 1L;
        return real.invoke(arguments);
    }

    private static Object fail(Fault fault, String name, MethodHandle real, Object[] arguments) throws Throwable {
        if (fault.isShort()) {
            return transferOneByte(name, real, arguments);
        }
        if (name.equals("close") || (name.equals("connect") && fault.errno() == Errno.EINTR)) {
            real.invoke(arguments); // on Linux, a failed close closes; an interrupted connect continues
        }
        if (RETURNING_ERRNO.contains(name)) {
            return fault.errno();
        }
        ((MemorySegment) arguments[0]).set(ValueLayout.JAVA_INT, ERRNO, fault.errno());
        if (real.type().returnType() == MemorySegment.class) {
            return MemorySegment.ofAddress(-1); // mmap
        }
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
