package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.ChildJvm;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The other tests of this package in a virtual machine that checks the use of JNI and its signal handlers
/// (`-Xcheck:jni`). It prints no warning. The short form runs two classes.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class CheckedJniTest {

    private static final List<Class<?>> SHORT = List.of(UseAfterCloseTest.class, WrongDescriptorsTest.class);
    private static final List<Class<?>> LONG = List.of(
            BuffersTest.class,
            CloseRaceTest.class,
            ClosedDuringCallsTest.class,
            EndOfStackTest.class,
            HostileBuffersTest.class,
            HostileHandlersTest.class,
            OwnDescriptorsTest.class,
            PollerStormTest.class);

    private static final Pattern LAST_LINE = Pattern.compile("JNI checked: true, tests: (\\d+)");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void checkedJni_printsNoWarning() throws Exception {
        List<Class<?>> classes = new ArrayList<>(SHORT);
        if (Budget.duration(100).compareTo(Duration.ofMinutes(1)) > 0) {
            classes.addAll(LONG);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xcheck:jni",
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--illegal-native-access=deny",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-XX:ErrorFile=" + directory.resolve("hs_err.log"),
                "-cp",
                System.getProperty("java.class.path"),
                CheckedTests.class.getName()));
        classes.forEach(type -> command.add(type.getName()));
        File output = directory.resolve("output").toFile();
        Process process = ChildJvm.builder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        boolean ended;
        try {
            ended = process.waitFor(Limits.CHILD_TESTS);
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output.toPath());
        assertThat(ended).as("the child did not end: %s", text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        assertThat(text).doesNotContainIgnoringCase("warning").doesNotContain("FATAL ERROR");
        Matcher last = LAST_LINE.matcher(text);
        assertThat(last.find()).as(text).isTrue();
        long tests = Long.parseLong(last.group(1));
        assertThat(tests).isPositive();
        new RunCounts("misuse").add("tests with JNI checked", tests);
    }
}
