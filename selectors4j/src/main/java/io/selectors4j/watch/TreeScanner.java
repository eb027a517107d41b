package io.selectors4j.watch;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds watches to the directories of an [InotifyTree], lists their entries, and removes the watches of directories
/// that are gone.
///
/// The watch is added first and the directory listed afterwards: an entry created in between is reported twice, by its
/// event and by the list, and never missed.
///
/// A path is resolved when it is used, and may lead to another directory by then. `inotify_add_watch` tells them apart:
/// for a directory that is watched already it returns the watch it has.
final class TreeScanner {

    private enum Scope {
        /// The whole tree, for the first time: errors are thrown, and nothing is reported.
        OPENING,

        /// A directory that has appeared.
        SUBTREE,

        /// The whole tree: entries that are missing in a list are gone.
        FULL
    }

    /// A directory to list.
    ///
    /// @param isNew whether to report its entries
    private record Visit(WatchedDirectory directory, boolean isNew) {}

    private static final int OWN_EVENTS =
            InotifyFd.IN_CREATE | InotifyFd.IN_MOVE | InotifyFd.IN_DELETE_SELF | InotifyFd.IN_MOVE_SELF;

    private final int fd;
    private final Path root;
    private final int requested;
    private final int mask;
    private final List<TreeEvent> events;

    /// The root without symbolic links. A link that is changed later does not lead elsewhere.
    private final Path realRoot;

    private final WatchedDirectories directories;
    private Scope scope = Scope.OPENING;

    /// Adds watches for a directory and all below.
    ///
    /// @param fd the inotify descriptor
    /// @param root the directory as the user has given it
    /// @param requested the events to report
    /// @param events the list that later scans add their events to
    TreeScanner(int fd, Path root, int requested, List<TreeEvent> events) throws IOException {
        this.fd = fd;
        this.root = root;
        this.requested = requested;
        this.events = events;
        int rootMask = requested | OWN_EVENTS | InotifyFd.IN_ONLYDIR | InotifyFd.IN_EXCL_UNLINK;
        mask = rootMask | InotifyFd.IN_DONT_FOLLOW;
        int wd = SystemCall.check(
                Inotify.addWatch(fd, root, rootMask), () -> Inotify.describeAddWatch(fd, root, rootMask));
        realRoot = root.toRealPath();
        directories = new WatchedDirectories(wd);
        scan(directories.root(), true);
        scope = Scope.SUBTREE;
        directories.endFullScan();
    }

    WatchedDirectories directories() {
        return directories;
    }

    /// Adds a watch, or returns the one that the directory has.
    ///
    /// @param path the path below the root
    /// @return the watch, or `-errno`
    int addWatch(Path path) {
        return Inotify.addWatch(fd, realRoot.resolve(path), mask);
    }

    /// Reports a directory that could not be watched, unless it is gone or may not be read.
    ///
    /// @param result the result of [#addWatch]
    void addWatchFailed(Path path, int result) throws IOException {
        if (!Inotify.isMissing(result) && !Inotify.isDenied(result)) {
            Path real = realRoot.resolve(path);
            incomplete(path, new NativeIOException(Inotify.describeAddWatch(fd, real, mask), -result));
        }
    }

    /// Removes a directory and its watch.
    void unwatch(WatchedDirectory directory) {
        directories.remove(directory);
        Inotify.removeWatch(fd, directory.wd); // EINVAL if the directory has been deleted meanwhile
    }

    /// Removes a directory that has left the tree, with all below.
    void unwatchAll(WatchedDirectory start) {
        Deque<WatchedDirectory> queue = new ArrayDeque<>();
        queue.add(start);
        while (!queue.isEmpty()) {
            WatchedDirectory directory = queue.remove();
            queue.addAll(directory.children.values());
            unwatch(directory);
        }
    }

    /// Lists the whole tree, and removes the watches of directories that are not found.
    ///
    /// @return false if the root is gone
    boolean rescan() throws IOException {
        WatchedDirectory top = directories.root();
        int wd = addWatch(top.path());
        if (wd >= 0 && wd != top.wd) {
            Inotify.removeWatch(fd, wd);
            return false;
        }
        if (Inotify.isMissing(wd)) {
            return false;
        }
        directories.beginFullScan();
        scope = Scope.FULL;
        scan(top, false);
        scope = Scope.SUBTREE;
        for (WatchedDirectory directory : directories.all()) {
            if (!directories.isInTree(directory)) {
                unwatch(directory);
            }
        }
        directories.clearDetached();
        directories.endFullScan();
        return true;
    }

    /// Lists a directory, and those below it whose entries may have changed without an event.
    ///
    /// @param isNew whether to report the entries
    void scan(WatchedDirectory start, boolean isNew) throws IOException {
        Deque<Visit> queue = new ArrayDeque<>();
        queue.add(new Visit(start, isNew));
        while (!queue.isEmpty()) {
            Visit visit = queue.remove();
            if (directories.isInTree(visit.directory)) {
                list(visit, queue);
            }
        }
    }

    private void list(Visit visit, Deque<Visit> queue) throws IOException {
        WatchedDirectory directory = visit.directory;
        Path path = directory.path();
        directory.lastLookupRead = directories.currentRead();
        Map<Path, Boolean> entries;
        try {
            entries = DirectoryListing.of(realRoot.resolve(path));
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
            if (scope == Scope.OPENING && directory == directories.root()) {
                throw e;
            }
            // The directory is gone, and its event is queued; or this process may not read it.
            directory.recordLookup(directories.currentRead());
            return;
        } catch (IOException e) {
            incomplete(path, e);
            return;
        }
        if (!isStillAt(directory, path)) {
            return;
        }
        boolean isNew =
                visit.isNew || directory.unlisted || (scope == Scope.FULL && directories.hasReportsToRepeat(directory));
        directory.unlisted = false;
        for (Map.Entry<Path, Boolean> entry : entries.entrySet()) {
            Path name = entry.getKey();
            Visit below = entry.getValue() ? watchEntry(directory, name) : null;
            if (isNew || (below != null && below.isNew)) {
                reportCreate(path.resolve(name), entry.getValue());
            }
            if (below != null) {
                queue.add(new Visit(below.directory, visit.isNew || below.isNew));
            }
        }
        for (WatchedDirectory child : List.copyOf(directory.children.values())) {
            if (!entries.containsKey(child.name)) {
                missing(child);
            }
        }
    }

    /// Returns whether the path of a directory leads to it, so that the list just read is the list of this directory.
    /// If another directory is there, its event is queued.
    private boolean isStillAt(WatchedDirectory directory, Path path) {
        int wd = addWatch(path);
        if (wd == directory.wd || Inotify.isDenied(wd)) {
            return true;
        }
        if (wd >= 0 && directories.get(wd) == null) {
            Inotify.removeWatch(fd, wd);
        }
        directory.recordLookup(directories.currentRead());
        directories.setNeedsRescan();
        return false;
    }

    /// Processes a child that is missing in the list of its parent.
    private void missing(WatchedDirectory child) {
        if (scope == Scope.FULL) {
            directories.detach(child);
        } else if (directories.mayHaveMovedSinceLookup(child)) {
            directories.setNeedsRescan();
        } // else its event is queued
    }

    /// Adds a watch for a directory in a list.
    ///
    /// @return the directory to list next, or null
    private @Nullable Visit watchEntry(WatchedDirectory parent, Path name) throws IOException {
        Path path = parent.path().resolve(name);
        int wd = addWatch(path);
        if (wd < 0) {
            addWatchFailed(path, wd);
            return null;
        }
        WatchedDirectory known = directories.get(wd);
        WatchedDirectory directory = known == null ? directories.add(wd, path) : known;
        WatchedDirectory occupant = parent.children.get(name);
        if (occupant != null && occupant != directory) {
            directories.setNeedsRescan();
        }
        // Entries of a directory that had another place may have been reported with a wrong path.
        boolean isNew = !directory.isAt(parent, name);
        return directories.attach(parent, name, directory) ? new Visit(directory, isNew) : null;
    }

    private void reportCreate(Path path, boolean isDirectory) {
        if (scope != Scope.OPENING && (requested & InotifyFd.IN_CREATE) != 0) {
            int type = isDirectory ? InotifyFd.IN_ISDIR : 0;
            events.add(new TreeEvent(root.resolve(path), InotifyFd.IN_CREATE | type, 0));
        }
    }

    /// Reports that events of a directory, or of one below it, will be missing.
    private void incomplete(Path path, IOException cause) throws IOException {
        if (scope == Scope.OPENING) {
            throw cause;
        }
        events.add(new TreeEvent(root.resolve(path), InotifyFd.IN_Q_OVERFLOW, 0));
    }
}
