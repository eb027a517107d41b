package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the program in the README as the README says.
class ReadmeIT {

    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void readmeProgram_waitsForKeyboard(@TempDir Path directory) throws Exception {
        Matcher program = PROGRAM.matcher(Files.readString(Path.of("../README.md")));
        assertThat(program.find()).isTrue();
        Path file = Files.writeString(directory.resolve("Hello.java"), program.group(1));

        Process process = new ProcessBuilder(
                        Child.tool("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Child.LIBRARY.toString(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close(); // the end of the input ends the program
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(out.lines())
                    .hasSizeBetween(2, 3)
                    .anyMatch(line -> line.startsWith("Type a line, or connect to /127.0.0.1:"))
                    .anyMatch(line -> line.startsWith("keyboard is ready: READ (POLLIN"));
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
