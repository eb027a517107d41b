package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the first program of the README in each of the ways that the README names, with the text of its blocks. The
/// library is in a local Maven repository of this test.
@Tag("ci")
class QuickStartIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path REPOSITORY =
            Path.of("target/quick-start-repository").toAbsolutePath();

    @TempDir
    Path folder;

    private String readme = "";

    @BeforeEach
    void readReadme() throws IOException {
        readme = Files.readString(ROOT.resolve("README.md"));
    }

    /// Returns the first block of a language in a section.
    private String block(String heading, String language) {
        Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(readme.substring(readme.indexOf("\n" + heading + "\n")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private String program() {
        return block("## First program", "java");
    }

    private Path write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    /// Installs the library as `mvn install` does.
    private static void install() throws IOException {
        Path group = REPOSITORY.resolve("io/selectors4j");
        for (String artifact : List.of("selectors4j-parent", "selectors4j")) {
            Path version = Files.createDirectories(group.resolve(artifact).resolve("0.2.0-SNAPSHOT"));
            Path pom = ROOT.resolve(artifact.equals("selectors4j") ? "selectors4j/pom.xml" : "pom.xml");
            Files.write(version.resolve(artifact + "-0.2.0-SNAPSHOT.pom"), Files.readAllBytes(pom));
        }
        Path jar = group.resolve("selectors4j/0.2.0-SNAPSHOT/selectors4j-0.2.0-SNAPSHOT.jar");
        Files.write(jar, Files.readAllBytes(Child.LIBRARY));
    }

    /// Runs a command of the README in a shell, types a line and the end of the input, and checks the output.
    private void assertRuns(String command) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        String java = System.getProperty("java.home");
        builder.environment().put("JAVA_HOME", java);
        String bin = java + "/bin" + File.pathSeparator + System.getProperty("maven.bin");
        builder.environment().merge("PATH", bin, (path, first) -> first + File.pathSeparator + path);
        builder.environment().put("JBANG_REPO", REPOSITORY.toString());
        builder.environment().put("JBANG_DIR", folder.resolve(".jbang").toString());
        Process process = builder.start();
        try {
            process.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            assertThat(Files.readAllLines(output))
                    .anyMatch(line -> line.startsWith("Type a line, or connect to /127.0.0.1:"))
                    .anyMatch(line -> line.startsWith("keyboard is ready: READ"))
                    .noneMatch(line -> line.contains("WARNING: A restricted method"));
            assertThat(ended).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void java_runsTheProgram() throws Exception {
        write("Hello.java", program());
        Path jar = folder.resolve("selectors4j/target/selectors4j.jar");
        Files.createDirectories(jar.getParent());
        Files.copy(Child.LIBRARY, jar);
        assertRuns(block("### java", "sh"));
    }

    @Test
    void maven_runsTheProgram() throws Exception {
        install();
        write("src/main/java/Hello.java", program());
        write("pom.xml", block("### Maven", "xml"));
        write(".mvn/maven.config", "-Dmaven.repo.local=" + REPOSITORY + "\n");
        assertRuns(block("### Maven", "sh"));
    }

    /// The launcher of JBang is a script that runs the command that JBang prints.
    @Test
    void jbang_runsTheProgram() throws Exception {
        install();
        write("Hello.java", block("### JBang", "java") + program());
        write("jbang", "#!/bin/sh\neval \"$(java -jar \"$JBANG_JAR\" run \"$@\")\"\n")
                .toFile()
                .setExecutable(true);
        assertRuns("export JBANG_JAR=" + System.getProperty("jbang.jar") + " PATH=\"$PWD:$PATH\"\n"
                + block("### JBang", "sh"));
    }
}
