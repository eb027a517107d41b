package io.selectors4j.stress.misuse;

import io.selectors4j.Await;
import io.selectors4j.fd.EventFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What proc(5) shows of single descriptors.
final class Numbers {

    private Numbers() {}

    /// Has the library open what it opens for itself and keeps: the set of its watching thread.
    static void settle() throws IOException, InterruptedException {
        try (EventFd event = EventFd.open(0)) {
            Await.readable(event, Duration.ofNanos(1));
        }
    }

    /// What the kernel tells of an open file.
    static String info(int number) throws IOException {
        return Files.readString(Path.of("/proc/self/fdinfo/" + number));
    }

    /// Whether a number was opened for writing only.
    static boolean isWriter(int number) throws IOException {
        return info(number).lines().filter(line -> line.startsWith("flags:")).anyMatch(line -> line.endsWith("1"));
    }
}
