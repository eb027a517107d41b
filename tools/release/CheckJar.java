import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes.Name;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/// Checks the contents of the jars of one artifact.
final class CheckJar {

    private static final String LICENSE = "META-INF/LICENSE";
    private static final String MODULE_INFO = "module-info.class";

    private CheckJar() {}

    /// Checks what all three jars contain: the license, and a manifest with the version.
    static List<String> common(Path file, String version, Path license) throws IOException {
        List<String> problems = new ArrayList<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            if (jar.getEntry(LICENSE) == null || !Arrays.equals(read(jar, LICENSE), Files.readAllBytes(license))) {
                problems.add("no " + LICENSE + " with the license of the project");
            }
            Manifest manifest = jar.getManifest();
            String found =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Name.IMPLEMENTATION_VERSION);
            if (!version.equals(found)) {
                problems.add("no Implementation-Version " + version + " in the manifest, but " + found);
            }
        }
        return problems;
    }

    /// Checks the module descriptor of a jar of classes.
    static List<String> module(Path file, String version) throws IOException {
        List<String> problems = new ArrayList<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            if (jar.getEntry(MODULE_INFO) == null) {
                problems.add("no " + MODULE_INFO);
                return problems;
            }
            ModuleDescriptor module = descriptor(jar);
            if (!module.rawVersion().orElse("").equals(version)) {
                problems.add(
                        MODULE_INFO + " has the version " + module.rawVersion().orElse("none"));
            }
            for (String entry : names(jar)) {
                if (entry.endsWith(".class") && packageOf(entry).isEmpty() && !entry.equals(MODULE_INFO)) {
                    problems.add(entry + " is in no package");
                }
            }
            for (String exported : exports(module)) {
                if (names(jar).stream().noneMatch(entry -> packageOf(entry).equals(exported))) {
                    problems.add("no class of the exported package " + exported);
                }
            }
        }
        return problems;
    }

    /// Checks that each class has its source file, and each source file a class.
    static List<String> sources(Path file, Path main) throws IOException {
        List<String> problems = new ArrayList<>();
        try (JarFile sources = new JarFile(file.toFile());
                JarFile classes = new JarFile(main.toFile())) {
            Set<String> expected = new TreeSet<>();
            for (String entry : names(classes)) {
                if (entry.endsWith(".class")) {
                    expected.add(sourceOf(entry, read(classes, entry)));
                }
            }
            Set<String> found = names(sources).stream()
                    .filter(entry -> entry.endsWith(".java"))
                    .collect(Collectors.toCollection(TreeSet::new));
            for (String missing : expected) {
                if (!found.contains(missing)) {
                    problems.add("no " + missing);
                }
            }
            for (String source : found) {
                // A package-info.java without annotations has no class.
                if (!expected.contains(source) && !source.endsWith("/package-info.java")) {
                    problems.add(source + " has no class");
                }
            }
        }
        return problems;
    }

    private static String sourceOf(String entry, byte[] bytes) {
        ClassModel model = ClassFile.of().parse(bytes);
        String directory = entry.substring(0, entry.lastIndexOf('/') + 1);
        return directory
                + model.findAttribute(Attributes.sourceFile())
                        .map(attribute -> attribute.sourceFile().stringValue())
                        .orElse(entry + " without a source file");
    }

    /// Checks that the documentation has a start page and a page of each exported package.
    static List<String> javadoc(Path file, Path main) throws IOException {
        List<String> problems = new ArrayList<>();
        try (JarFile javadoc = new JarFile(file.toFile());
                JarFile classes = new JarFile(main.toFile())) {
            Set<String> names = names(javadoc);
            if (classes.getEntry(MODULE_INFO) == null) {
                return problems;
            }
            ModuleDescriptor module = descriptor(classes);
            List<String> expected = new ArrayList<>(List.of("index.html", "element-list"));
            exports(module)
                    .forEach(exported ->
                            expected.add(module.name() + "/" + exported.replace('.', '/') + "/package-summary.html"));
            for (String page : expected) {
                if (!names.contains(page)) {
                    problems.add("no " + page);
                }
            }
            if (names.contains("element-list")) {
                Set<String> listed = new TreeSet<>(new String(read(javadoc, "element-list"), StandardCharsets.UTF_8)
                        .lines()
                        .toList());
                listed.remove("module:" + module.name());
                if (!listed.equals(exports(module))) {
                    problems.add("element-list is not the list of exported packages, but " + listed);
                }
            }
        }
        return problems;
    }

    private static Set<String> exports(ModuleDescriptor module) {
        return module.exports().stream()
                .filter(exported -> !exported.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ModuleDescriptor descriptor(JarFile jar) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(MODULE_INFO))) {
            return ModuleDescriptor.read(in);
        }
    }

    private static String packageOf(String entry) {
        int end = entry.lastIndexOf('/');
        return end < 0 ? "" : entry.substring(0, end).replace('/', '.');
    }

    private static Set<String> names(JarFile jar) {
        return jar.stream()
                .filter(entry -> !entry.isDirectory())
                .map(JarEntry::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static byte[] read(JarFile jar, String entry) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return in.readAllBytes();
        }
    }
}
