package io.selectors4j.examples;

import io.selectors4j.NativeIOException;
import io.selectors4j.watch.InotifyFd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Counts the users of each watch of an [InotifyFd], which has one watch for a file however often it is added. The
/// watch is removed with its last user.
final class SharedWatches {

    private final InotifyFd inotify;
    private final Map<Integer, Integer> users = new HashMap<>();

    SharedWatches(InotifyFd inotify) {
        this.inotify = inotify;
    }

    /// Adds a watch, or a user of the existing one. All users of a path must pass the same mask.
    int add(Path path, int mask) throws IOException {
        int watch = inotify.addWatch(path, mask);
        users.merge(watch, 1, Integer::sum);
        return watch;
    }

    /// Removes a user of a watch.
    void remove(int watch) throws IOException {
        if (users.merge(watch, -1, (count, less) -> count + less == 0 ? null : count + less) == null) {
            try {
                inotify.removeWatch(watch);
            } catch (NativeIOException e) {
                if (!e.errnoName().equals("EINVAL")) { // the watch was removed with its file
                    throw e;
                }
            }
        }
    }
}
