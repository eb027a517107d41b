package io.selectors4j.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The descriptors of this process, as proc(5) shows them.
public final class OpenFiles {

    private static final Path FDS = Path.of("/proc/self/fd");
    private static final int O_CLOEXEC = 02000000;
    private static final int OCTAL = 8;

    private OpenFiles() {}

    /// What each descriptor refers to, but for what the virtual machine opens by itself: regular files and directories that have a path,
    /// classes among them, and for what belongs to the kernel that [SimulatedKqueue] is.
    public static Map<Integer, String> list() throws IOException {
        Map<Integer, String> files = new TreeMap<>();
        try (Stream<Path> links = Files.list(FDS)) {
            for (Path link : links.toList()) {
                String target = target(link);
                if (!target.startsWith("/") || target.startsWith("/dev/") || target.startsWith("/memfd:")) {
                    files.put(Integer.valueOf(link.getFileName().toString()), target);
                }
            }
        }
        files.keySet().removeAll(SimulatedKqueue.hiddenDescriptors());
        return files;
    }

    private static String target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "/"; // the descriptor of this very listing
        }
    }

    /// What is open now and was not before.
    public static Map<Integer, String> since(Map<Integer, String> before) throws IOException {
        Map<Integer, String> now = list();
        now.entrySet().removeAll(before.entrySet());
        return now;
    }

    /// Whether a child process would inherit a descriptor.
    public static boolean isInherited(int fd) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("flags:".length()).strip(), OCTAL))
                .allMatch(flags -> (flags & O_CLOEXEC) == 0);
    }
}
