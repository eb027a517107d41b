package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests of the agent of the jar.
class AgentIT {

    private static final String PROGRAM = """
            import io.selectors4j.*;
            import io.selectors4j.fd.*;
            import java.util.Arrays;

            void main() throws Exception {
                try (var selector = Selector.<String>open(); var pipe = PipeFd.open()) {
                    selector.register(pipe.reader(), Interest.READ, "data");
                    IO.println("ready");
                    System.in.read();
                }
            }
            """;

    @Test
    void jcmd_dumpsTheSelectorsOfAProgram(@TempDir Path directory) throws Exception {
        Path source = Files.writeString(directory.resolve("Program.java"), PROGRAM);
        Path dump = directory.resolve("dump.txt");
        Process program = new ProcessBuilder(
                        Child.tool("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Child.LIBRARY.toString(),
                        source.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = program.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("ready");
            Child jcmd = Child.run(
                    Map.of(),
                    List.of(
                            Child.tool("jcmd"),
                            Long.toString(program.pid()),
                            "JVMTI.agent_load",
                            Child.LIBRARY.toAbsolutePath().toString(),
                            dump.toString()));

            assertThat(jcmd.exitCode()).describedAs(jcmd.out() + jcmd.err()).isZero();
            assertThat(dump)
                    .content()
                    .containsPattern("EpollSelector#1: 1 key, no thread is selecting\n")
                    .containsPattern("fd \\d+: PipeFd\\[fd=\\d+] waits for READ, kernel: EPOLLIN\\|");
        } finally {
            program.destroyForcibly().waitFor();
        }
    }
}
