package io.selectors4j.examples;

import io.selectors4j.NativeIOException;
import io.selectors4j.watch.InotifyFd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The watches of an [InotifyFd], which gives one and the same for one file, whoever asks: it is removed when the last one
/// does not need it any more.
final class Watches {

    private final InotifyFd inotify;
    private final Map<Integer, Integer> users = new HashMap<>();

    Watches(InotifyFd inotify) {
        this.inotify = inotify;
    }

    /// Watches a path, for the same events as everybody else.
    ///
    /// @return the watch
    int add(Path path, int mask) throws IOException {
        int watch = inotify.addWatch(path, mask);
        users.merge(watch, 1, Integer::sum);
        return watch;
    }

    void remove(int watch) throws IOException {
        if (users.merge(watch, -1, (count, less) -> count + less == 0 ? null : count + less) == null) {
            try {
                inotify.removeWatch(watch);
            } catch (NativeIOException e) {
                if (!e.errnoName().equals("EINVAL")) { // it has gone with its file
                    throw e;
                }
            }
        }
    }
}
