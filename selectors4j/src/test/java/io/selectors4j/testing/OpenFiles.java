package io.selectors4j.testing;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The descriptors of this process: as proc(5) shows them, on Windows the sockets, on other systems the open numbers.
public final class OpenFiles {

    private static final Path FDS = Path.of("/proc/self/fd");
    private static final int O_CLOEXEC = 02000000;
    private static final int OCTAL = 8;

    /// Numbers below this one are checked where there is no proc(5).
    private static final int HIGHEST = 16_384;

    /// The value of a handle of Windows is a multiple of this number.
    private static final int HANDLE_STEP = 4;

    /// Whether [#list] tells the kinds of the descriptors.
    public static final boolean HAS_TARGETS = Platform.CURRENT.os() == Os.LINUX;

    private OpenFiles() {}

    /// Returns the target of each descriptor. Leaves out regular files and directories with a path, which the virtual
    /// machine opens by itself, for example to load classes, and the descriptors of [SimulatedKqueue].
    public static Map<Integer, String> list() throws IOException {
        Map<Integer, String> files = new TreeMap<>();
        if (!HAS_TARGETS) {
            for (int fd = 0; fd < HIGHEST; fd += Platform.IS_WINDOWS ? HANDLE_STEP : 1) {
                if (Libc.isOpen(fd)) {
                    files.put(fd, "open");
                }
            }
            return files;
        }
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
            return "/"; // the descriptor of this listing
        }
    }

    /// Returns the descriptors that are open now and were not open before.
    public static Map<Integer, String> since(Map<Integer, String> before) throws IOException {
        Map<Integer, String> now = list();
        now.entrySet().removeAll(before.entrySet());
        return now;
    }

    /// Returns whether a child process would inherit a descriptor.
    public static boolean isInherited(int fd) throws IOException {
        if (!HAS_TARGETS) {
            return Libc.isInherited(fd);
        }
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("flags:".length()).strip(), OCTAL))
                .allMatch(flags -> (flags & O_CLOEXEC) == 0);
    }
}
