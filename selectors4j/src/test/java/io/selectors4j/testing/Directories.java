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

/// What a test does with whole directories. Symbolic links are not followed.
public final class Directories {

    private Directories() {}

    /// Deletes a directory, or a file, with all below.
    public static void delete(Path path) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(path)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path one : paths) {
            Files.delete(one);
        }
    }

    /// A directory and all directories below.
    public static Set<Path> below(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            Set<Path> directories = new TreeSet<>();
            all.filter(one -> Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)).forEach(directories::add);
            return directories;
        }
    }

    /// How many events an inotify descriptor holds.
    public static int maxQueuedEvents() throws IOException {
        // In one read: the kernel gives a setting to the first one only.
        return Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events"))
                .getFirst());
    }
}
