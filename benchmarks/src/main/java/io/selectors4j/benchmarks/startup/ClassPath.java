package io.selectors4j.benchmarks.startup;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// Jars for the class path: an AOT cache does not support directories.
final class ClassPath {

    private ClassPath() {}

    /// Returns the jar of a class. If the class is in a directory, this method packs the directory first.
    ///
    /// @param target the jar to create
    static Path jarOf(Class<?> type, Path target) throws IOException {
        Path source;
        try {
            source = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        if (Files.isRegularFile(source)) {
            return source;
        }
        pack(source, target);
        return target;
    }

    private static void pack(Path directory, Path jar) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(directory)) {
            files = tree.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .toList();
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (Path file : files) {
                entries.putNextEntry(new JarEntry(directory.relativize(file).toString()));
                Files.copy(file, entries);
            }
        }
    }
}
