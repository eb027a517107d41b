package io.selectors4j.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Operations on whole directories. They do not follow symbolic links.
public final class Directories {

    private Directories() {}

    /// Deletes a file, or a directory with all its contents.
    public static void delete(Path path) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(path)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path one : paths) {
            Files.delete(one);
        }
    }

    /// Returns a directory and all directories below it.
    public static Set<Path> below(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            Set<Path> directories = new TreeSet<>();
            all.filter(one -> Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)).forEach(directories::add);
            return directories;
        }
    }

    /// Returns the limit of events that an inotify descriptor queues.
    public static int maxQueuedEvents() throws IOException {
        // One read: the kernel returns the setting to the first read only.
        return Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events"))
                .getFirst());
    }
}
