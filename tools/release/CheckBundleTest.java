import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Tests [CheckBundle] on a correct bundle, and on copies with one defect each.
final class CheckBundleTest {

    private static final List<String> SUFFIXES =
            List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json");

    private final Path correct;
    private final Path license;
    private final List<String> artifacts;
    private final Path work;
    private int passed;
    private int failed;

    private CheckBundleTest(Path correct, Path license, List<String> artifacts, Path work) {
        this.correct = correct;
        this.license = license;
        this.artifacts = artifacts;
        this.work = work;
    }

    /// A defect, made in the directory of one artifact.
    private interface Defect {
        void make(Path directory) throws IOException;
    }

    /// A defect, made in the root of a jar.
    private interface JarDefect {
        void make(Path root) throws IOException;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("check-bundle");
        try {
            CheckBundleTest test = new CheckBundleTest(
                    Path.of(args[0]), Path.of(args[1]), Arrays.asList(args).subList(2, args.length), work);
            test.run();
            System.out.println(test.passed + " passed, " + test.failed + " failed");
            if (test.failed != 0) {
                System.exit(1);
            }
        } finally {
            delete(work);
        }
    }

    private void run() throws IOException, InterruptedException {
        List<String> failures = CheckBundle.check(correct, license, artifacts);
        report("a correct bundle", failures.isEmpty(), failures);
        for (String artifact : artifacts) {
            missingAndChangedFiles(artifact);
            poms(artifact);
            jars(artifact);
            others(artifact);
        }
    }

    private void missingAndChangedFiles(String artifact) throws IOException, InterruptedException {
        for (String suffix : SUFFIXES) {
            for (String further : List.of("", ".asc", ".md5", ".sha1")) {
                String end = suffix + further;
                expect(artifact, end, "missing", directory -> Files.delete(find(directory, end)));
            }
            Defect change = directory -> {
                Path file = find(directory, suffix);
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            };
            expect(artifact, suffix + ".asc", "does not verify", change);
            expect(artifact, suffix + ".md5", "does not match", change);
            expect(artifact, suffix + ".sha1", "does not match", change);
        }
        expect(
                artifact,
                "-sources.jar.asc",
                "does not verify",
                directory -> Files.copy(
                        find(directory, ".jar.asc"),
                        find(directory, "-sources.jar.asc"),
                        StandardCopyOption.REPLACE_EXISTING));
    }

    private void poms(String artifact) throws IOException, InterruptedException {
        Map<String, String> emptied = Map.of(
                "<name>selectors4j[^<]*<",
                "no name",
                "<description>[^<]*<",
                "no description",
                "<name>Apache[^<]*<",
                "no licenses/license/name",
                "<connection>[^<]*<",
                "no scm/connection",
                "<developerConnection>[^<]*<",
                "no scm/developerConnection",
                "<artifactId>" + artifact + "<",
                "artifactId is not",
                "<groupId>io.selectors4j<",
                "groupId is not");
        for (var entry : emptied.entrySet()) {
            String element = entry.getKey().substring(0, entry.getKey().indexOf('>') + 1);
            editPom(artifact, entry.getKey(), element + "<", entry.getValue());
        }
        editPom(artifact, "</description>\\s*<url>[^<]*</url>", "</description>", "no url");
        for (String section : List.of("licenses", "developers", "scm")) {
            editPom(artifact, "(?s)<" + section + "[ >].*</" + section + ">", "", "no " + section + "/");
        }
        editPom(artifact, "</project>", "<parent><artifactId>p</artifactId></parent></project>", "has parent");
        editPom(artifact, "</project>", "<build/></project>", "has build");
        editPom(artifact, "</description>", "-SNAPSHOT</description>", "has a snapshot version");
        editPom(artifact, "</description>", "\\${x}</description>", "has a snapshot version or a property");
        editPom(artifact, "(?s)<scope>provided<", "<scope>compile<", "depends on com.google.errorprone");
        editPom(artifact, "(?s)<scope>provided<", "<scope>test<", "depends on com.google.errorprone");
        editPom(artifact, "<optional>true<", "<optional>false<", "depends on org.jspecify");
        editPom(artifact, "</project>", "", "org.xml.sax");
    }

    private void editPom(String artifact, String regex, String replacement, String problem)
            throws IOException, InterruptedException {
        expect(artifact, ".pom", problem, directory -> edit(find(directory, ".pom"), regex, replacement));
    }

    private void jars(String artifact) throws IOException, InterruptedException {
        for (String suffix : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
            editJar(artifact, suffix, "no META-INF/LICENSE", root -> Files.delete(root.resolve("META-INF/LICENSE")));
            editJar(
                    artifact,
                    suffix,
                    "no META-INF/LICENSE",
                    root -> Files.writeString(root.resolve("META-INF/LICENSE"), "another"));
            editJar(
                    artifact,
                    suffix,
                    "no Implementation-Version",
                    root -> edit(root.resolve("META-INF/MANIFEST.MF"), "Implementation-Version: ", "X: "));
            expect(
                    artifact,
                    suffix,
                    "java.util.zip.ZipException",
                    directory -> Files.write(find(directory, suffix), new byte[1]));
        }
        editJar(artifact, ".jar", "no module-info.class", root -> Files.delete(root.resolve("module-info.class")));
        editJar(
                artifact,
                ".jar",
                "Stray.class is in no package",
                root -> Files.copy(first(root, ".class"), root.resolve("Stray.class")));
        editJar(artifact, "-sources.jar", "no ", root -> Files.delete(first(root, ".java")));
        editJar(
                artifact,
                "-sources.jar",
                "no module-info.java",
                root -> Files.delete(root.resolve("module-info.java")));
        editJar(
                artifact,
                "-sources.jar",
                "io/Stray.java has no class",
                root -> Files.writeString(root.resolve("io/Stray.java"), ""));
        editJar(artifact, "-javadoc.jar", "no index.html", root -> Files.delete(root.resolve("index.html")));
        editJar(
                artifact,
                "-javadoc.jar",
                "element-list is not",
                root -> edit(root.resolve("element-list"), "\\z", "io.selectors4j.internal.ffi\n"));
        editJar(
                artifact,
                "-javadoc.jar",
                "no io.selectors4j",
                root -> Files.delete(first(root, "/package-summary.html")));
    }

    private void editJar(String artifact, String suffix, String problem, JarDefect defect)
            throws IOException, InterruptedException {
        expect(artifact, suffix, problem, directory -> {
            URI uri = URI.create("jar:" + find(directory, suffix).toUri());
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                defect.make(jar.getPath("/"));
            }
        });
    }

    private void others(String artifact) throws IOException, InterruptedException {
        expect(
                artifact,
                "-cyclonedx.json",
                "no CycloneDX bill",
                directory -> edit(find(directory, "-cyclonedx.json"), "\"bom-ref\"", "\"other\""));
        expect(
                artifact,
                "-tests.jar",
                "unexpected",
                directory -> Files.copy(
                        find(directory, ".jar"),
                        Path.of(find(directory, ".jar").toString().replaceAll("\\.jar$", "-tests.jar"))));
        expect(artifact, ".pom", "missing", CheckBundleTest::delete);
        expect(
                artifact,
                null,
                "not one released version",
                directory -> Files.move(directory, Path.of(directory + "-SNAPSHOT")));
    }

    /// Checks a copy of the bundle with a defect.
    ///
    /// @param suffix the end of the name of the file that a failure must name; null: the repository
    /// @param problem the beginning of the failure
    private void expect(String artifact, String suffix, String problem, Defect defect)
            throws IOException, InterruptedException {
        Path copy = work.resolve("copy");
        delete(copy);
        copy(correct, copy);
        Path directory;
        try (Stream<Path> versions = Files.list(copy.resolve("io/selectors4j", artifact))) {
            directory = versions.findFirst().orElseThrow();
        }
        String name = suffix == null ? copy.toString() : artifact + "-" + directory.getFileName() + suffix;
        defect.make(directory);
        List<String> failures = CheckBundle.check(copy, license, artifacts);
        String expected = name + ": " + problem;
        boolean found = failures.stream().anyMatch(failure -> failure.startsWith(expected));
        report(expected, found, failures);
    }

    private void report(String title, boolean success, List<String> failures) {
        if (success) {
            passed++;
        } else {
            failed++;
            System.err.println("not as expected: " + title + "; the failures are " + failures);
        }
    }

    /// Returns the file of an artifact with this end.
    private static Path find(Path directory, String suffix) {
        String artifact = directory.getParent().getFileName().toString();
        return directory.resolve(artifact + "-" + directory.getFileName() + suffix);
    }

    private static Path first(Path root, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(suffix) && file.getNameCount() > 1)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void edit(Path file, String regex, String replacement) throws IOException {
        String before = Files.readString(file);
        String after = before.replaceFirst(regex, replacement);
        if (after.equals(before)) {
            throw new IllegalStateException(regex + " is not in " + file);
        }
        Files.writeString(file, after);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path source : (Iterable<Path>) tree::iterator) {
                Files.copy(source, to.resolve(from.relativize(source).toString()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> paths = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(directory)) {
            tree.sorted(Comparator.reverseOrder()).forEach(paths::add);
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
