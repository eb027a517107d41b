package io.selectors4j.stress.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The kernel's counters of TCP: `/proc/net/netstat`. They are the whole machine's, so they can be larger than what a test has done.
final class Netstat {

    private static final String TCP = "TcpExt:";

    private Netstat() {}

    /// A counter: of two lines, one has the names and one the values.
    static long value(String name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/net/netstat")).stream()
                .filter(line -> line.startsWith(TCP))
                .toList();
        int place = List.of(lines.getFirst().split(" ", -1)).indexOf(name);
        if (place < 0) {
            throw new AssertionError("the kernel does not count " + name);
        }
        return Long.parseLong(lines.getLast().split(" ", -1)[place]);
    }
}
