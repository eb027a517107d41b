package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.posix.Signals;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.TestSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The effect of signals on a separate Java virtual machine.
@Timeout(120)
class SignalFdInAChildTest {

    private static final List<String> CLASS_PATH =
            List.of("--enable-native-access=ALL-UNNAMED", "-cp", "target/classes:target/test-classes", main());
    private static final List<String> MODULE_PATH = List.of(
            "--enable-native-access=io.selectors4j",
            "--add-modules",
            "jdk.unsupported",
            "-p",
            "target/classes",
            "--patch-module",
            "io.selectors4j=target/test-classes",
            "-m",
            "io.selectors4j/" + main());

    private static String main() {
        return "io.selectors4j.fd.SignalFdChild";
    }

    /// A running child process.
    private record Child(Process process, BufferedReader out) implements AutoCloseable {

        static Child start(Map<String, String> environment, List<List<String>> command) throws IOException {
            List<String> all = new ArrayList<>();
            for (List<String> part : command) {
                all.addAll(part);
            }
            ProcessBuilder builder = new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
            builder.environment().putAll(environment);
            // A child inherits ignored signals; caught signals are reset to the default action.
            try (TestSignal caught = TestSignal.interrupting("INT")) {
                assertThat(caught.number()).isEqualTo(2);
                Process process = builder.start();
                return new Child(process, process.inputReader());
            }
        }

        void expect(String line) throws IOException {
            assertThat(out.readLine()).isEqualTo(line);
        }

        void send(String signal) {
            Libc.kill(process.pid(), Signals.number(signal));
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            out.close();
        }
    }

    private static List<String> java(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "--illegal-native-access=deny"));
        command.addAll(List.of(options));
        return command;
    }

    @ParameterizedTest
    @CsvSource({"SIGINT, 130", "SIGTERM, 143", "SIGUSR1, 138"})
    void closed_signalEndsJvmAgain(String signal, int exitCode) throws Exception {
        for (List<String> program : List.of(CLASS_PATH, MODULE_PATH)) {
            try (Child child = Child.start(Map.of(), List.of(java(), program, List.of(signal)))) {
                child.expect("open");
                child.send(signal);
                child.expect(signal);
                child.expect("closed");
                assertThat(child.process().isAlive()).isTrue();
                child.send(signal);
                assertThat(child.exitCode()).isEqualTo(exitCode);
            }
        }
    }

    @Test
    void ignoredAtStart_isNeverReported() throws Exception {
        List<String> shell = List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh");
        try (Child child = Child.start(Map.of(), List.of(shell, java(), CLASS_PATH, List.of("SIGINT", "SIGUSR1")))) {
            child.expect("open");
            child.send("SIGINT");
            child.send("SIGUSR1");
            child.expect("SIGUSR1");
            child.expect("closed");
            child.send("SIGINT");
            child.process().getOutputStream().close();
            assertThat(child.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGINT", "SIGUSR1"})
    void xrs_isRefused(String signal) throws Exception {
        try (Child child = Child.start(Map.of(), List.of(java("-Xrs"), CLASS_PATH, List.of(signal)))) {
            child.expect(
                    "the Java virtual machine was started with -Xrs and does not dispatch signals to Java code, neither "
                            + signal);
            assertThat(child.exitCode()).isZero();
        }
    }

    @Test
    void suspendSignalFromEnvironment_isRefused() throws Exception {
        Map<String, String> environment = Map.of("_JAVA_SR_SIGNUM", "16");
        try (Child child = Child.start(environment, List.of(java(), CLASS_PATH, List.of("SIGUSR2")))) {
            child.expect("open");
            child.send("SIGUSR2");
            child.expect("SIGUSR2");
        }
        try (Child child = Child.start(environment, List.of(java(), CLASS_PATH, List.of("SIGSTKFLT")))) {
            child.expect("SIGSTKFLT cannot be read: the Java virtual machine suspends its threads with it");
        }
        for (String useless : List.of("", "x", "11", "65", "99")) {
            List<List<String>> command = List.of(java("-XX:-PrintWarnings"), CLASS_PATH, List.of("SIGUSR2"));
            try (Child child = Child.start(Map.of("_JAVA_SR_SIGNUM", useless), command)) {
                child.expect("SIGUSR2 cannot be read: the Java virtual machine suspends its threads with it");
            }
        }
    }
}
