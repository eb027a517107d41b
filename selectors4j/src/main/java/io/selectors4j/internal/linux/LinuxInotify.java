package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.Constants;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// inotify(7); the same rules as in [LinuxLibc]. The constants are those of linux/inotify.h, the same on every
/// architecture.
public final class LinuxInotify {

    public static final int IN_ACCESS = 0x1;
    public static final int IN_MODIFY = 0x2;
    public static final int IN_ATTRIB = 0x4;
    public static final int IN_CLOSE_WRITE = 0x8;
    public static final int IN_CLOSE_NOWRITE = 0x10;
    public static final int IN_OPEN = 0x20;
    public static final int IN_MOVED_FROM = 0x40;
    public static final int IN_MOVED_TO = 0x80;
    public static final int IN_CREATE = 0x100;
    public static final int IN_DELETE = 0x200;
    public static final int IN_DELETE_SELF = 0x400;
    public static final int IN_MOVE_SELF = 0x800;
    public static final int IN_UNMOUNT = 0x2000;
    public static final int IN_Q_OVERFLOW = 0x4000;
    public static final int IN_IGNORED = 0x8000;
    public static final int IN_ONLYDIR = 0x0100_0000;
    public static final int IN_DONT_FOLLOW = 0x0200_0000;
    public static final int IN_EXCL_UNLINK = 0x0400_0000;
    public static final int IN_MASK_CREATE = 0x1000_0000;
    public static final int IN_MASK_ADD = 0x2000_0000;
    public static final int IN_ISDIR = 0x4000_0000;
    public static final int IN_ONESHOT = 0x8000_0000;
    public static final int IN_CLOEXEC = Constants.O_CLOEXEC;

    private LinuxInotify() {}

    private static final class InotifyInit1 {
        static final MethodHandle HANDLE = Downcalls.link("inotify_init1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int inotify_init1(int flags);`
    public static int inotify_init1(ErrnoCapture state, int flags) {
        try {
            return state.valueOrErrno((int) InotifyInit1.HANDLE.invokeExact(state.segment(), flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("inotify_init1", t);
        }
    }

    private static final class InotifyAddWatch {
        static final MethodHandle HANDLE =
                Downcalls.link("inotify_add_watch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    /// `int inotify_add_watch(int fd, const char *pathname, uint32_t mask);`
    public static int inotify_add_watch(ErrnoCapture state, int fd, CString pathname, int mask) {
        try {
            return state.valueOrErrno(
                    (int) InotifyAddWatch.HANDLE.invokeExact(state.segment(), fd, pathname.segment(), mask));
        } catch (Throwable t) {
            throw Downcalls.rethrow("inotify_add_watch", t);
        }
    }

    private static final class InotifyRmWatch {
        static final MethodHandle HANDLE =
                Downcalls.link("inotify_rm_watch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    }

    /// `int inotify_rm_watch(int fd, int wd);`
    public static int inotify_rm_watch(ErrnoCapture state, int fd, int wd) {
        try {
            return state.valueOrErrno((int) InotifyRmWatch.HANDLE.invokeExact(state.segment(), fd, wd));
        } catch (Throwable t) {
            throw Downcalls.rethrow("inotify_rm_watch", t);
        }
    }
}
