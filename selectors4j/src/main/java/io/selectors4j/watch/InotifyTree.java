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

/// A descriptor that tells what happens in a directory and in everything below: an inotify descriptor with a watch for each
/// directory, which come and go with the directories. It is readable while there are events, also such as nobody has asked
/// for.
///
/// - **A directory that appears**, made or renamed into the tree, is watched, and then listed: what is in it already,
///   however deep, is reported with [InotifyFd#IN_CREATE] and the cookie 0. So something can be reported twice, by its own
///   event and by the list, and once more where renames come so fast that the tree has to look again; but nothing is lost,
///   if IN_CREATE is asked for.
/// - **A directory that is renamed within the tree** goes on being watched, under its new path, with all below.
/// - **A directory that leaves the tree**, renamed or deleted, is not watched any more.
/// - **Symbolic links** in the tree are not followed; the root may be one. Directories that this process may not read are
///   passed over, with all below. What is mounted into the tree later is not noticed.
/// - **If the kernel had to drop events**, there is one with [InotifyFd#IN_Q_OVERFLOW] and the path of the root. All
///   directories are listed anew, so that the tree goes on watching what there is; look for yourself what has changed.
/// - **If a directory cannot be watched or listed**, for want of watches (`/proc/sys/fs/inotify/max_user_watches`), memory
///   or descriptors, there is an event with IN_Q_OVERFLOW and the path of that directory. It is tried again only when all
///   directories are listed anew.
/// - **If the root is deleted, renamed or unmounted**, there is an event with [InotifyFd#IN_DELETE_SELF],
///   [InotifyFd#IN_MOVE_SELF] or [InotifyFd#IN_UNMOUNT] and its path, asked for or not, and then, as the last one, with
///   [InotifyFd#IN_IGNORED]. From then on, nothing is watched, and reads fail with ENOENT. That a directory above the root
///   is renamed is not noticed: new directories are not found from then on.
///
/// What happens to a directory itself can be reported twice, by its parent and by itself. When directories are listed, that
/// shows as [InotifyFd#IN_OPEN], [InotifyFd#IN_ACCESS] and [InotifyFd#IN_CLOSE_NOWRITE]. For the rest see [InotifyFd].
///
/// Use [#read()] only. Who takes events with [#read(ByteBuffer)], or by a duplicate, which is a plain [Fd], takes them from
/// the tree, which then does not know of them either.
///
/// Source: inotify(7), inotify_add_watch(2).
public final class InotifyTree extends Fd {

    private final Path root;
    private final InotifyBuffer buffer;
    private final Object reading = new Object();
    private @Nullable WatchedTree tree;

    private InotifyTree(int fd, Path root, int capacity) {
        super(fd, true);
        this.root = root;
        buffer = new InotifyBuffer(capacity);
    }

    /// Watches a directory and everything below. Reads wait.
    ///
    /// @param root the directory, of the default file system, or a symbolic link to it
    /// @param mask what to report: events from [InotifyFd#IN_ACCESS] to [InotifyFd#IN_MOVE_SELF], at least one, and nothing
    ///     else
    /// @return a new object
    /// @throws IllegalArgumentException if the mask has no event, or something else
    /// @throws UnsupportedOperationException if this is not Linux, or the path is of another file system
    /// @throws NativeIOException if the system refuses: ENOENT, ENOTDIR, EACCES for the root; EMFILE at the limit of open
    ///     files, or if this user has `/proc/sys/fs/inotify/max_user_instances` inotify descriptors; ENOSPC if it has
    ///     `/proc/sys/fs/inotify/max_user_watches` watches; ENAMETOOLONG if a directory is too deep for a path
    /// @throws IOException if a directory cannot be listed
    public static InotifyTree open(Path root, int mask) throws IOException {
        return open(root, mask, Inotify.BUFFER);
    }

    static InotifyTree open(Path root, int mask, int capacity) throws IOException {
        if (!Inotify.hasEvents(mask) || (mask & ~InotifyFd.IN_ALL_EVENTS) != 0) {
            throw new IllegalArgumentException("the mask " + InotifyFd.maskToString(mask) + " is not one of events");
        }
        PathNames.requireDefault(root);
        InotifyTree made = new InotifyTree(Inotify.init(), root, capacity);
        boolean done = false;
        try {
            synchronized (made.reading) {
                made.tree = made.use(fd -> new WatchedTree(fd, root, mask));
            }
            done = true;
            return made;
        } finally {
            if (!done) {
                made.close();
            }
        }
    }

    /// The directory at the top.
    ///
    /// @return its path as it was given
    public Path root() {
        return root;
    }

    /// Reads the events there are, as many as one call returns: some hundred, and what new directories hold. Waits for one
    /// that was asked for if the descriptor is blocking. One thread after the other: a second one waits for the first.
    ///
    /// @return the events, the oldest first; none if there are none now and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed while this call waited, which then ends at once
    /// @throws NativeIOException ENOENT if the root is gone, and that was reported; if the read fails
    /// @throws IOException if what was read are no events, as where another open file was put under the number
    public List<TreeEvent> read() throws IOException {
        synchronized (reading) {
            return use(this::readUntilOneIsAskedFor);
        }
    }

    private List<TreeEvent> readUntilOneIsAskedFor(int fd) throws IOException {
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
            throw new IllegalStateException("not open yet");
        }
        return watched;
    }

    /// The directories that are watched.
    Set<Path> directories() {
        synchronized (reading) {
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
