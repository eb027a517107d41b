package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests of the contents of the jar, and of compiling against it.
class JarIT {

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile(Child.LIBRARY.toFile())) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .toList();
        }
    }

    @Test
    void jar_hasModuleDescriptorAndOnlyOwnClasses() throws IOException {
        assertThat(entries()).contains("module-info.class", "io/selectors4j/Selector.class");
        assertThat(entries())
                .allMatch(name -> name.equals("module-info.class")
                        || name.startsWith("io/selectors4j/")
                        || name.startsWith("META-INF/"));
        assertThat(entries()).noneMatch(name -> name.endsWith(".so") || name.endsWith(".dylib"));
    }

    @Test
    void module_exportsApiAndRequiresOnlyJdkModules() {
        ModuleReference reference =
                ModuleFinder.of(Child.LIBRARY).findAll().iterator().next();
        ModuleDescriptor descriptor = reference.descriptor();
        assertThat(descriptor.name()).isEqualTo("io.selectors4j");
        assertThat(descriptor.isAutomatic()).isFalse();
        assertThat(descriptor.version()).isPresent();
        assertThat(descriptor.exports().stream().filter(exports -> !exports.isQualified()))
                .extracting(Exports::source)
                .containsExactlyInAnyOrder(
                        "io.selectors4j",
                        "io.selectors4j.fd",
                        "io.selectors4j.os",
                        "io.selectors4j.process",
                        "io.selectors4j.tty",
                        "io.selectors4j.watch");
        assertThat(descriptor.requires().stream()
                        .filter(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC)))
                .extracting(Requires::name)
                .containsExactly("java.base");
        assertThat(descriptor.opens()).isEmpty();
    }

    @Test
    void program_runsWithRequiredModulesOnly() throws Exception {
        Child child = Child.onModulePath(
                List.of(
                        "--limit-modules=io.selectors4j.moduletest",
                        "--enable-native-access=io.selectors4j",
                        "--illegal-native-access=deny"),
                "all");
        assertThat(child.err()).isEmpty();
        assertThat(child.out().lines()).endsWith("ok");
    }

    private static final String USES_INTERNALS = """
            class Uses {
                static int number = io.selectors4j.internal.ffi.Errno.EBADF;
            }
            """;
    private static final String USES_EXPORTED = """
            import io.selectors4j.Selector;

            class Uses {
                static String name() throws java.io.IOException {
                    try (Selector<String> selector = Selector.open()) {
                        return selector.backend().name();
                    }
                }
            }
            """;

    private static Child compile(Path directory, String source) throws Exception {
        Path module =
                Files.writeString(directory.resolve("module-info.java"), "module user { requires io.selectors4j; }");
        Path user = Files.createDirectories(directory.resolve("user")).resolve("Uses.java");
        Files.writeString(user, "package user;\n" + source);
        return Child.run(
                Map.of(),
                List.of(
                        Child.tool("javac"),
                        "-d",
                        directory.resolve("classes").toString(),
                        "-p",
                        Child.LIBRARY.toString(),
                        "-Xlint:all",
                        "-Werror",
                        module.toString(),
                        user.toString()));
    }

    @Test
    void userCode_compilesWithoutJspecifyOrWarnings(@TempDir Path directory) throws Exception {
        Child javac = compile(directory, USES_EXPORTED);
        assertThat(javac.out() + javac.err()).isEmpty();
        assertThat(javac.exitCode()).isZero();
    }

    /// An annotation with members, such as `@GuardedBy("lock")`, makes javac warn where its class is missing.
    @Test
    void everyExportedTypeCanBeUsedWithoutAWarning(@TempDir Path directory) throws Exception {
        StringBuilder source = new StringBuilder("@SuppressWarnings(\"rawtypes\")\nclass Uses {\n");
        List<String> types = Exported.types();
        assertThat(types).contains("io.selectors4j.Selector", "io.selectors4j.fd.Fd");
        for (String type : types) {
            source.append("    static int hash(" + type + " used) { return used.hashCode(); }\n");
        }
        Child javac = compile(directory, source + "}\n");
        assertThat(javac.out() + javac.err()).isEmpty();
        assertThat(javac.exitCode()).isZero();
    }

    @Test
    void userCode_cannotUseInternals(@TempDir Path directory) throws Exception {
        Child javac = compile(directory, USES_INTERNALS);
        assertThat(javac.exitCode()).isNotZero();
        assertThat(javac.err()).contains("io.selectors4j.internal.ffi is not visible");
    }
}
