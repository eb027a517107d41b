package io.selectors4j.watch;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.InotifyBuffer;
import io.selectors4j.internal.posix.PathNames;
import io.selectors4j.internal.sys.Fcntl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An inotify descriptor for a directory and everything below it. It has a watch for each directory, and adds and
/// removes watches as directories appear and disappear. It is readable while events are queued, including events that
/// were not requested and that [#read()] does not return.
///
/// - **A directory that appears**, created or renamed into the tree, is watched and then listed. Its entries at any
///   depth are reported with [InotifyFd#IN_CREATE] and the cookie 0. So an entry may be reported twice, by its event
///   and by the list; and again after renames so fast that the tree is scanned once more. With IN_CREATE requested, no
///   new entry is missed.
/// - **A directory that is renamed within the tree** stays watched, with everything below, and has its new path in
///   events.
/// - **A directory that leaves the tree**, renamed or deleted, is no longer watched.
/// - **Symbolic links** in the tree are not followed; the root may be one. Directories without read permission are
///   skipped, with everything below. File systems mounted into the tree later are not noticed.
/// - **If the kernel drops events**, an event with [InotifyFd#IN_Q_OVERFLOW] and the path of the root is reported. All
///   directories are listed again, so the watches are complete afterwards. Changes that the dropped events described
///   are not reported.
/// - **If a directory cannot be watched or listed**, for lack of watches (`/proc/sys/fs/inotify/max_user_watches`),
///   memory or descriptors, an event with IN_Q_OVERFLOW and the path of this directory is reported. The next attempt is
///   made only when all directories are listed again.
/// - **If the root is deleted, renamed or unmounted**, [InotifyFd#IN_DELETE_SELF], [InotifyFd#IN_MOVE_SELF] or
///   [InotifyFd#IN_UNMOUNT] is reported for it, requested or not, and [InotifyFd#IN_IGNORED] as the last event. Then
///   all watches are removed, and reads fail with ENOENT. If a directory above the root is renamed, this is not
///   noticed, and directories that appear later are not found.
///
/// An event of a directory itself may be reported twice, by its parent and by itself. Listing a directory queues
/// [InotifyFd#IN_OPEN], [InotifyFd#IN_ACCESS] and [InotifyFd#IN_CLOSE_NOWRITE] events of it. For everything else see
/// [InotifyFd].
///
/// Read with [#read()] only. Events read with [#read(ByteBuffer)], or through a duplicate (a plain [Fd]), are missing
/// in the tree, and so are the directories that they name.
///
/// Source: inotify(7), inotify_add_watch(2).
public final class InotifyTree extends Fd {

    private final Path root;
    private final InotifyBuffer buffer;
    private final Object readLock = new Object();
    private @Nullable WatchedTree tree;

    private InotifyTree(int fd, Path root, int capacity) {
        super(fd, true);
        this.root = root;
        buffer = new InotifyBuffer(capacity);
    }

    /// Creates a blocking descriptor that watches a directory and everything below it.
    ///
    /// @param root the directory, or a symbolic link to it, of the default file system provider
    /// @param mask at least one event from [InotifyFd#IN_ACCESS] to [InotifyFd#IN_MOVE_SELF], and no other flag
    /// @return a new object
    /// @throws IllegalArgumentException if the mask has no event, or another flag
    /// @throws UnsupportedOperationException if this is not Linux, or the path is of another provider
    /// @throws NativeIOException ENOENT, ENOTDIR or EACCES for the root; EMFILE at the limit of open files, or of
    ///     inotify descriptors of this user, `/proc/sys/fs/inotify/max_user_instances`; ENOSPC at the limit of watches
    ///     of this user, `/proc/sys/fs/inotify/max_user_watches`; ENAMETOOLONG if the path of a directory is too long
    /// @throws IOException if a directory cannot be listed
    public static InotifyTree open(Path root, int mask) throws IOException {
        return open(root, mask, Inotify.BUFFER_SIZE);
    }

    static InotifyTree open(Path root, int mask, int capacity) throws IOException {
        if (!Inotify.hasEvents(mask) || (mask & ~InotifyFd.IN_ALL_EVENTS) != 0) {
            throw new IllegalArgumentException(
                    "the mask " + InotifyFd.maskToString(mask) + " is empty or has flags other than events");
        }
        PathNames.requireDefault(root);
        InotifyTree opened = new InotifyTree(Inotify.init(), root, capacity);
        try {
            synchronized (opened.readLock) {
                opened.tree = opened.use(fd -> new WatchedTree(fd, root, mask));
            }
            return opened;
        } catch (Throwable t) {
            try {
                opened.close();
            } catch (IOException e) {
                t.addSuppressed(e);
            }
            throw t;
        }
    }

    /// Returns the root directory.
    ///
    /// @return the path as given to [#open]
    public Path root() {
        return root;
    }

    /// Reads queued events, up to some hundred, and lists new directories. A blocking descriptor blocks until there is
    /// a requested event. One thread reads at a time; others wait for it.
    ///
    /// @return the events, oldest first; empty if no requested event is queued and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if this object is closed while the call blocks; the call returns at once
    /// @throws NativeIOException ENOENT if the root is gone and its last event was returned; another errno if the read
    ///     fails
    /// @throws IOException if the bytes are not inotify events, since the number now refers to another open file
    public List<TreeEvent> read() throws IOException {
        synchronized (readLock) {
            return use(this::readRequested);
        }
    }

    private List<TreeEvent> readRequested(int fd) throws IOException {
        WatchedTree watched = requireTree();
        while (!watched.isGone()) {
            long count = Inotify.read(fd, buffer, this);
            if (!isOpen()) {
                throw new AsynchronousCloseException();
            }
            Inotify.requireEvents(fd, buffer, count);
            List<TreeEvent> events = watched.process(buffer, (int) Math.max(count, 0));
            if (!events.isEmpty() || count < 0) {
                return events;
            }
        }
        throw new NativeIOException("inotify_add_watch(fd=" + fd + ", " + root + ")", Errno.ENOENT);
    }

    private WatchedTree requireTree() {
        WatchedTree watched = tree;
        if (watched == null) {
            throw new IllegalStateException("the tree is not open yet");
        }
        return watched;
    }

    /// Returns the paths of the watched directories.
    Set<Path> directories() {
        synchronized (readLock) {
            return requireTree().directories();
        }
    }

    @Override
    protected void preClose(int fd) throws IOException {
        if (Fcntl.isBlocking(fd)) {
            Inotify.wake(fd);
        }
    }
}
