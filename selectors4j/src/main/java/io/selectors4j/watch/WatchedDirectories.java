package io.selectors4j.watch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The directories of an [InotifyTree] by watch, and the place of each below the root. Makes no system calls.
///
/// A watch belongs to a directory, not to a path, and moves with it. Each directory is a node with a name in its
/// parent, so one rename changes the paths of everything below.
final class WatchedDirectories {

    /// Whether the recorded places agree with the events and the listings.
    private enum Consistency {
        CONSISTENT,

        /// The last scan contradicts the recorded places. Another scan would find the same until a directory moves, and
        /// that queues an event.
        NEEDS_RESCAN_ON_EVENT,

        /// Everything has to be listed as soon as all queued events have been read.
        NEEDS_RESCAN
    }

    private final WatchedDirectory root;
    private final Map<Integer, WatchedDirectory> byWatch = new HashMap<>();

    /// Directories that were detached, including those that have a parent again.
    private final Set<WatchedDirectory> detached = new HashSet<>();

    /// Detached directories that IN_MOVED_FROM has named, by cookie.
    private final Map<Integer, WatchedDirectory> movedAway = new HashMap<>();

    private Consistency consistency = Consistency.CONSISTENT;

    /// The number of reads so far; 0 while the tree is opened.
    private int currentRead;

    /// The last read that emptied the queue: all events from before it have been processed.
    private int lastDrainedRead;

    /// The last read that emptied the queue and left the places consistent.
    private int lastConsistentRead;

    WatchedDirectories(int rootWatch) {
        root = add(rootWatch, Path.of(""));
    }

    WatchedDirectory root() {
        return root;
    }

    /// Returns whether a directory is the root or has a place below it.
    boolean isInTree(WatchedDirectory directory) {
        return directory.isWithin(root);
    }

    @Nullable
    WatchedDirectory get(int wd) {
        return byWatch.get(wd);
    }

    /// Returns a copy of the list of all directories.
    List<WatchedDirectory> all() {
        return List.copyOf(byWatch.values());
    }

    /// Adds a directory without a parent.
    WatchedDirectory add(int wd, Path path) {
        WatchedDirectory directory = new WatchedDirectory(wd, path);
        byWatch.put(wd, directory);
        return directory;
    }

    void remove(WatchedDirectory directory) {
        byWatch.remove(directory.wd);
        detached.remove(directory);
    }

    int currentRead() {
        return currentRead;
    }

    void beginRead() {
        currentRead++;
    }

    /// Records that no event has been queued since the tree was opened, as if a first read had emptied the queue.
    void setDrainedAfterOpening() {
        lastDrainedRead = 1;
    }

    /// Returns whether a directory may have been renamed since a path through it was passed to the kernel, without the
    /// event having been read.
    boolean mayHaveMovedSinceLookup(WatchedDirectory directory) {
        return directory.lastLookupRead >= lastDrainedRead;
    }

    /// Returns whether an entry has been reported in a directory since the places were last consistent, perhaps with a
    /// path that it never had.
    boolean hasReportsToRepeat(WatchedDirectory directory) {
        return directory.lastCreateRead > lastConsistentRead;
    }

    /// Requests a scan of the whole tree once all queued events have been read.
    void setNeedsRescan() {
        consistency = Consistency.NEEDS_RESCAN;
    }

    /// Records an event about a directory: see [Consistency#NEEDS_RESCAN_ON_EVENT].
    void directoryEventRead() {
        if (consistency == Consistency.NEEDS_RESCAN_ON_EVENT) {
            consistency = Consistency.NEEDS_RESCAN;
        }
    }

    /// Ends a read that has emptied the queue. Returns whether the whole tree has to be scanned: the places are
    /// inconsistent, or an earlier read has detached a directory and no event has given it a place since.
    boolean endDrainedRead() {
        lastDrainedRead = currentRead;
        detached.removeIf(directory -> directory.parent != null);
        movedAway.values().retainAll(detached);
        boolean needsRescan = consistency == Consistency.NEEDS_RESCAN
                || detached.stream().anyMatch(directory -> directory.detachedRead < currentRead);
        if (!needsRescan) {
            lastConsistentRead = currentRead;
        }
        return needsRescan;
    }

    void beginFullScan() {
        consistency = Consistency.CONSISTENT;
    }

    /// Ends a scan of the whole tree. A contradiction that it met waits for the next event.
    void endFullScan() {
        if (consistency == Consistency.NEEDS_RESCAN) {
            consistency = Consistency.NEEDS_RESCAN_ON_EVENT;
        }
    }

    /// Detaches a directory from its parent.
    void detach(WatchedDirectory directory) {
        if (directory.detach()) {
            directory.detachedRead = currentRead;
            detached.add(directory);
        }
    }

    /// Detaches a directory whose place another one has taken.
    void displace(WatchedDirectory directory, WatchedDirectory parent) {
        detach(directory);
        directory.displacedFrom = parent;
    }

    /// Moves a directory to a parent and a name there. A directory that had this place is displaced.
    ///
    /// @return false if the parent is the directory or below it
    boolean attach(WatchedDirectory parent, Path name, WatchedDirectory directory) {
        if (parent.isWithin(directory)) {
            setNeedsRescan();
            return false;
        }
        WatchedDirectory occupant = parent.children.get(name);
        if (occupant != directory) {
            if (occupant != null) {
                displace(occupant, parent);
            }
            if (directory.parent != null) {
                directory.parent.recordLookup(currentRead);
                directory.detach();
            }
            directory.attach(parent, name);
            parent.recordLookup(directory.lastLookupRead);
        }
        return true;
    }

    /// Detaches the directory that IN_MOVED_FROM names, if it is known.
    void moveAway(WatchedDirectory parent, Path name, int cookie) {
        WatchedDirectory directory = takeDisplaced(parent, name);
        if (directory == null) {
            directory = parent.children.get(name);
        }
        if (directory != null) {
            detach(directory);
            directory.moveSelfPending = false;
            movedAway.put(cookie, directory);
        }
    }

    /// Returns the displaced directory that had this place, or null. When two directories are exchanged, the first is
    /// moved to its new place before the second is moved away from it.
    private @Nullable WatchedDirectory takeDisplaced(WatchedDirectory parent, Path name) {
        for (WatchedDirectory directory : detached) {
            if (directory.parent == null && directory.displacedFrom == parent && directory.name.endsWith(name)) {
                directory.displacedFrom = null;
                return directory;
            }
        }
        return null;
    }

    /// Returns the directory that an IN_MOVED_FROM with this cookie has named, once, or null.
    @Nullable
    WatchedDirectory takeMovedAway(int cookie) {
        return movedAway.remove(cookie);
    }

    /// Returns whether a directory was moved away and has no place yet.
    boolean isMovedAway(WatchedDirectory directory) {
        return directory.parent == null && movedAway.containsValue(directory);
    }

    /// Forgets which directories were detached.
    void clearDetached() {
        detached.clear();
        movedAway.clear();
    }
}
