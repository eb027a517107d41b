package io.selectors4j.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) throws IOException {
        return Doctor.run(
                List.of(args),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void text_hasTheResultOfEachBackend() throws IOException {
        assertThat(run()).isZero();
        assertThat(err.size()).isZero();
        for (Backend backend : Backend.values()) {
            String expected = backend.isAvailable()
                    ? "passed: ready after [0-9.]+ ms, woken after [0-9.]+ ms, a wait of 1 ms takes [0-9.]+ ms"
                    : "not available: .+";
            assertThat(out().lines()).anyMatch(line -> line.matches("  " + backend + " +" + expected));
        }
        assertThat(out().lines())
                .anyMatch(line -> line.matches("  virtual threads +passed: ready after [0-9.]+ ms"))
                .anyMatch(line -> line.matches("  best +" + Backend.best()))
                .contains("library", "system", "java", "limits", "kernel", "backends");
    }

    @Test
    @Tag("linux")
    void linux_hasLimitsAndKernelFeatures() throws IOException {
        assertThat(run()).isZero();
        assertThat(out().lines())
                .anyMatch(line -> line.matches("  open files \\(soft, hard\\) +\\d+, \\d+"))
                .anyMatch(line -> line.matches("  inotify watches +\\d+"))
                .anyMatch(line -> line.matches("  kernel +Linux version .+"))
                .anyMatch(line -> line.matches("  C library +(GNU C Library .*version [0-9.]+|/.*)"))
                .anyMatch(line -> line.matches("  seccomp mode +[012]"))
                .anyMatch(line -> line.matches("  epoll_pwait2 +(available|missing .+)"))
                .anyMatch(line -> line.matches("  io_uring.* +.+"));
    }

    @Test
    void json_hasTheSameFacts() throws IOException {
        assertThat(run("--json")).isZero();
        assertThat(out()).startsWith("{").endsWith("}" + System.lineSeparator());
        for (Backend backend : Backend.values()) {
            assertThat(out())
                    .contains("\"" + backend + "\": \"" + (backend.isAvailable() ? "passed" : "not available"));
        }
    }

    @Test
    void arguments_areChecked() throws IOException {
        assertThat(run("--help")).isZero();
        assertThat(out()).startsWith("usage: ");
        for (List<String> wrong : List.of(List.of("--yaml"), List.of("--json", "more"), List.of(""))) {
            err.reset();
            assertThat(run(wrong.toArray(String[]::new))).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("usage: ");
        }
    }

    @Test
    void jsonStrings_areEscaped() {
        Report report = new Report();
        report.section("a \"title\"").put("a\\b", "tab \t, \u00e4, \ud83d\ude00");
        report.section("more").put("number", 7);
        report.section("more").put("boolean", true);
        assertThat(report.toJson()).isEqualTo("""
                {
                  "a \\"title\\"": {
                    "a\\\\b": "tab \\u0009, \\u00e4, \\ud83d\\ude00"
                  },
                  "more": {
                    "number": 7,
                    "boolean": true
                  }
                }""");
    }

    @Test
    void systemWithoutProc_hasOtherFacts(@TempDir Path root) throws IOException {
        SystemFacts facts = new SystemFacts(root);
        Map<String, Object> system = new LinkedHashMap<>();
        facts.addSystem(system);
        facts.addLimits(system);
        assertThat(system).containsOnlyKeys("name", "platform");
    }

    @Test
    void musl_isNamedByItsFile(@TempDir Path root) throws IOException {
        Path self = Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(self.resolve("maps"), """
                7f0000000000-7f0000001000 r--p 00000000 08:01 1234  /lib/ld-musl-x86_64.so.1
                7f0000001000-7f0000002000 r-xp 00001000 08:01 1234  /lib/ld-musl-x86_64.so.1
                7f0000003000-7f0000004000 r--p 00000000 08:01 99    /usr/lib/libcap.so.2
                """);
        Map<String, Object> system = new LinkedHashMap<>();
        new SystemFacts(root).addSystem(system);
        assertThat(system).containsEntry("C library", "/lib/ld-musl-x86_64.so.1");
    }
}
