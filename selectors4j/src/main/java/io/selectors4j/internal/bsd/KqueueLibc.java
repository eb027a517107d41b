package io.selectors4j.internal.bsd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeAccess;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Symbols;
import io.selectors4j.internal.posix.Timespec;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The functions of kqueue; the same rules as in [io.selectors4j.internal.posix.PosixLibc]. They are taken from a lookup, since there is more than one
/// place that has them: the C library of a system, libkqueue, and a test's own kernel.
public final class KqueueLibc {

    private static final String LIBKQUEUE = "libkqueue.so.0";

    private static final FunctionDescriptor KQUEUE = FunctionDescriptor.of(JAVA_INT);
    private static final FunctionDescriptor KEVENT =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    // NetBSD counts with size_t.
    private static final FunctionDescriptor KEVENT_OF_NETBSD =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);

    private final KqueueSystem system;
    private final MethodHandle kqueueHandle;
    private final MethodHandle keventHandle;

    /// Links the functions.
    ///
    /// @param system the system whose functions they are
    /// @param lookup where they are
    /// @throws UnsatisfiedLinkError if one is missing
    public KqueueLibc(KqueueSystem system, SymbolLookup lookup) {
        this.system = system;
        kqueueHandle = Downcalls.link(lookup, "kqueue", KQUEUE);
        MethodHandle kevent = Downcalls.link(lookup, Symbols.of(system.os(), "kevent"), keventType(system));
        MethodType type = kevent.type();
        for (int i = 0; i < type.parameterCount(); i++) {
            if (type.parameterType(i) == long.class) {
                type = type.changeParameterType(i, int.class);
            }
        }
        keventHandle = kevent.asType(type);
    }

    /// The type of `kevent`.
    ///
    /// @param system the system
    /// @return its return and parameter types
    public static FunctionDescriptor keventType(KqueueSystem system) {
        return system == KqueueSystem.NETBSD ? KEVENT_OF_NETBSD : KEVENT;
    }

    /// The functions of this system.
    ///
    /// @return the functions
    /// @throws UnsupportedOperationException if it has none, or native access is not enabled; the message says why
    public static KqueueLibc current() {
        String denial = NativeAccess.denial();
        if (denial != null) {
            throw new UnsupportedOperationException(denial); // nothing was looked for
        }
        if (Current.LIBC == null) {
            throw new UnsupportedOperationException(Current.CAUSE);
        }
        return Current.LIBC;
    }

    /// Why this system has none.
    ///
    /// @return a sentence; null if it has them
    public static @Nullable String unavailableCause() {
        return Current.CAUSE;
    }

    /// What [#unavailableCause] says where the functions are missing.
    ///
    /// @param platform the platform
    /// @return a sentence
    public static String missing(Platform platform) {
        KqueueSystem system = KqueueSystem.of(platform.os());
        if (system == null) {
            return "kqueue is a facility of macOS and the BSDs, and this is " + platform;
        }
        if (system == KqueueSystem.LIBKQUEUE) {
            return "kqueue is a facility of macOS and the BSDs, and this is " + platform + ", where the library "
                    + LIBKQUEUE + " would supply it on top of epoll: it is not installed. Ubuntu's package is"
                    + " libkqueue0, Fedora's is libkqueue, and where there is none it is built from"
                    + " github.com/mheily/libkqueue";
        }
        return "the C library of this " + platform + " has no functions kqueue and "
                + Symbols.of(system.os(), "kevent");
    }

    private static final class Current {
        static final @Nullable KqueueLibc LIBC = find();
        static final @Nullable String CAUSE = LIBC == null ? missing(Platform.CURRENT) : null;

        private static @Nullable KqueueLibc find() {
            KqueueSystem system = KqueueSystem.of(Platform.CURRENT.os());
            if (system == null) {
                return null;
            }
            Optional<SymbolLookup> lookup =
                    system == KqueueSystem.LIBKQUEUE ? Downcalls.library(LIBKQUEUE) : Optional.of(Downcalls.LIBC);
            return lookup.filter(found ->
                            found.find(Symbols.of(system.os(), "kevent")).isPresent())
                    .map(found -> new KqueueLibc(system, found))
                    .orElse(null);
        }
    }

    /// The system whose functions these are.
    ///
    /// @return the system
    public KqueueSystem system() {
        return system;
    }

    /// `int kqueue(void);`
    public int kqueue(ErrnoCapture state) {
        try {
            return state.valueOrErrno((int) kqueueHandle.invokeExact(state.segment()));
        } catch (Throwable t) {
            throw Downcalls.rethrow("kqueue", t);
        }
    }

    /// `int kevent(int kq, const struct kevent *changelist, int nchanges, struct kevent *eventlist, int nevents, const struct timespec *timeout);`
    public int kevent(
            ErrnoCapture state,
            int kq,
            @Nullable KeventArray changelist,
            int nchanges,
            @Nullable KeventArray eventlist,
            int nevents,
            @Nullable Timespec timeout) {
        try {
            return state.valueOrErrno((int) keventHandle.invokeExact(
                    state.segment(),
                    kq,
                    Memory.pointer(changelist),
                    nchanges,
                    Memory.pointer(eventlist),
                    nevents,
                    Memory.pointer(timeout)));
        } catch (Throwable t) {
            throw Downcalls.rethrow("kevent", t);
        }
    }
}
