package io.selectors4j.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// Functions of Linux's C library, called through the Foreign Function & Memory API with `errno` captured. There are no
/// checks, objects or locks. A contender made of these is the lower bound for a library on that API. Only one thread at
/// a time may use this class.
public final class ForeignCalls {

    /// Whether this system is Linux, which has the functions.
    public static final boolean AVAILABLE =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");

    /// The number of events that one wait can return.
    public static final int EVENTS = 1024;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CREATE = link("epoll_create1");
    private static final MethodHandle CTL = link("epoll_ctl");
    private static final MethodHandle WAIT = link("epoll_wait");
    private static final MethodHandle PIPE = link("pipe2");
    private static final MethodHandle READ = link("read");
    private static final MethodHandle WRITE = link("write");
    private static final MethodHandle RECV = link("recv");
    private static final MethodHandle SEND = link("send");
    private static final MethodHandle CLOSE = link("close");
    private static final MethodHandle GETPPID = link("getppid");

    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;

    /// EPOLLIN.
    public static final int IN = 1;

    /// EPOLLOUT.
    public static final int OUT = 4;

    /// EAGAIN, on Linux on every architecture that Java runs on.
    public static final int EAGAIN = 11;

    private static final long NONBLOCK = 0x800;
    private static final long NOSIGNAL = 0x4000;

    // struct epoll_event is packed on x86-64 alone
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
    private static final long EVENT = PACKED ? 12 : 16;
    private static final long DATA = PACKED ? 4 : 8;
    private static final MemorySegment ERRNO = Arena.global().allocate(Linker.Option.captureStateLayout());
    private static final MemorySegment ARRAY = Arena.global().allocate(EVENTS * EVENT, 8);
    private static final MemorySegment ONE = Arena.global().allocate(EVENT, 8);

    private ForeignCalls() {}

    @SuppressWarnings("restricted") // native access is the purpose
    private static MethodHandle link(String name) {
        ValueLayout.OfLong number = ValueLayout.JAVA_LONG;
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(number, number, number, number, number),
                Linker.Option.captureCallState("errno"));
    }

    /// `epoll_create1`.
    public static int epollCreate() throws IOException {
        try {
            return require("epoll_create1", (int) (long) CREATE.invokeExact(ERRNO, 0L, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /// `epoll_ctl(EPOLL_CTL_ADD)`.
    public static void add(int epfd, int fd, int events, int data) throws IOException {
        control(epfd, CTL_ADD, fd, events, data);
    }

    /// `epoll_ctl(EPOLL_CTL_DEL)`.
    public static void delete(int epfd, int fd) throws IOException {
        control(epfd, CTL_DEL, fd, 0, 0);
    }

    private static void control(int epfd, int operation, int fd, int events, int data) throws IOException {
        ONE.set(ValueLayout.JAVA_INT, 0, events);
        ONE.set(ValueLayout.JAVA_INT, DATA, data);
        try {
            require("epoll_ctl", (int)
                    (long) CTL.invokeExact(ERRNO, (long) epfd, (long) operation, (long) fd, ONE.address()));
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /// `epoll_wait` without a timeout.
    public static int await(int epfd) throws IOException {
        try {
            return require("epoll_wait", (int)
                    (long) WAIT.invokeExact(ERRNO, (long) epfd, ARRAY.address(), (long) EVENTS, -1L));
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /// Returns the data of an event that [#await] returned.
    public static int data(int event) {
        return ARRAY.get(ValueLayout.JAVA_INT, event * EVENT + DATA);
    }

    /// `pipe2(O_NONBLOCK)`.
    public static void pipe(int[] ends) throws IOException {
        try {
            require("pipe2", (int) (long) PIPE.invokeExact(ERRNO, ONE.address(), NONBLOCK, 0L, 0L));
        } catch (Throwable t) {
            throw failed(t);
        }
        ends[0] = ONE.get(ValueLayout.JAVA_INT, 0);
        ends[1] = ONE.get(ValueLayout.JAVA_INT, Integer.BYTES);
    }

    /// `read`.
    public static long read(int fd, long address, long count) throws IOException {
        try {
            return require("read", (long) READ.invokeExact(ERRNO, (long) fd, address, count, 0L));
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /// `write`.
    public static long write(int fd, long address, long count) throws IOException {
        try {
            return require("write", (long) WRITE.invokeExact(ERRNO, (long) fd, address, count, 0L));
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /// `recv`. Returns `-errno` if it fails.
    public static long recv(int fd, long address, long count) throws IOException {
        try {
            return valueOrErrno((long) RECV.invokeExact(ERRNO, (long) fd, address, count, 0L));
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /// `send(MSG_NOSIGNAL)`. Returns `-errno` if it fails.
    public static long send(int fd, long address, long count) throws IOException {
        try {
            return valueOrErrno((long) SEND.invokeExact(ERRNO, (long) fd, address, count, NOSIGNAL));
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /// `getppid`, which never fails.
    public static int getppid() throws IOException {
        try {
            return (int) (long) GETPPID.invokeExact(ERRNO, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /// `close`.
    public static void close(int fd) throws IOException {
        try {
            require("close", (int) (long) CLOSE.invokeExact(ERRNO, (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    private static int require(String call, int result) throws IOException {
        require(call, (long) result);
        return result;
    }

    private static long require(String call, long result) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed: errno " + ERRNO.get(ValueLayout.JAVA_INT, 0));
        }
        return result;
    }

    private static long valueOrErrno(long result) {
        return result < 0 ? -ERRNO.get(ValueLayout.JAVA_INT, 0) : result;
    }

    private static IOException failed(Throwable cause) {
        return cause instanceof IOException e ? e : new IOException(cause);
    }
}
