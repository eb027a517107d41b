package io.selectors4j.internal.doctor;

import io.selectors4j.fd.JdkChannels;
import io.selectors4j.internal.ffi.NativeAccess;
import io.selectors4j.internal.ffi.Platform;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Facts about the system and the Java virtual machine. What cannot be read is left out.
final class SystemFacts {

    /// The names of limits, and the files of proc(5) with them.
    private static final Map<String, String> LIMITS = Map.of(
            "files of all processes", "fs/file-max",
            "watches of epoll", "fs/epoll/max_user_watches",
            "inotify instances", "fs/inotify/max_user_instances",
            "inotify watches", "fs/inotify/max_user_watches",
            "inotify events in the queue", "fs/inotify/max_queued_events",
            "io_uring disabled", "kernel/io_uring_disabled");

    private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\S+) +(\\S+) +files *");
    private static final Pattern SECCOMP = Pattern.compile("Seccomp:\\s+(\\d)");
    private static final Pattern GLIBC = Pattern.compile("GNU C Library [ -~]{0,120}? version [0-9.]+[0-9]");

    private final Path root;

    /// Creates the facts of a system.
    ///
    /// @param root the directory that contains `proc`
    SystemFacts(Path root) {
        this.root = root;
    }

    void addLibrary(Map<String, Object> facts) {
        Module module = SystemFacts.class.getModule();
        String version = module.isNamed()
                ? module.getDescriptor().rawVersion().orElse(null)
                : SystemFacts.class.getPackage().getImplementationVersion();
        facts.put("version", Objects.requireNonNullElse(version, "unknown"));
        facts.put("loaded from", module.isNamed() ? "the module path" : "the class path");
    }

    void addSystem(Map<String, Object> facts) throws IOException {
        facts.put("name", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("platform", Platform.CURRENT.toString());
        putFirstLine(facts, "kernel", root.resolve("proc/version"));
        putCLibrary(facts);
        putMatch(facts, "seccomp mode", root.resolve("proc/self/status"), SECCOMP, "$1");
    }

    private static void putFirstLine(Map<String, Object> facts, String name, Path file) throws IOException {
        if (Files.isReadable(file)) {
            List<String> lines = Files.readAllLines(file);
            if (!lines.isEmpty()) {
                facts.put(name, lines.getFirst().strip());
            }
        }
    }

    private static void putMatch(Map<String, Object> facts, String name, Path file, Pattern pattern, String value)
            throws IOException {
        if (Files.isReadable(file)) {
            for (String line : Files.readAllLines(file)) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.matches()) {
                    facts.put(name, matcher.replaceFirst(value));
                }
            }
        }
    }

    /// Finds the C library among the mapped files. That of GNU contains a sentence about its version.
    private void putCLibrary(Map<String, Object> facts) throws IOException {
        Path maps = root.resolve("proc/self/maps");
        if (!Files.isReadable(maps)) {
            return;
        }
        try (Stream<String> lines = Files.lines(maps)) {
            List<Path> libraries = lines.filter(line -> line.matches(".*/(libc[.-][^/]*|ld-musl-[^/]*)"))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .distinct()
                    .toList();
            for (Path library : libraries) {
                facts.put("C library", describe(library));
            }
        }
    }

    private static String describe(Path library) throws IOException {
        if (Files.isReadable(library)) {
            Matcher version = GLIBC.matcher(Files.readString(library, StandardCharsets.ISO_8859_1));
            if (version.find()) {
                return version.group();
            }
        }
        return library.toString();
    }

    void addJava(Map<String, Object> facts) {
        facts.put("version", Runtime.version().toString());
        facts.put("virtual machine", System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.vendor"));
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        boolean enabled = SystemFacts.class.getModule().isNativeAccessEnabled();
        String denial = NativeAccess.denial();
        facts.put(
                "native access",
                enabled ? "enabled" : denial == null ? "enabled with a warning: no --enable-native-access" : denial);
        if (denial == null) {
            facts.put("channels of the JDK", describeChannels());
        }
    }

    private static String describeChannels() {
        try (DatagramChannel channel = DatagramChannel.open()) {
            JdkChannels.pollable(channel);
            return "available";
        } catch (IOException | UnsupportedOperationException e) {
            return String.valueOf(e.getMessage());
        }
    }

    void addLimits(Map<String, Object> facts) throws IOException {
        putMatch(facts, "open files (soft, hard)", root.resolve("proc/self/limits"), OPEN_FILES, "$1, $2");
        for (String name : LIMITS.keySet().stream().sorted().toList()) {
            putFirstLine(facts, name, root.resolve("proc/sys").resolve(LIMITS.get(name)));
        }
    }
}
