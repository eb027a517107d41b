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

/// An inotify descriptor: reports events of watched files and directories. It is readable while events are queued.
///
/// A watch belongs to the file or directory that the path leads to when it is added, and follows renames of it. The
/// watch of a directory reports events of the directory and of its entries, not of deeper levels: see [InotifyTree].
/// Only operations through this kernel are reported: neither changes that other hosts make to a network file system,
/// nor writes through mapped memory.
///
/// Events are queued in order. Successive equal events are merged. A rename between watched directories queues
/// [#IN_MOVED_FROM] and [#IN_MOVED_TO] with the same cookie. Other events may be between the two, and one read may end
/// between them. If `/proc/sys/fs/inotify/max_queued_events` are queued, the kernel drops further ones and queues one
/// event with [#IN_Q_OVERFLOW].
///
/// [#read(ByteBuffer)] returns the structures of the kernel, and fails with EINVAL if the next one does not fit.
/// Writing fails with EBADF.
///
/// Source: inotify(7), inotify_init(2), inotify_add_watch(2), inotify_rm_watch(2).
public final class InotifyFd extends Fd {

    /// A file was read or executed.
    public static final int IN_ACCESS = LinuxInotify.IN_ACCESS;

    /// A file was written or truncated.
    public static final int IN_MODIFY = LinuxInotify.IN_MODIFY;

    /// Mode, owner, times, extended attributes or the number of links changed.
    public static final int IN_ATTRIB = LinuxInotify.IN_ATTRIB;

    /// A file that was open for writing was closed.
    public static final int IN_CLOSE_WRITE = LinuxInotify.IN_CLOSE_WRITE;

    /// A file or directory that was not open for writing was closed.
    public static final int IN_CLOSE_NOWRITE = LinuxInotify.IN_CLOSE_NOWRITE;

    /// Either of [#IN_CLOSE_WRITE] and [#IN_CLOSE_NOWRITE].
    public static final int IN_CLOSE = IN_CLOSE_WRITE | IN_CLOSE_NOWRITE;

    /// A file or directory was opened.
    public static final int IN_OPEN = LinuxInotify.IN_OPEN;

    /// An entry of the directory was renamed: its old name.
    public static final int IN_MOVED_FROM = LinuxInotify.IN_MOVED_FROM;

    /// An entry of the directory was renamed: its new name.
    public static final int IN_MOVED_TO = LinuxInotify.IN_MOVED_TO;

    /// Either of [#IN_MOVED_FROM] and [#IN_MOVED_TO].
    public static final int IN_MOVE = IN_MOVED_FROM | IN_MOVED_TO;

    /// An entry was created in the directory: a file, directory, link or socket.
    public static final int IN_CREATE = LinuxInotify.IN_CREATE;

    /// An entry of the directory was deleted.
    public static final int IN_DELETE = LinuxInotify.IN_DELETE;

    /// The watched object was deleted: it has no links left, and no process has it open. [#IN_IGNORED] follows.
    public static final int IN_DELETE_SELF = LinuxInotify.IN_DELETE_SELF;

    /// The watched object was renamed.
    public static final int IN_MOVE_SELF = LinuxInotify.IN_MOVE_SELF;

    /// All events from [#IN_ACCESS] to [#IN_MOVE_SELF].
    public static final int IN_ALL_EVENTS = 0xfff;

    /// For a watch: if the path is a symbolic link, watch the link.
    public static final int IN_DONT_FOLLOW = LinuxInotify.IN_DONT_FOLLOW;

    /// For a watch: report no events of files that were deleted from the directory while open.
    public static final int IN_EXCL_UNLINK = LinuxInotify.IN_EXCL_UNLINK;

    /// For a watch: if the object is watched already, add to the mask instead of replacing it.
    public static final int IN_MASK_ADD = LinuxInotify.IN_MASK_ADD;

    /// For a watch: if the object is watched already, fail with EEXIST. Since Linux 4.18.
    public static final int IN_MASK_CREATE = LinuxInotify.IN_MASK_CREATE;

    /// For a watch: remove it after one event.
    public static final int IN_ONESHOT = LinuxInotify.IN_ONESHOT;

    /// For a watch: fail with ENOTDIR if the path is not a directory.
    public static final int IN_ONLYDIR = LinuxInotify.IN_ONLYDIR;

    /// In an event, always reported: the file system was unmounted. [#IN_IGNORED] follows.
    public static final int IN_UNMOUNT = LinuxInotify.IN_UNMOUNT;

    /// In an event, always reported: the queue was full, and events were dropped.
    public static final int IN_Q_OVERFLOW = LinuxInotify.IN_Q_OVERFLOW;

    /// In an event, always reported: the watch was removed, by a call or with its object.
    public static final int IN_IGNORED = LinuxInotify.IN_IGNORED;

    /// In an event, with other flags: the subject is a directory.
    public static final int IN_ISDIR = LinuxInotify.IN_ISDIR;

    /// A buffer for the next read; null while a read uses it.
    private final AtomicReference<@Nullable InotifyBuffer> cachedBuffer = new AtomicReference<>();

    private InotifyFd(int fd) {
        super(fd, true);
    }

    /// Creates a blocking descriptor without watches: `inotify_init1(IN_CLOEXEC)`.
    ///
    /// @return a new object
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException EMFILE at the limit of open files, or of inotify descriptors of this user,
    ///     `/proc/sys/fs/inotify/max_user_instances`; ENFILE, ENOMEM
    public static InotifyFd open() throws IOException {
        return new InotifyFd(Inotify.init());
    }

    /// Adds a watch for a file or directory. If the object has a watch already, by this path or another, the mask
    /// replaces the mask of that watch.
    ///
    /// @param path the path, of the default file system provider
    /// @param mask at least one event from [#IN_ACCESS] to [#IN_MOVE_SELF], and flags for the watch
    /// @return the watch, which is the existing one if the object has one
    /// @throws IllegalArgumentException if the mask has no event, or both [#IN_MASK_ADD] and [#IN_MASK_CREATE]
    /// @throws UnsupportedOperationException if the path is of another provider
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException ENOENT, ENOTDIR; EACCES if the object may not be read; EEXIST with [#IN_MASK_CREATE];
    ///     ENOSPC at the limit of watches of this user, `/proc/sys/fs/inotify/max_user_watches`
    public int addWatch(Path path, int mask) throws IOException {
        if (!Inotify.hasEvents(mask)) {
            throw new IllegalArgumentException("the mask " + maskToString(mask) + " has no event");
        }
        if ((mask & IN_MASK_ADD) != 0 && (mask & IN_MASK_CREATE) != 0) {
            throw new IllegalArgumentException("IN_MASK_ADD and IN_MASK_CREATE exclude each other");
        }
        return use(fd ->
                SystemCall.check(Inotify.addWatch(fd, path, mask), () -> Inotify.describeAddWatch(fd, path, mask)));
    }

    /// Removes a watch. Queues [#IN_IGNORED]; events queued before can still be read.
    ///
    /// @param wd the watch
    /// @throws IllegalArgumentException if the watch is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException EINVAL if the watch does not exist or was removed
    public void removeWatch(int wd) throws IOException {
        if (wd < 0) {
            throw new IllegalArgumentException("invalid watch " + wd);
        }
        use(fd ->
                SystemCall.check(Inotify.removeWatch(fd, wd), () -> "inotify_rm_watch(fd=" + fd + ", wd=" + wd + ")"));
    }

    /// Reads queued events, with one system call: up to some hundred. A blocking descriptor blocks until there is an
    /// event.
    ///
    /// @return the events, oldest first; empty if none is queued and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if this object is closed while the call blocks; the call returns at once
    /// @throws NativeIOException if the read fails
    /// @throws IOException if the bytes are not inotify events, since the number now refers to another open file
    public List<InotifyEvent> read() throws IOException {
        InotifyBuffer cached = cachedBuffer.getAndSet(null);
        InotifyBuffer buffer = cached == null ? new InotifyBuffer(Inotify.BUFFER_SIZE) : cached;
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
        cachedBuffer.set(buffer);
        return events;
    }

    /// Returns the names of the flags of a mask.
    ///
    /// @param mask IN_* flags
    /// @return the names, joined by `|`, with bits without a name as one hexadecimal number; `0` for an empty mask
    public static String maskToString(int mask) {
        return Inotify.toString(mask);
    }

    /// Duplicates the descriptor. Both objects share watches and queue: each event is read by one of them. Events that
    /// a read removes from the queue while its object is closed are lost.
    ///
    /// Closing one object wakes a thread that is blocked in its read by an [#IN_IGNORED] of a watch of this library.
    /// The other object may read this event. Then the first thread stays blocked until the next event.
    ///
    /// @return a new object, which owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException EMFILE at the limit of open files
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
