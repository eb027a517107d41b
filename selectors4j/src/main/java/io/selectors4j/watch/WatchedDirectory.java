package io.selectors4j.watch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A directory of a [WatchedTree].
final class WatchedDirectory {

    final int wd;
    final Map<Path, WatchedDirectory> children = new HashMap<>();

    /// The directory that it is in; null for the root, and for one whose place is not known.
    @Nullable
    WatchedDirectory parent;

    /// Its name in the parent; without one, its last path below the root.
    Path name;

    /// In which read something was looked for by a path through here, for the last time.
    int touched;

    /// Whether what was in it when its watch began has not been told.
    boolean unlisted = true;

    /// In which read it has lost its place.
    int homelessSince;

    /// In which read something was told to have appeared in it, for the last time.
    int told;

    /// Where it was when another one came to its place.
    @Nullable
    WatchedDirectory displacedFrom;

    /// Whether an event has said that it was renamed to its place, and its own has not come yet.
    boolean arriving;

    WatchedDirectory(int wd, Path name) {
        this.wd = wd;
        this.name = name;
    }

    /// The path below the root.
    Path path() {
        return parent == null ? name : parent.path().resolve(name);
    }

    /// Whether this is its place.
    boolean isAt(WatchedDirectory place, Path other) {
        return parent == place && name.equals(other);
    }

    /// Whether it is another one, or somewhere below.
    boolean isWithin(WatchedDirectory other) {
        for (WatchedDirectory node = this; node != null; node = node.parent) {
            if (node == other) {
                return true;
            }
        }
        return false;
    }

    /// Goes from its place.
    ///
    /// @return whether it had one
    boolean leave() {
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

    /// Comes to a place, having none.
    void enter(WatchedDirectory place, Path itsName) {
        place.children.put(itsName, this);
        parent = place;
        name = itsName;
    }

    /// Notes that something is looked for by a path through here.
    void touch(int read) {
        for (WatchedDirectory node = this; node != null; node = node.parent) {
            node.touched = Math.max(node.touched, read);
        }
    }
}
