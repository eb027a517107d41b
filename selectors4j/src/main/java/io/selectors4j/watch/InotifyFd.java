package io.selectors4j.watch;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.linux.InotifyBuffer;
import io.selectors4j.internal.linux.LinuxInotify;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A descriptor that tells what happens to files and directories. It is readable while there are events.
///
/// A watch belongs to the object that the path leads to when it is added, whatever becomes of the path. A watched directory
/// tells of itself and of the files in it, not of what is further below: for that there is [InotifyTree]. Only what is done
/// through this kernel's file systems is seen, not what other hosts do to a network's file system, nor writes through
/// mapped memory.
///
/// Events come in the order in which things have happened. Two in a row that say the same are one. A rename within the
/// watched directories is two events, [#IN_MOVED_FROM] and [#IN_MOVED_TO], with the same cookie; others may be between
/// them, also the end of what one read returns. If more events wait than
/// `/proc/sys/fs/inotify/max_queued_events`, further ones are dropped, and one with [#IN_Q_OVERFLOW] says so.
///
/// [#read(ByteBuffer)] gives the kernel's structures, and fails with EINVAL if the next one does not fit; writing fails with
/// EBADF.
///
/// Source: inotify(7), inotify_init(2), inotify_add_watch(2), inotify_rm_watch(2).
public final class InotifyFd extends Fd {

    /// A file was read or run.
    public static final int IN_ACCESS = LinuxInotify.IN_ACCESS;

    /// A file was written or truncated.
    public static final int IN_MODIFY = LinuxInotify.IN_MODIFY;

    /// Mode, owner, times, extended attributes or the number of links have changed.
    public static final int IN_ATTRIB = LinuxInotify.IN_ATTRIB;

    /// A file that was open for writing was closed.
    public static final int IN_CLOSE_WRITE = LinuxInotify.IN_CLOSE_WRITE;

    /// A file or directory that was not open for writing was closed.
    public static final int IN_CLOSE_NOWRITE = LinuxInotify.IN_CLOSE_NOWRITE;

    /// Either of [#IN_CLOSE_WRITE] and [#IN_CLOSE_NOWRITE].
    public static final int IN_CLOSE = IN_CLOSE_WRITE | IN_CLOSE_NOWRITE;

    /// A file or directory was opened.
    public static final int IN_OPEN = LinuxInotify.IN_OPEN;

    /// Something was renamed away from the directory.
    public static final int IN_MOVED_FROM = LinuxInotify.IN_MOVED_FROM;

    /// Something was renamed into the directory.
    public static final int IN_MOVED_TO = LinuxInotify.IN_MOVED_TO;

    /// Either of [#IN_MOVED_FROM] and [#IN_MOVED_TO].
    public static final int IN_MOVE = IN_MOVED_FROM | IN_MOVED_TO;

    /// Something was made in the directory: a file, a directory, a link, a socket.
    public static final int IN_CREATE = LinuxInotify.IN_CREATE;

    /// Something was deleted from the directory.
    public static final int IN_DELETE = LinuxInotify.IN_DELETE;

    /// The watched object was deleted: its last link is gone, and nobody has it open. [#IN_IGNORED] follows.
    public static final int IN_DELETE_SELF = LinuxInotify.IN_DELETE_SELF;

    /// The watched object was renamed.
    public static final int IN_MOVE_SELF = LinuxInotify.IN_MOVE_SELF;

    /// Each of the events from [#IN_ACCESS] to [#IN_MOVE_SELF].
    public static final int IN_ALL_EVENTS = 0xfff;

    /// For a watch: do not follow the path if it is a symbolic link.
    public static final int IN_DONT_FOLLOW = LinuxInotify.IN_DONT_FOLLOW;

    /// For a watch: nothing of files that were deleted from the directory and are still open.
    public static final int IN_EXCL_UNLINK = LinuxInotify.IN_EXCL_UNLINK;

    /// For a watch: if the object is watched already, add to the mask instead of replacing it.
    public static final int IN_MASK_ADD = LinuxInotify.IN_MASK_ADD;

    /// For a watch: if the object is watched already, fail with EEXIST. Since Linux 4.18.
    public static final int IN_MASK_CREATE = LinuxInotify.IN_MASK_CREATE;

    /// For a watch: one event, then none any more.
    public static final int IN_ONESHOT = LinuxInotify.IN_ONESHOT;

    /// For a watch: fail with ENOTDIR if the path is no directory.
    public static final int IN_ONLYDIR = LinuxInotify.IN_ONLYDIR;

    /// In an event, unasked: the file system was unmounted. [#IN_IGNORED] follows.
    public static final int IN_UNMOUNT = LinuxInotify.IN_UNMOUNT;

    /// In an event, unasked: events were lost, since too many waited.
    public static final int IN_Q_OVERFLOW = LinuxInotify.IN_Q_OVERFLOW;

    /// In an event, unasked: the watch is gone; it was removed, or its object is gone.
    public static final int IN_IGNORED = LinuxInotify.IN_IGNORED;

    /// In an event, with others: it has happened to a directory.
    public static final int IN_ISDIR = LinuxInotify.IN_ISDIR;

    /// The memory of one read, for the next.
    private final AtomicReference<@Nullable InotifyBuffer> spare = new AtomicReference<>();

    private InotifyFd(int fd) {
        super(fd, true);
    }

    /// Creates a descriptor without watches: `inotify_init1(IN_CLOEXEC)`. Reads wait.
    ///
    /// @return a new object
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files, or if this user has
    ///     `/proc/sys/fs/inotify/max_user_instances` of them; ENFILE, ENOMEM
    public static InotifyFd open() throws IOException {
        return new InotifyFd(Inotify.init());
    }

    /// Watches a file or directory. If it is watched already, also by another path, the mask replaces the one it had.
    ///
    /// @param path the path, of the default file system
    /// @param mask what to wait for: events from [#IN_ACCESS] to [#IN_MOVE_SELF], at least one, and flags for the watch
    /// @return the watch; the same one if the object is watched already
    /// @throws IllegalArgumentException if the mask has no event, or both [#IN_MASK_ADD] and [#IN_MASK_CREATE]
    /// @throws UnsupportedOperationException if the path is of another file system
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOENT, ENOTDIR, EACCES if the object may not be read, EEXIST with
    ///     [#IN_MASK_CREATE], ENOSPC if this user has `/proc/sys/fs/inotify/max_user_watches` watches
    public int addWatch(Path path, int mask) throws IOException {
        if (!Inotify.hasEvents(mask)) {
            throw new IllegalArgumentException("there is no event in the mask " + maskToString(mask));
        }
        if ((mask & IN_MASK_ADD) != 0 && (mask & IN_MASK_CREATE) != 0) {
            throw new IllegalArgumentException("IN_MASK_ADD and IN_MASK_CREATE exclude each other");
        }
        return use(fd -> SystemCall.check(
                Inotify.addWatch(fd, path, mask),
                () -> "inotify_add_watch(fd=" + fd + ", " + path + ", " + maskToString(mask) + ")"));
    }

    /// Removes a watch. [#IN_IGNORED] follows; events from before stay to be read.
    ///
    /// @param wd the watch
    /// @throws IllegalArgumentException if it is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException EINVAL if there is no such watch, or not any more
    public void removeWatch(int wd) throws IOException {
        if (wd < 0) {
            throw new IllegalArgumentException("invalid watch " + wd);
        }
        use(fd ->
                SystemCall.check(Inotify.removeWatch(fd, wd), () -> "inotify_rm_watch(fd=" + fd + ", wd=" + wd + ")"));
    }

    /// Reads the events there are, as many as one call returns: some hundred. Waits for one if the descriptor is blocking.
    ///
    /// @return the events, the oldest first; none if there are none now and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed while this call waited, which then ends at once
    /// @throws NativeIOException if the read fails
    /// @throws IOException if what was read are no events, as where another open file was put under the number
    public List<InotifyEvent> read() throws IOException {
        InotifyBuffer kept = spare.getAndSet(null);
        InotifyBuffer buffer = kept == null ? new InotifyBuffer(Inotify.BUFFER) : kept;
        long count = use(fd -> Inotify.read(fd, buffer, this));
        int fd = fileno();
        if (fd < 0) {
            throw new AsynchronousCloseException();
        }
        Inotify.requireEvents(fd, buffer, count);
        List<InotifyEvent> events = new ArrayList<>();
        for (int event = 0; event < count; event = buffer.next(event)) {
            events.add(new InotifyEvent(
                    buffer.wd(event), buffer.mask(event), buffer.cookie(event), CString.decode(buffer.name(event))));
        }
        spare.set(buffer);
        return events;
    }

    /// Names the flags of a mask.
    ///
    /// @param mask IN_* flags
    /// @return their names, joined by `|`, and what has no name as a number; `0` for none
    public static String maskToString(int mask) {
        return Inotify.toString(mask);
    }

    /// Duplicates the descriptor. Both have the same watches and the same events, each of which one of them reads. If one is
    /// closed while a thread waits in its read, the other may see an [#IN_IGNORED] of a watch that nobody has added; and a
    /// thread that waits in the other's read may take it, so that the first goes on waiting for the next event. What
    /// a read takes while its object is being closed is lost.
    ///
    /// @return an object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public InotifyFd dup() throws IOException {
        return new InotifyFd(duplicate());
    }

    @Override
    protected void preClose(int fd) throws IOException {
        if (Fcntl.isBlocking(fd)) {
            Inotify.wake(fd);
        }
    }
}
