package io.selectors4j.watch;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.InotifyBuffer;
import io.selectors4j.internal.linux.LinuxInotify;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.PathNames;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// The system calls of inotify and the names of its flags, for [InotifyFd] and [InotifyTree]. Calls other than [#init]
/// return the value or `-errno`.
final class Inotify {

    /// Size of a read buffer in bytes: some hundred events.
    static final int BUFFER_SIZE = 16 * 1024;

    private static final int ANY_EVENT = 0xfff;

    /// Directories that exist and are never deleted, for [#wake].
    private static final List<CString> PERMANENT =
            List.of(new CString("/"), new CString("/proc"), new CString("/dev"), new CString("/sys"));

    /// Names of the IN_* flags by bit; empty for an unused bit.
    private static final String[] NAMES = {
        "ACCESS", "MODIFY", "ATTRIB", "CLOSE_WRITE", "CLOSE_NOWRITE", "OPEN", "MOVED_FROM", "MOVED_TO",
        "CREATE", "DELETE", "DELETE_SELF", "MOVE_SELF", "", "UNMOUNT", "Q_OVERFLOW", "IGNORED",
        "", "", "", "", "", "", "", "",
        "ONLYDIR", "DONT_FOLLOW", "EXCL_UNLINK", "", "MASK_CREATE", "MASK_ADD", "ISDIR", "ONESHOT"
    };

    /// Sets of error numbers. On Windows, [#init] throws before this class is initialized: ENOENT and ENOTDIR are equal
    /// there, and [Set#of] rejects equal elements.
    private static final class Errors {
        static final Set<Integer> MISSING =
                Set.of(Errno.ENOENT, Errno.number("ENOTDIR"), Errno.ELOOP, Errno.number("ESTALE"));
        static final Set<Integer> DENIED = Set.of(Errno.number("EACCES"), Errno.EPERM);
    }

    private Inotify() {}

    static int init() throws NativeIOException {
        LinuxOnly.require("inotify", "java.nio.file.WatchService watches directories");
        return SystemCall.check(
                LinuxInotify.inotify_init1(ErrnoCapture.current(), LinuxInotify.IN_CLOEXEC),
                () -> "inotify_init1(IN_CLOEXEC)");
    }

    /// Calls `inotify_add_watch`.
    static int addWatch(int fd, Path path, int mask) {
        CString pathname = PathNames.encode(path);
        int result;
        do {
            result = LinuxInotify.inotify_add_watch(ErrnoCapture.current(), fd, pathname, mask);
        } while (result == -Errno.EINTR);
        return result;
    }

    /// Returns whether [#addWatch] has failed since the directory does not exist.
    static boolean isMissing(int result) {
        return Errors.MISSING.contains(-result);
    }

    /// Returns whether [#addWatch] has failed for lack of permission.
    static boolean isDenied(int result) {
        return Errors.DENIED.contains(-result);
    }

    /// Calls `inotify_rm_watch`.
    static int removeWatch(int fd, int wd) {
        return LinuxInotify.inotify_rm_watch(ErrnoCapture.current(), fd, wd);
    }

    /// Calls `read`. If the owner has been closed meanwhile, wakes the next thread that is blocked in a read.
    static long read(int fd, InotifyBuffer buffer, Fd owner) {
        long count;
        do {
            count = buffer.read(ErrnoCapture.current(), fd);
        } while (count == -Errno.EINTR && owner.isOpen());
        if (!owner.isOpen()) {
            wake(fd);
        }
        return count;
    }

    /// Checks the result of a read: whole events, or EAGAIN.
    ///
    /// @param count the result
    /// @throws NativeIOException if the read failed
    /// @throws IOException if the bytes are not whole events
    static void requireEvents(int fd, InotifyBuffer buffer, long count) throws IOException {
        if (count < 0 && count != -Errno.EAGAIN) {
            throw new NativeIOException("read(fd=" + fd + ")", (int) -count);
        }
        if (!buffer.holdsEvents((int) count)) {
            throw new IOException("read(fd=" + fd + "): " + count + " bytes that are not inotify events");
        }
    }

    /// Wakes one thread that is blocked in a read: adds a watch and removes it, which queues IN_IGNORED. Has no effect
    /// at the limit of watches.
    static void wake(int fd) {
        int mask = LinuxInotify.IN_DELETE_SELF | LinuxInotify.IN_ONLYDIR | LinuxInotify.IN_MASK_CREATE;
        for (CString directory : PERMANENT) {
            // IN_MASK_CREATE: the call fails if a duplicate of the descriptor watches the directory, and its watch
            // stays.
            int wd = LinuxInotify.inotify_add_watch(ErrnoCapture.current(), fd, directory, mask);
            if (wd >= 0) {
                removeWatch(fd, wd);
                return;
            }
        }
    }

    /// Returns whether a mask has at least one event.
    static boolean hasEvents(int mask) {
        return (mask & ANY_EVENT) != 0;
    }

    /// Describes a call of [#addWatch], for messages.
    static String describeAddWatch(int fd, Path path, int mask) {
        return "inotify_add_watch(fd=" + fd + ", " + path + ", " + toString(mask) + ")";
    }

    /// Returns the names of the flags of a mask.
    static String toString(int mask) {
        StringBuilder text = new StringBuilder();
        int unnamed = mask;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            if ((mask & (1 << bit)) != 0 && !NAMES[bit].isEmpty()) {
                text.append("|IN_").append(NAMES[bit]);
                unnamed &= ~(1 << bit);
            }
        }
        if (unnamed != 0) {
            text.append("|0x").append(Integer.toHexString(unnamed));
        }
        return text.isEmpty() ? "0" : text.substring(1);
    }
}
