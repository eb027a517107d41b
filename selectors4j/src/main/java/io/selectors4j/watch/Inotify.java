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

/// The calls of inotify, as its two descriptors need them. All but [#init] return the call's value or `-errno`.
final class Inotify {

    /// Room for some hundred events.
    static final int BUFFER = 16 * 1024;

    private static final int ANY_EVENT = 0xfff;

    /// Directories that are there and are never deleted.
    private static final List<CString> LASTING =
            List.of(new CString("/"), new CString("/proc"), new CString("/dev"), new CString("/sys"));

    private static final Set<Integer> MISSING =
            Set.of(Errno.ENOENT, Errno.number("ENOTDIR"), Errno.ELOOP, Errno.number("ESTALE"));
    private static final Set<Integer> DENIED = Set.of(Errno.number("EACCES"), Errno.EPERM);

    /// Bit by bit; nothing is called by the others.
    private static final String[] NAMES = {
        "ACCESS", "MODIFY", "ATTRIB", "CLOSE_WRITE", "CLOSE_NOWRITE", "OPEN", "MOVED_FROM", "MOVED_TO",
        "CREATE", "DELETE", "DELETE_SELF", "MOVE_SELF", "", "UNMOUNT", "Q_OVERFLOW", "IGNORED",
        "", "", "", "", "", "", "", "",
        "ONLYDIR", "DONT_FOLLOW", "EXCL_UNLINK", "", "MASK_CREATE", "MASK_ADD", "ISDIR", "ONESHOT"
    };

    private Inotify() {}

    static int init() throws NativeIOException {
        LinuxOnly.require("inotify");
        return SystemCall.check(
                LinuxInotify.inotify_init1(ErrnoCapture.current(), LinuxInotify.IN_CLOEXEC),
                () -> "inotify_init1(IN_CLOEXEC)");
    }

    /// `inotify_add_watch`.
    static int addWatch(int fd, Path path, int mask) {
        CString pathname = PathNames.encode(path);
        int result;
        do {
            result = LinuxInotify.inotify_add_watch(ErrnoCapture.current(), fd, pathname, mask);
        } while (result == -Errno.EINTR);
        return result;
    }

    /// Whether that has failed because there is no such directory.
    static boolean isMissing(int result) {
        return MISSING.contains(-result);
    }

    /// Whether that has failed because this process may not.
    static boolean isDenied(int result) {
        return DENIED.contains(-result);
    }

    /// `inotify_rm_watch`.
    static int removeWatch(int fd, int wd) {
        return LinuxInotify.inotify_rm_watch(ErrnoCapture.current(), fd, wd);
    }

    /// `read`. If the owner was closed meanwhile, the next thread that waits here returns too.
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

    /// Makes sure that a read has given events, or none for now.
    ///
    /// @param count what it has returned
    /// @throws NativeIOException if it has failed
    /// @throws IOException if these bytes are no events
    static void requireEvents(int fd, InotifyBuffer buffer, long count) throws IOException {
        if (count < 0 && count != -Errno.EAGAIN) {
            throw new NativeIOException("read(fd=" + fd + ")", (int) -count);
        }
        if (!buffer.holdsEvents((int) count)) {
            throw new IOException("read(fd=" + fd + "): " + count + " bytes that are no events");
        }
    }

    /// Makes one thread return that waits in a read, as far as the limit of watches lets us: a watch that is removed
    /// makes an event, IN_IGNORED.
    static void wake(int fd) {
        int mask = LinuxInotify.IN_DELETE_SELF | LinuxInotify.IN_ONLYDIR | LinuxInotify.IN_MASK_CREATE;
        for (CString directory : LASTING) {
            // IN_MASK_CREATE: one that is watched already stays watched, for the duplicates of the descriptor.
            int wd = LinuxInotify.inotify_add_watch(ErrnoCapture.current(), fd, directory, mask);
            if (wd >= 0) {
                removeWatch(fd, wd);
                return;
            }
        }
    }

    /// Whether there is anything to wait for in a mask.
    static boolean hasEvents(int mask) {
        return (mask & ANY_EVENT) != 0;
    }

    /// Describes a call of [#addWatch], for messages.
    static String describeAddWatch(int fd, Path path, int mask) {
        return "inotify_add_watch(fd=" + fd + ", " + path + ", " + toString(mask) + ")";
    }

    /// The names of the flags of a mask.
    static String toString(int mask) {
        StringBuilder text = new StringBuilder();
        int nameless = mask;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            if ((mask & (1 << bit)) != 0 && !NAMES[bit].isEmpty()) {
                text.append("|IN_").append(NAMES[bit]);
                nameless &= ~(1 << bit);
            }
        }
        if (nameless != 0) {
            text.append("|0x").append(Integer.toHexString(nameless));
        }
        return text.isEmpty() ? "0" : text.substring(1);
    }
}
