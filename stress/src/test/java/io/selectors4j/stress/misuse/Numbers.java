package io.selectors4j.stress.misuse;

import io.selectors4j.Await;
import io.selectors4j.fd.EventFd;
import io.selectors4j.testing.FakeKqueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The numbers of descriptors that are in use, and for what, as proc(5) shows them.
final class Numbers {

    private static final Path FDS = Path.of("/proc/self/fd");

    private Numbers() {}

    /// Has the library open what it opens for itself and keeps: the set of its watching thread.
    static void settle() throws IOException, InterruptedException {
        try (EventFd event = EventFd.open(0)) {
            Await.readable(event, Duration.ofNanos(1));
        }
    }

    /// What each number is for, but for files and directories: the virtual machine opens such by itself; and for what belongs to a kernel
    /// that is written in Java.
    static Map<Integer, String> list() throws IOException {
        Map<Integer, String> numbers = new TreeMap<>();
        try (Stream<Path> links = Files.list(FDS)) {
            for (Path link : links.toList()) {
                String target = target(link);
                if (!target.startsWith("/") || target.startsWith("/dev/") || target.startsWith("/memfd:")) {
                    numbers.put(Integer.valueOf(link.getFileName().toString()), target);
                }
            }
        }
        numbers.keySet().removeAll(FakeKqueue.hiddenDescriptors());
        return numbers;
    }

    /// What has come since.
    static Map<Integer, String> since(Map<Integer, String> before) throws IOException {
        Map<Integer, String> now = list();
        now.keySet().removeAll(before.keySet());
        return now;
    }

    /// What the kernel tells of an open file.
    static String info(int number) throws IOException {
        return Files.readString(Path.of("/proc/self/fdinfo/" + number));
    }

    /// Whether a number was opened for writing only.
    static boolean isWriter(int number) throws IOException {
        return info(number).lines().filter(line -> line.startsWith("flags:")).anyMatch(line -> line.endsWith("1"));
    }

    private static String target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "/"; // the descriptor of this very listing
        }
    }
}
