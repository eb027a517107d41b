import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks a Maven repository of one release against the rules of Maven Central and of this project.
final class CheckBundle {

    /// The files of an artifact, without its name and version. Each one has a signature.
    private static final List<String> FILES =
            List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json");

    private static final Map<String, String> CHECKSUMS = new TreeMap<>(Map.of(".md5", "MD5", ".sha1", "SHA-1"));

    private final Path repository;
    private final Path license;
    private final Set<String> artifacts;
    private final List<String> failures = new ArrayList<>();

    private CheckBundle(Path repository, Path license, List<String> artifacts) {
        this.repository = repository;
        this.license = license;
        this.artifacts = new TreeSet<>(artifacts);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> failures =
                check(Path.of(args[0]), Path.of(args[1]), Arrays.asList(args).subList(2, args.length));
        failures.forEach(System.err::println);
        if (!failures.isEmpty()) {
            System.err.println(failures.size() + " checks failed in " + args[0]);
            System.exit(1);
        }
        System.out.println(args[0] + " is complete and correct");
    }

    /// Returns the failures of a bundle. Each one begins with the name of the file.
    ///
    /// @param artifacts the artifact ids that the bundle must contain
    static List<String> check(Path repository, Path license, List<String> artifacts)
            throws IOException, InterruptedException {
        CheckBundle check = new CheckBundle(repository, license, artifacts);
        check.run();
        return check.failures;
    }

    private void run() throws IOException, InterruptedException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(repository)) {
            files = tree.filter(Files::isRegularFile).sorted().toList();
        }
        Set<String> versions = files.stream()
                .map(file -> file.getParent().getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        if (versions.size() != 1 || versions.iterator().next().endsWith("-SNAPSHOT")) {
            failures.add(repository + ": not one released version, but " + versions);
            return;
        }
        String version = versions.iterator().next();
        Set<Path> expected = new TreeSet<>();
        for (String artifact : artifacts) {
            Path directory = repository.resolve("io", "selectors4j", artifact, version);
            UnaryOperator<String> name = suffix -> artifact + "-" + version + suffix;
            for (String suffix : FILES) {
                Path file = directory.resolve(name.apply(suffix));
                expected.addAll(checkFile(file));
            }
            checkContents(directory, artifact, version, name);
        }
        for (Path file : files) {
            String name = file.toString();
            boolean checksumOfSignature =
                    CHECKSUMS.keySet().stream().anyMatch(suffix -> name.endsWith(".asc" + suffix));
            if (!expected.contains(file) && !checksumOfSignature) {
                fail(file, "unexpected");
            }
        }
    }

    /// Checks that a file has a signature and checksums.
    ///
    /// @return these files
    private List<Path> checkFile(Path file) throws IOException, InterruptedException {
        List<Path> expected = new ArrayList<>(List.of(file));
        Path signature = Path.of(file + ".asc");
        expected.add(signature);
        if (isPresent(file) & isPresent(signature)) {
            checkSignature(file, signature);
        }
        for (var checksum : CHECKSUMS.entrySet()) {
            Path of = Path.of(file + checksum.getKey());
            expected.add(of);
            if (isPresent(of) && Files.exists(file)) {
                String computed = digest(checksum.getValue(), Files.readAllBytes(file));
                if (!Files.readString(of).strip().equals(computed)) {
                    fail(of, "does not match " + file.getFileName());
                }
            }
        }
        return expected;
    }

    private boolean isPresent(Path file) {
        if (!Files.exists(file)) {
            fail(file, "missing");
            return false;
        }
        return true;
    }

    private static String digest(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(algorithm, e);
        }
    }

    private void checkSignature(Path file, Path signature) throws IOException, InterruptedException {
        Process gpg = new ProcessBuilder(
                        "gpg", "--batch", "--status-fd", "1", "--verify", signature.toString(), file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(gpg.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (gpg.waitFor() != 0 || !output.contains("[GNUPG:] VALIDSIG ")) {
            fail(signature, "does not verify: " + output.strip().replace('\n', ' '));
        }
    }

    private void checkContents(Path directory, String artifact, String version, UnaryOperator<String> name)
            throws IOException {
        Path pom = directory.resolve(name.apply(".pom"));
        if (Files.exists(pom)) {
            CheckPom.check(pom, artifact, version).forEach(problem -> fail(pom, problem));
        }
        Path main = directory.resolve(name.apply(".jar"));
        Path sources = directory.resolve(name.apply("-sources.jar"));
        Path javadoc = directory.resolve(name.apply("-javadoc.jar"));
        for (Path jar : List.of(main, sources, javadoc)) {
            if (Files.exists(jar)) {
                readable(jar, () -> CheckJar.common(jar, version, license));
            }
        }
        if (Files.exists(main)) {
            readable(main, () -> CheckJar.module(main, version));
        }
        if (Files.exists(main) && Files.exists(sources)) {
            readable(sources, () -> CheckJar.sources(sources, main));
        }
        if (Files.exists(main) && Files.exists(javadoc)) {
            readable(javadoc, () -> CheckJar.javadoc(javadoc, main));
        }
        Path bill = directory.resolve(name.apply("-cyclonedx.json"));
        if (Files.exists(bill)) {
            checkBill(bill, "\"bom-ref\" : \"pkg:maven/io.selectors4j/" + artifact + "@" + version + "?type=jar\"");
        }
    }

    private interface Reading {
        List<String> problems() throws IOException;
    }

    /// Adds the failures of a jar; a jar that cannot be read is one.
    private void readable(Path jar, Reading reading) {
        try {
            reading.problems().forEach(problem -> fail(jar, problem));
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            fail(jar, e.toString());
        }
    }

    private void checkBill(Path bill, String reference) throws IOException {
        String text = Files.readString(bill);
        if (!text.contains("\"bomFormat\" : \"CycloneDX\"") || !text.contains(reference)) {
            fail(bill, "no CycloneDX bill of this version");
        }
    }

    private void fail(Path file, String problem) {
        failures.add(file.getFileName() + ": " + problem);
    }
}
