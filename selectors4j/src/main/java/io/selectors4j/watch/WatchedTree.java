package io.selectors4j.watch;

import io.selectors4j.internal.linux.InotifyBuffer;
import io.selectors4j.internal.posix.PathNames;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Processes the events of an [InotifyTree]. Not thread-safe.
///
/// Events describe the past, in order, and say where a watched directory is. A directory without a watch can only be
/// looked up by path, now. It may have been renamed since its event, and another directory may have its path. So every
/// lookup is compared with the places recorded in [WatchedDirectories]:
///
/// - If the watch that a lookup returns is known, the directory is at this path, not at the recorded one.
/// - Each lookup is recorded ([WatchedDirectory#lastLookupRead]). If a directory on the path is renamed before all
///   events from before the lookup have been read, it is listed again.
/// - A directory that IN_MOVED_FROM names is detached. IN_MOVED_TO with the same cookie says where it is. Its own
///   IN_MOVE_SELF follows: if the directory is still detached by then, it has left the tree.
/// - Any contradiction requests a rescan, and so does a directory that stays detached. Once all events have been read,
///   the [TreeScanner] lists the whole tree. It reports again the entries of directories with another place than
///   recorded, and of directories with new entries since the places were last consistent.
final class WatchedTree {

    private static final int SELF_EVENTS = InotifyFd.IN_DELETE_SELF | InotifyFd.IN_MOVE_SELF;
    private static final int CREATE_EVENTS = InotifyFd.IN_CREATE | InotifyFd.IN_MOVED_TO;

    /// A read that is never reached, and so is later than every drained one.
    private static final int NEVER_DRAINED = Integer.MAX_VALUE;

    private final Path root;
    private final int requested;
    private final List<TreeEvent> events = new ArrayList<>();
    private final TreeScanner scanner;
    private final WatchedDirectories directories;
    private boolean gone;

    /// Adds watches for a directory and all below.
    ///
    /// @param fd the inotify descriptor
    /// @param root the directory as the user has given it
    /// @param requested the events to report
    WatchedTree(int fd, Path root, int requested) throws IOException {
        this.root = root;
        this.requested = requested;
        scanner = new TreeScanner(fd, root, requested, events);
        directories = scanner.directories();
        if (SingleFdPoll.await(fd, PollFlags.POLLIN, 0) == 0) {
            directories.setDrainedAfterOpening();
        }
    }

    /// Returns whether the root is gone. There are no watches any more then.
    boolean isGone() {
        return gone;
    }

    /// Returns the paths of the watched directories.
    Set<Path> directories() {
        Set<Path> paths = new TreeSet<>();
        for (WatchedDirectory directory : directories.all()) {
            if (directories.isInTree(directory)) {
                paths.add(root.resolve(directory.path()));
            }
        }
        return paths;
    }

    /// Processes the events of one read.
    ///
    /// @param count the size of the events in bytes
    /// @return the events to report
    List<TreeEvent> process(InotifyBuffer buffer, int count) throws IOException {
        events.clear();
        directories.beginRead();
        for (int event = 0; event < count && !gone; event = buffer.next(event)) {
            process(buffer.wd(event), buffer.mask(event), buffer.cookie(event), buffer.name(event));
        }
        // Room for another event was left: the read has emptied the queue.
        boolean drained = buffer.capacity() - count >= InotifyBuffer.LARGEST;
        if (drained && !gone && directories.endDrainedRead()) {
            rescan();
        }
        return new ArrayList<>(events);
    }

    private void process(int wd, int mask, int cookie, byte[] rawName) throws IOException {
        if ((mask & InotifyFd.IN_Q_OVERFLOW) != 0) {
            events.add(new TreeEvent(root, InotifyFd.IN_Q_OVERFLOW, 0));
            rescan();
            return;
        }
        WatchedDirectory directory = directories.get(wd);
        if (directory == null) {
            return; // the event was queued before the watch was removed
        }
        boolean reported = (mask & (requested | InotifyFd.IN_UNMOUNT)) != 0;
        if (rawName.length == 0) {
            if (reported || (directory == directories.root() && (mask & SELF_EVENTS) != 0)) {
                report(directory.path(), mask, cookie);
            }
            processSelf(directory, mask);
        } else {
            Path name = PathNames.decode(rawName);
            if (reported) {
                report(directory.path().resolve(name), mask, cookie);
            }
            if ((mask & CREATE_EVENTS) != 0) {
                directory.lastCreateRead = directories.currentRead();
                if (!directories.isInTree(directory)) {
                    directories.setNeedsRescan();
                }
            }
            if ((mask & InotifyFd.IN_ISDIR) != 0) {
                processChild(directory, mask, cookie, name);
            }
        }
    }

    /// Processes an event of a directory about itself.
    private void processSelf(WatchedDirectory directory, int mask) {
        if ((mask & InotifyFd.IN_IGNORED) != 0) {
            directories.detach(directory);
            directories.remove(directory);
            if (directory == directories.root()) {
                end();
            }
            for (WatchedDirectory child : List.copyOf(directory.children.values())) {
                // A directory is empty when it is deleted, so the recorded places are wrong.
                directories.detach(child);
                directories.setNeedsRescan();
            }
        } else if ((mask & InotifyFd.IN_UNMOUNT) != 0) {
            // The directory below the mount point is visible again.
            directories.setNeedsRescan();
        } else if ((mask & InotifyFd.IN_MOVE_SELF) != 0) {
            if (directory == directories.root()) {
                end();
            } else if (directories.isMovedAway(directory)) {
                scanner.unwatchAll(directory);
            } else {
                if (directory.parent == null || !directory.moveSelfPending) {
                    directories.setNeedsRescan();
                }
                directory.moveSelfPending = false;
            }
        }
    }

    /// Processes an event of a directory about a directory in it.
    private void processChild(WatchedDirectory parent, int mask, int cookie, Path name) throws IOException {
        directories.directoryEventRead();
        if ((mask & InotifyFd.IN_MOVED_FROM) != 0) {
            directories.moveAway(parent, name, cookie);
        } else if ((mask & InotifyFd.IN_MOVED_TO) != 0) {
            WatchedDirectory moved = appear(parent, name, directories.takeMovedAway(cookie));
            if (moved != null) {
                moved.moveSelfPending = true;
            }
        } else if ((mask & InotifyFd.IN_CREATE) != 0) {
            appear(parent, name, null);
        }
    }

    /// Processes the appearance of a directory.
    ///
    /// @param expected the directory that was renamed within the tree, or null
    /// @return the directory that was found; null if it is unknown or not watched
    private @Nullable WatchedDirectory appear(WatchedDirectory parent, Path name, @Nullable WatchedDirectory expected)
            throws IOException {
        if (!directories.isInTree(parent)) {
            // Its last path may lead elsewhere. It is listed when it has a place again.
            parent.recordLookup(NEVER_DRAINED);
            return expected != null && directories.attach(parent, name, expected) ? expected : null;
        }
        Path path = parent.path().resolve(name);
        int wd = scanner.addWatch(path);
        parent.recordLookup(directories.currentRead());
        if (wd < 0) {
            return appearUnwatched(parent, name, expected, wd);
        }
        WatchedDirectory known = directories.get(wd);
        WatchedDirectory found = known == null ? directories.add(wd, path) : known;
        if (expected != null && found != expected) {
            directories.setNeedsRescan();
        }
        boolean moved = !found.isAt(parent, name);
        if (!directories.attach(parent, name, found)) {
            return null;
        }
        if (known == null) {
            scanner.scan(found, true);
        } else if (moved && (found != expected || directories.mayHaveMovedSinceLookup(found))) {
            scanner.scan(found, found != expected);
        }
        return found;
    }

    /// Processes the appearance of a directory that could not be watched.
    private @Nullable WatchedDirectory appearUnwatched(
            WatchedDirectory parent, Path name, @Nullable WatchedDirectory expected, int result) throws IOException {
        if (expected != null) {
            // The directory has been renamed again, and is listed at its next place.
            boolean attached = directories.attach(parent, name, expected);
            expected.recordLookup(directories.currentRead());
            return attached ? expected : null;
        }
        WatchedDirectory occupant = parent.children.get(name);
        if (occupant != null) {
            directories.displace(occupant, parent);
        }
        scanner.addWatchFailed(parent.path().resolve(name), result);
        return null;
    }

    private void rescan() throws IOException {
        if (!scanner.rescan()) {
            end();
        }
    }

    /// Removes all watches and reports that the root is gone.
    private void end() {
        for (WatchedDirectory directory : directories.all()) {
            scanner.unwatch(directory);
        }
        directories.clearDetached();
        gone = true;
        events.add(new TreeEvent(root, InotifyFd.IN_IGNORED, 0));
    }

    private void report(Path path, int mask, int cookie) {
        events.add(new TreeEvent(root.resolve(path), mask, cookie));
    }
}
