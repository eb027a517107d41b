package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Timespec;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Functions of Linux (glibc and musl) that POSIX.1-2008 lacks, or whose types differ on other systems; the same rules
/// as in [io.selectors4j.internal.posix.PosixLibc].
public final class LinuxLibc {

    private LinuxLibc() {}

    /// The handles of the shared shape. They are linked together: in a known shape that costs next to nothing.
    private static final class Shared {
        static final MethodHandle EPOLL_CREATE1 =
                Downcalls.linkAsLongs("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle EPOLL_CTL = Downcalls.linkAsLongs(
                "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        static final MethodHandle EPOLL_WAIT = Downcalls.linkAsLongs(
                "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
        static final MethodHandle EVENTFD =
                Downcalls.linkAsLongs("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle EVENTFD_WRITE =
                Downcalls.linkAsLongs("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle DUP3 =
                Downcalls.linkAsLongs("dup3", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    }

    /// `int epoll_create1(int flags);`
    public static int epoll_create1(ErrnoCapture state, int flags) {
        try {
            return state.valueOrErrno(
                    (int) (long) Shared.EPOLL_CREATE1.invokeExact(state.segment(), (long) flags, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("epoll_create1", t);
        }
    }

    /// `int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);`
    public static int epoll_ctl(ErrnoCapture state, int epfd, int op, int fd, @Nullable EpollEventArray event) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.EPOLL_CTL.invokeExact(
                            state.segment(), (long) epfd, (long) op, (long) fd, Memory.address(event)),
                    event));
        } catch (Throwable t) {
            throw Downcalls.rethrow("epoll_ctl", t);
        }
    }

    /// `int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout);`
    public static int epoll_wait(ErrnoCapture state, int epfd, EpollEventArray events, int maxevents, int timeout) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.EPOLL_WAIT.invokeExact(
                            state.segment(), (long) epfd, Memory.address(events), (long) maxevents, (long) timeout),
                    events));
        } catch (Throwable t) {
            throw Downcalls.rethrow("epoll_wait", t);
        }
    }

    private static final class EpollPwait {
        static final MethodHandle HANDLE = Downcalls.link(
                "epoll_pwait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    }

    /// `int epoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout, const sigset_t *sigmask);`
    public static int epoll_pwait(
            ErrnoCapture state,
            int epfd,
            EpollEventArray events,
            int maxevents,
            int timeout,
            @Nullable SigSet sigmask) {
        try {
            return state.valueOrErrno((int) EpollPwait.HANDLE.invokeExact(
                    state.segment(), epfd, events.segment(), maxevents, timeout, Memory.pointer(sigmask)));
        } catch (Throwable t) {
            throw Downcalls.rethrow("epoll_pwait", t);
        }
    }

    /// `int eventfd(unsigned int initval, int flags);`
    public static int eventfd(ErrnoCapture state, int initval, int flags) {
        try {
            return state.valueOrErrno(
                    (int) (long) Shared.EVENTFD.invokeExact(state.segment(), (long) initval, (long) flags, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("eventfd", t);
        }
    }

    /// `int eventfd_write(int fd, eventfd_t value);`
    public static int eventfd_write(ErrnoCapture state, int fd, long value) {
        try {
            return state.valueOrErrno(
                    (int) (long) Shared.EVENTFD_WRITE.invokeExact(state.segment(), (long) fd, value, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("eventfd_write", t);
        }
    }

    /// `int dup3(int oldfd, int newfd, int flags);`
    public static int dup3(ErrnoCapture state, int oldfd, int newfd, int flags) {
        try {
            return state.valueOrErrno((int)
                    (long) Shared.DUP3.invokeExact(state.segment(), (long) oldfd, (long) newfd, (long) flags, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("dup3", t);
        }
    }

    private static final class EpollPwait2 {
        // since glibc 2.35; not in every musl
        static final @Nullable MethodHandle HANDLE = Downcalls.linkIfPresent(
                        "epoll_pwait2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS))
                .orElse(null);
    }

    /// `int epoll_pwait2(int epfd, struct epoll_event *events, int maxevents, const struct timespec *timeout, const
    /// sigset_t *sigmask);`
    ///
    /// Returns `-ENOSYS` if the C library lacks the function, as an old kernel does.
    public static int epoll_pwait2(
            ErrnoCapture state,
            int epfd,
            EpollEventArray events,
            int maxevents,
            Timespec timeout,
            @Nullable SigSet sigmask) {
        MethodHandle handle = EpollPwait2.HANDLE;
        if (handle == null) {
            return -Errno.ENOSYS;
        }
        try {
            return state.valueOrErrno((int) handle.invokeExact(
                    state.segment(), epfd, events.segment(), maxevents, timeout.segment(), Memory.pointer(sigmask)));
        } catch (Throwable t) {
            throw Downcalls.rethrow("epoll_pwait2", t);
        }
    }
}
