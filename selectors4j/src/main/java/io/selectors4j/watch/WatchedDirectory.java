package io.selectors4j.watch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A directory of an [InotifyTree]: its watch, its parent and its name there. Times are numbers of reads, counted by
/// [WatchedDirectories].
final class WatchedDirectory {

    final int wd;
    final Map<Path, WatchedDirectory> children = new HashMap<>();

    /// The parent directory; null for the root and for a detached directory.
    @Nullable
    WatchedDirectory parent;

    /// The name in the parent. Without a parent, the last known path below the root.
    Path name;

    /// The last read during which a path through this directory was passed to the kernel.
    int lastLookupRead;

    /// Whether its entries have not been listed since its watch was added.
    boolean unlisted = true;

    /// The read during which this directory was detached.
    int detachedRead;

    /// The last read that reported a new entry of this directory.
    int lastCreateRead;

    /// The former parent, after another directory has taken this one's place there.
    @Nullable
    WatchedDirectory displacedFrom;

    /// Whether IN_MOVED_TO has been read for the last rename and IN_MOVE_SELF has not.
    boolean moveSelfPending;

    WatchedDirectory(int wd, Path name) {
        this.wd = wd;
        this.name = name;
    }

    /// Returns the path below the root.
    Path path() {
        return parent == null ? name : parent.path().resolve(name);
    }

    /// Returns whether this directory has this parent and this name.
    boolean isAt(WatchedDirectory otherParent, Path otherName) {
        return parent == otherParent && name.equals(otherName);
    }

    /// Returns whether this directory is the other one or below it.
    boolean isWithin(WatchedDirectory other) {
        for (WatchedDirectory directory = this; directory != null; directory = directory.parent) {
            if (directory == other) {
                return true;
            }
        }
        return false;
    }

    /// Removes this directory from its parent.
    ///
    /// @return false if it had none
    boolean detach() {
        WatchedDirectory from = parent;
        if (from == null) {
            return false;
        }
        Path path = path();
        from.children.remove(name);
        name = path;
        parent = null;
        displacedFrom = null;
        return true;
    }

    /// Adds this directory to a parent. It must have none.
    void attach(WatchedDirectory newParent, Path newName) {
        newParent.children.put(newName, this);
        parent = newParent;
        name = newName;
    }

    /// Records that a path through this directory and its ancestors is passed to the kernel.
    void recordLookup(int read) {
        for (WatchedDirectory directory = this; directory != null; directory = directory.parent) {
            directory.lastLookupRead = Math.max(directory.lastLookupRead, read);
        }
    }
}
