package io.selectors4j.watch;

import io.selectors4j.internal.linux.InotifyBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Gives fuzz tests access to the package-private state of an [InotifyTree], which they feed with events.
public final class WatchBytes {

    private final WatchedTree tree;

    /// Watches a tree. No other thread reads the inotify descriptor.
    public WatchBytes(int fd, Path root, int mask) throws IOException {
        tree = new WatchedTree(fd, root, mask);
    }

    /// Processes the events in a buffer.
    public List<TreeEvent> process(InotifyBuffer buffer, int count) throws IOException {
        return tree.process(buffer, count);
    }

    /// Returns whether the root is gone.
    public boolean isGone() {
        return tree.isGone();
    }

    /// Returns the directories that are watched.
    public Set<Path> directories() {
        return tree.directories();
    }
}
