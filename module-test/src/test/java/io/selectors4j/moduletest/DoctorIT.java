package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Tests of the program of the jar.
class DoctorIT {

    private static final List<String> JAR = List.of("-jar", Child.LIBRARY.toString());
    private static final List<String> MODULE = List.of("-p", Child.LIBRARY.toString(), "-m", "io.selectors4j");

    private static Child run(List<String> options, List<String> program, String... args) throws Exception {
        return Child.java(Map.of(), options, program, args);
    }

    @Test
    void jar_runsWithoutFlags() throws Exception {
        Child doctor = run(List.of("--illegal-native-access=deny"), JAR);
        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.exitCode()).isZero();
        assertThat(doctor.out().lines())
                .anyMatch(line -> line.matches(" +version +[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?"))
                .anyMatch(line -> line.matches(" +loaded from +the class path"))
                .anyMatch(line -> line.matches(" +native access +enabled"))
                .anyMatch(line -> line.matches(" +channels of the JDK +.*--add-exports java.base/sun.nio.ch=.*"));
    }

    @Test
    void module_printsJson() throws Exception {
        Child doctor = run(
                List.of(
                        "--enable-native-access=io.selectors4j",
                        "--illegal-native-access=deny",
                        "--add-exports=java.base/sun.nio.ch=io.selectors4j",
                        "--limit-modules=io.selectors4j"),
                MODULE,
                "--json");
        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.exitCode()).isZero();
        JsonObject report = JsonParser.parseString(doctor.out()).getAsJsonObject();
        assertThat(report.keySet()).containsExactly("library", "system", "java", "limits", "kernel", "backends");
        JsonObject java = report.getAsJsonObject("java");
        assertThat(java.get("version").getAsString())
                .isEqualTo(Runtime.version().toString());
        assertThat(java.get("processors").getAsInt()).isPositive();
        assertThat(java.get("channels of the JDK").getAsString()).isEqualTo("available");
        JsonObject library = report.getAsJsonObject("library");
        assertThat(library.get("loaded from").getAsString()).isEqualTo("the module path");
        assertThat(library.get("version").getAsString()).matches("[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?");
    }

    @Test
    void deniedAccess_isExplained() throws Exception {
        Child doctor = run(List.of("--illegal-native-access=deny"), MODULE);
        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.out().lines())
                .anyMatch(line -> line.matches("  EPOLL +not available: native access is not enabled for .+"));
    }
}
