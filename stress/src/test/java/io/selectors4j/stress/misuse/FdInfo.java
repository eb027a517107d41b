package io.selectors4j.stress.misuse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Information of proc(5) about descriptors.
final class FdInfo {

    private FdInfo() {}

    /// Returns the kernel's information about an open file.
    static String info(int number) throws IOException {
        return Files.readString(Path.of("/proc/self/fdinfo/" + number));
    }

    /// Returns whether a number was opened for writing only.
    static boolean isWriter(int number) throws IOException {
        return info(number).lines().filter(line -> line.startsWith("flags:")).anyMatch(line -> line.endsWith("1"));
    }
}
