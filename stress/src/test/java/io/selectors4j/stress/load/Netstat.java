package io.selectors4j.stress.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The kernel's TCP counters in `/proc/net/netstat`. They count for the whole machine, so they can be larger than the
/// test's own numbers.
final class Netstat {

    private static final String TCP = "TcpExt:";

    private Netstat() {}

    /// Returns a counter. Of two lines, one has the names and the other has the values.
    static long value(String name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/net/netstat")).stream()
                .filter(line -> line.startsWith(TCP))
                .toList();
        int index = List.of(lines.getFirst().split(" ", -1)).indexOf(name);
        if (index < 0) {
            throw new AssertionError("unknown counter: " + name);
        }
        return Long.parseLong(lines.getLast().split(" ", -1)[index]);
    }
}
