package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.bsd.KqueueConstantTable;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.sys.KqueueConstants;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Compares the public constants of kqueue, and the systems in their doc comments, with the table.
class KqueueConstantsDocTest {

    private static final Pattern CONSTANT = Pattern.compile(
            "((?: {4}///[^\n]*\n)+) {4}public static final (int|long) (\\w+) = number\\(\"(\\w+)\"\\);");
    private static final Pattern SYSTEMS = Pattern.compile(" Systems: ([^.]*)\\.$");

    /// Returns the list of systems that a doc comment must end with.
    private static String systems(String name) {
        List<String> have = new ArrayList<>();
        List<String> lack = new ArrayList<>();
        for (KqueueSystem system : KqueueSystem.values()) {
            (system.has(name) ? have : lack).add(system.toString());
        }
        if (lack.isEmpty()) {
            return "all";
        }
        if (have.isEmpty()) {
            return "none";
        }
        return lack.size() <= 2 ? "all but " + String.join(" and ", lack) : String.join(", ", have);
    }

    /// Returns the lists of systems in the doc comments of a class, by constant.
    private static Map<String, String> documented(Class<?> type, String javaType) throws IOException {
        String source = Files.readString(Path.of("src/main/java", type.getName().replace('.', '/') + ".java"));
        Map<String, String> found = new TreeMap<>();
        CONSTANT.matcher(source).results().forEach(constant -> {
            String text = constant.group(1)
                    .lines()
                    .map(line -> line.strip().substring(3))
                    .collect(Collectors.joining());
            assertThat(constant.group(2)).isEqualTo(javaType);
            assertThat(constant.group(4)).isEqualTo(constant.group(3));
            assertThat(SYSTEMS.matcher(text).results().map(match -> match.group(1)))
                    .as(constant.group(3))
                    .hasSize(1)
                    .allSatisfy(systems -> found.put(constant.group(3), systems));
        });
        return found;
    }

    private static Map<String, String> expected(boolean notes) {
        Map<String, String> expected = new TreeMap<>();
        for (String name : KqueueConstantTable.names()) {
            if (name.startsWith("NOTE_") == notes) {
                expected.put(name, systems(name));
            }
        }
        return expected;
    }

    @Test
    void everyFilterAndFlag_isDocumentedWithSystems() throws IOException {
        assertThat(documented(Kqueue.class, "int")).containsExactlyEntriesOf(expected(false));
    }

    @Test
    void everyNote_isDocumentedWithSystems() throws IOException {
        assertThat(documented(KqueueNotes.class, "long")).containsExactlyEntriesOf(expected(true));
    }

    @Test
    void everyConstant_hasValueOfThisSystem() throws Exception {
        int count = 0;
        for (Field field : Stream.of(Kqueue.class, KqueueNotes.class)
                .flatMap(type -> Arrays.stream(type.getFields()))
                .toList()) {
            assertThat(Modifier.isStatic(field.getModifiers())).isTrue();
            assertThat(field.getLong(null))
                    .as(field.getName())
                    .isEqualTo(KqueueConstants.CURRENT.value(field.getName()));
            count++;
        }
        assertThat(KqueueConstantTable.names()).hasSize(count);
    }
}
