package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The system calls that [SimulatedKqueue] and [SimulatedAfd] make. All of them return the value or `-errno`.
final class LinuxCalls {

    // asm-generic/errno-base.h
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EBADF = 9;
    static final int EFAULT = 14;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int EPIPE = 32;

    // asm-generic/errno.h
    static final int ECONNRESET = 104;

    // linux/eventpoll.h
    static final int EPOLLIN = 0x001;
    static final int EPOLLPRI = 0x002;
    static final int EPOLLOUT = 0x004;
    static final int EPOLLERR = 0x008;
    static final int EPOLLHUP = 0x010;
    static final int EPOLLRDHUP = 0x2000;
    static final int EPOLLONESHOT = 1 << 30;
    static final int EPOLLET = 1 << 31;

    // asm-generic/poll.h
    static final int POLLNVAL = 0x020;

    // linux/sockios.h and asm/ioctls.h
    private static final int SIOCOUTQ = Platform.CURRENT.arch() == Platform.Arch.PPC64LE ? 0x40047473 : 0x5411;
    private static final int SIOCOUTQNSD = 0x894B;

    // linux/fcntl.h, linux/stat.h
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7FF;
    private static final int SEEK_CUR = 1;

    private static final MethodHandle STATX =
            Downcalls.link("statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle LSEEK =
            Downcalls.link("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle IOCTL =
            Downcalls.linkVariadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle GETSOCKOPT = Downcalls.link(
            "getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SEND =
            Downcalls.link("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private static final MethodHandle ERRNO_LOCATION = errnoLocation();

    private LinuxCalls() {}

    @SuppressWarnings("restricted") // does not capture errno, but returns its address
    private static MethodHandle errnoLocation() {
        return Linker.nativeLinker()
                .downcallHandle(Downcalls.LIBC.findOrThrow("__errno_location"), FunctionDescriptor.of(ADDRESS));
    }

    private interface Call {
        long with(MemorySegment state) throws Throwable;
    }

    private static long result(String name, Call call) {
        ErrnoCapture state = ErrnoCapture.current();
        try {
            return state.valueOrErrno(call.with(state.segment()));
        } catch (Throwable t) {
            throw Downcalls.rethrow(name, t);
        }
    }

    /// Sets errno for the upcall that returns next.
    @SuppressWarnings("restricted")
    static void setErrno(int errno) {
        try {
            MemorySegment location = (MemorySegment) ERRNO_LOCATION.invokeExact();
            location.reinterpret(Integer.BYTES).set(JAVA_INT, 0, errno);
        } catch (Throwable t) {
            throw Downcalls.rethrow("__errno_location", t);
        }
    }

    /// The file that a descriptor refers to.
    ///
    /// @param mode `st_mode`
    /// @param device `st_dev`
    /// @param inode `st_ino`
    /// @param size `st_size`
    record Stat(int mode, long device, long inode, long size) {

        // linux/stat.h
        private static final int S_IFMT = 0170000;
        static final int S_IFSOCK = 0140000;
        static final int S_IFREG = 0100000;
        static final int S_IFCHR = 0020000;
        static final int S_IFIFO = 0010000;

        int type() {
            return mode & S_IFMT;
        }
    }

    /// `int statx(int dirfd, const char *pathname, int flags, unsigned int mask, struct statx *statxbuf);` of a
    /// descriptor
    static Stat stat(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(256, 8); // struct statx
            MemorySegment empty = arena.allocateFrom("");
            long result = result("statx", state ->
                    (int) STATX.invokeExact(state, fd, empty, AT_EMPTY_PATH, STATX_BASIC_STATS, buffer));
            if (result < 0) {
                return new Stat(0, -1, -1, 0);
            }
            return new Stat(
                    Short.toUnsignedInt(buffer.get(JAVA_SHORT, 28)), // stx_mode
                    buffer.get(JAVA_LONG, 136), // stx_dev_major, stx_dev_minor
                    buffer.get(JAVA_LONG, 32), // stx_ino
                    buffer.get(JAVA_LONG, 40)); // stx_size
        }
    }

    /// Returns the file offset.
    static long position(int fd) {
        return result("lseek", state -> (long) LSEEK.invokeExact(state, fd, 0L, SEEK_CUR));
    }

    /// Returns the number of bytes that can be read.
    static long readable(int fd) {
        return ioctl(fd, Constants.FIONREAD);
    }

    /// Returns the number of bytes written that the peer has not acknowledged yet.
    static long unsent(int fd) {
        return ioctl(fd, SIOCOUTQ);
    }

    /// Returns the number of bytes sent by TCP that the peer has not acknowledged yet; negative if the kernel cannot
    /// tell.
    static long unacknowledged(int fd) {
        long waiting = ioctl(fd, SIOCOUTQNSD);
        return waiting < 0 ? waiting : unsent(fd) - waiting;
    }

    private static long ioctl(int fd, long request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            long result = result("ioctl", state -> (int) IOCTL.invokeExact(state, fd, request, value));
            return result < 0 ? result : value.get(JAVA_INT, 0);
        }
    }

    /// Returns the first byte or the first four bytes of a socket option.
    static int option(int fd, int level, int name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            long result =
                    result("getsockopt", state -> (int) GETSOCKOPT.invokeExact(state, fd, level, name, value, length));
            return result < 0 ? (int) result : value.get(JAVA_INT, 0);
        }
    }

    /// Returns four bytes at an offset in a socket option that is a struct.
    static int option(int fd, int level, int name, int offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(offset + Integer.BYTES, Integer.BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, offset + Integer.BYTES);
            long result =
                    result("getsockopt", state -> (int) GETSOCKOPT.invokeExact(state, fd, level, name, value, length));
            return result < 0 ? (int) result : value.get(JAVA_INT, offset);
        }
    }

    /// Sends an empty message.
    static long sendNothing(int fd) {
        return result("send", state -> (long)
                SEND.invokeExact(state, fd, MemorySegment.NULL, 0L, Constants.MSG_NOSIGNAL | Constants.MSG_DONTWAIT));
    }

    static boolean isOpen(int fd) {
        return fd >= 0 && flags(fd, Constants.F_GETFD) >= 0;
    }

    /// Returns the access mode of a descriptor: O_RDONLY, O_WRONLY or O_RDWR.
    static int accessMode(int fd) {
        return flags(fd, Constants.F_GETFL) & Constants.O_ACCMODE;
    }

    private static int flags(int fd, int command) {
        return PosixLibc.fcntl(ErrnoCapture.current(), fd, command, 0);
    }

    /// Adds a descriptor to an epoll instance.
    static int add(int epfd, int fd, int events, long data) {
        return control(epfd, LinuxConstants.EPOLL_CTL_ADD, fd, events, data);
    }

    /// Modifies the entry of a descriptor.
    static int modify(int epfd, int fd, int events, long data) {
        return control(epfd, LinuxConstants.EPOLL_CTL_MOD, fd, events, data);
    }

    /// Removes a descriptor.
    static int remove(int epfd, int fd) {
        return control(epfd, LinuxConstants.EPOLL_CTL_DEL, fd, 0, 0);
    }

    private static int control(int epfd, int operation, int fd, int events, long data) {
        EpollEventArray event = new EpollEventArray(1);
        event.set(0, events, data);
        return LinuxLibc.epoll_ctl(ErrnoCapture.current(), epfd, operation, fd, event);
    }

    /// Returns whether an epoll instance has an entry for the open file that a number refers to, under the same number.
    /// Only this detects that a number was assigned again: the kernel compares open files, not inodes.
    static boolean isIn(int epfd, int fd) {
        int result = add(epfd, fd, 0, 0);
        if (result == 0) {
            remove(epfd, fd);
        }
        return result == -EEXIST;
    }
}
