package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of the library in child processes, with and without permission for native access.
class NativeAccessIT {

    private static final String MODULE_FLAG = "--enable-native-access=io.selectors4j";
    private static final String CLASS_PATH_FLAG = "--enable-native-access=ALL-UNNAMED";
    private static final String DENY = "--illegal-native-access=deny";

    /// Returns the output without IO_URING, which not every kernel has.
    private static Stream<String> backends(Child child) {
        return child.out().lines().filter(line -> !line.equals("IO_URING"));
    }

    @Test
    void modulePath_worksWithModulesPermission() throws Exception {
        Child child = Child.onModulePath(List.of(MODULE_FLAG, DENY), "all");
        assertThat(child.err()).isEmpty();
        assertThat(backends(child)).containsExactly("SELECT", "POLL", "EPOLL", "ok");
        assertThat(child.exitCode()).isZero();
    }

    @Test
    void classPath_worksWithUnnamedModulesPermission() throws Exception {
        Child child = Child.onClassPath(List.of(CLASS_PATH_FLAG, DENY), "all");
        assertThat(child.err()).isEmpty();
        assertThat(backends(child)).containsExactly("SELECT", "POLL", "EPOLL", "ok");
        assertThat(child.exitCode()).isZero();
    }

    @Test
    void missingPermission_warnsAndWorks() throws Exception {
        for (Child child : List.of(
                Child.onModulePath(List.of("--illegal-native-access=warn"), "all"),
                Child.onClassPath(List.of("--illegal-native-access=warn"), "all"))) {
            assertThat(child.err()).contains("WARNING").contains("--enable-native-access=");
            assertThat(child.out().lines()).endsWith("ok");
            assertThat(child.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "open", "fd"})
    void modulePath_messageNamesModuleFlag(String use) throws Exception {
        Child child = Child.onModulePath(List.of(DENY), use);
        assertThat(child.exitCode()).isNotZero();
        assertThat(child.out()).doesNotContain("ok");
        assertThat(child.err())
                .contains("native access is not enabled for selectors4j: start java with " + MODULE_FLAG)
                .doesNotContain("NoClassDefFoundError", "ExceptionInInitializerError");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "open", "fd"})
    void classPath_messageNamesUnnamedModuleFlag(String use) throws Exception {
        Child child = Child.onClassPath(List.of(DENY), use);
        assertThat(child.exitCode()).isNotZero();
        assertThat(child.out()).doesNotContain("ok");
        assertThat(child.err())
                .contains("native access is not enabled for selectors4j: start java with " + CLASS_PATH_FLAG)
                .doesNotContain("NoClassDefFoundError", "ExceptionInInitializerError");
    }

    @Test
    void wrongFlag_messageNamesRightFlag() throws Exception {
        assertThat(Child.onModulePath(List.of(CLASS_PATH_FLAG, DENY), "open").err())
                .contains("start java with " + MODULE_FLAG);
        assertThat(Child.onClassPath(List.of(DENY, "--enable-native-access=java.base"), "open")
                        .err())
                .contains("start java with " + CLASS_PATH_FLAG);
    }

    @Test
    void unavailabilityCause_needsNoException() throws Exception {
        Child modules = Child.onModulePath(List.of(DENY), "cause");
        assertThat(modules.exitCode()).isZero();
        assertThat(modules.err()).isEmpty();
        assertThat(modules.out()
                        .lines()
                        .filter(line -> !line.startsWith("AFD: "))
                        .limit(4))
                .allMatch(line -> line.contains("start java with " + MODULE_FLAG));

        Child classes = Child.onClassPath(List.of(DENY), "cause");
        assertThat(classes.exitCode()).isZero();
        assertThat(classes.err()).isEmpty();
        assertThat(classes.out()
                        .lines()
                        .filter(line -> !line.startsWith("AFD: "))
                        .limit(5))
                .allMatch(line -> line.contains("start java with " + CLASS_PATH_FLAG));
    }

    @Test
    void allowedAccess_reportsLibkqueue() throws Exception {
        Child child = Child.onModulePath(List.of(MODULE_FLAG, DENY), "cause");
        assertThat(child.exitCode()).isZero();
        assertThat(child.out())
                .containsAnyOf("KQUEUE: available", "KQUEUE: kqueue is a facility of macOS and the BSDs");
    }

    @Test
    void unknownPlatform_isNamedInMessage() throws Exception {
        Child child = Child.onModulePath(List.of(MODULE_FLAG, DENY, "-Dos.arch=vax"), "open");
        assertThat(child.exitCode()).isNotZero();
        assertThat(child.err()).contains("no backend is available").contains("os.arch is vax");
        Child other = Child.onModulePath(List.of(MODULE_FLAG, DENY, "-Dos.name=FreeBSD"), "cause");
        assertThat(other.out().lines()).hasSize(7);
        assertThat(other.out()).contains("EPOLL: epoll is a facility of Linux, and this is FreeBSD");
    }

    @Test
    void fileName_isEncodedInLocale(@TempDir Path directory) throws Exception {
        // The child creates the file: the locale of this process may not have the name.
        List<String> program = List.of(
                "-p",
                Child.path(Child.LIBRARY, Child.CONSUMER),
                "-m",
                "io.selectors4j.moduletest/" + Consumer.class.getName());
        Child utf8 = Child.java(
                Map.of("LC_ALL", "C.UTF-8"), List.of(MODULE_FLAG, DENY), program, "path", directory + "/utf8");
        assertThat(utf8.err()).isEmpty();
        assertThat(utf8.out()).isEqualTo("ok");
        Child posix = Child.java(
                Map.of("LC_ALL", "POSIX"), List.of(MODULE_FLAG, DENY), program, "path", directory + "/ascii");
        assertThat(posix.err()).isEmpty();
        assertThat(posix.out()).isEqualTo("ok");
    }
}
