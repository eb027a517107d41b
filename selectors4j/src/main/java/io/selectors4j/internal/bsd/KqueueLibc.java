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

/// The functions of kqueue; the same rules as in [io.selectors4j.internal.posix.PosixLibc]. They are linked from a
/// given lookup: the C library of a system, libkqueue, or the simulated kernel of a test.
public final class KqueueLibc {

    private static final String LIBKQUEUE = "libkqueue.so.0";

    private static final FunctionDescriptor KQUEUE = FunctionDescriptor.of(JAVA_INT);
    private static final FunctionDescriptor KEVENT =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    // NetBSD: size_t counts
    private static final FunctionDescriptor KEVENT_OF_NETBSD =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);

    private final KqueueSystem system;
    private final MethodHandle kqueueHandle;
    private final MethodHandle keventHandle;

    /// Links the functions.
    ///
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

    /// Returns the type of `kevent` on a system.
    public static FunctionDescriptor keventType(KqueueSystem system) {
        return system == KqueueSystem.NETBSD ? KEVENT_OF_NETBSD : KEVENT;
    }

    /// Returns the functions of this system.
    ///
    /// @throws UnsupportedOperationException if it has none, or native access is not enabled; the message says why
    public static KqueueLibc current() {
        String denial = NativeAccess.denial();
        if (denial != null) {
            throw new UnsupportedOperationException(denial); // no lookup was made
        }
        if (Current.LIBC == null) {
            throw new UnsupportedOperationException(Current.CAUSE);
        }
        return Current.LIBC;
    }

    /// Returns why this system has no kqueue, or null if it has.
    public static @Nullable String unavailableCause() {
        return Current.CAUSE;
    }

    /// Returns the message for a platform without the functions.
    public static String missing(Platform platform) {
        KqueueSystem system = KqueueSystem.of(platform.os());
        if (system == null) {
            return "kqueue is a facility of macOS and the BSDs, and this is " + platform
                    + "; Selector.open() uses the best interface of each system";
        }
        if (system == KqueueSystem.LIBKQUEUE) {
            return "kqueue is a facility of macOS and the BSDs, and this is " + platform + ". On Linux, the library "
                    + LIBKQUEUE + " implements it with epoll, but it is not installed. Its package is libkqueue0 on"
                    + " Ubuntu and libkqueue on Fedora; its source is at github.com/mheily/libkqueue";
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

    /// Returns the system that the functions belong to.
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

    /// `int kevent(int kq, const struct kevent *changelist, int nchanges, struct kevent *eventlist, int nevents, const
    /// struct timespec *timeout);`
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
