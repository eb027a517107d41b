package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The jar of `selectors4j-testing` on the module path, and the library without it.
class SimulationIT {

    private static final String PROGRAM = """
            package user;

            import io.selectors4j.Interest;
            import io.selectors4j.Selector;
            import io.selectors4j.testing.Simulation;
            import java.nio.ByteBuffer;
            import java.time.Duration;

            class Main {
                public static void main(String[] args) throws Exception {
                    Simulation simulation = Simulation.create(1);
                    try (Selector<String> selector = simulation.openSelector()) {
                        Simulation.Pair pair = simulation.openPair();
                        selector.register(pair.first(), Interest.READ, "data");
                        simulation.after(Duration.ofDays(1), () -> pair.second().write(ByteBuffer.allocate(1)));
                        System.out.println(selector.select().getFirst().readiness() + " after " + simulation.now());
                    }
                }
            }
            """;

    @Test
    void program_needsNoNativeAccess(@TempDir Path directory) throws Exception {
        Path module = Files.writeString(
                directory.resolve("module-info.java"), "module user { requires io.selectors4j.testing; }");
        Path user = Files.createDirectories(directory.resolve("user")).resolve("Main.java");
        Files.writeString(user, PROGRAM);
        Path classes = directory.resolve("classes");
        Child javac = Child.run(
                Map.of(),
                List.of(
                        Child.tool("javac"),
                        "-d",
                        classes.toString(),
                        "-p",
                        Child.path(Child.LIBRARY, Child.TESTING),
                        "-Xlint:all",
                        "-Werror",
                        module.toString(),
                        user.toString()));
        assertThat(javac.out() + javac.err()).isEmpty();
        assertThat(javac.exitCode()).isZero();

        Child java = Child.java(
                Map.of(),
                List.of("--illegal-native-access=deny"),
                List.of("-p", Child.path(Child.LIBRARY, Child.TESTING, classes), "-m", "user/user.Main"));
        assertThat(java.err()).isEmpty();
        assertThat(java.out()).isEqualTo("READ (POLLIN) after PT24H");
    }

    @Test
    void libraryAlone_loadsNoClassOfASimulation() throws Exception {
        Child child =
                Child.onClassPath(List.of("-Xlog:class+load=info:stdout", "--enable-native-access=ALL-UNNAMED"), "all");
        assertThat(child.out().lines().map(String::strip)).contains("ok");
        assertThat(child.out()).contains("io.selectors4j.PollSelector").doesNotContainIgnoringCase("simulat");
    }
}
