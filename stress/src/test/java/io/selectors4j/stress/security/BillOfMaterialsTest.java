package io.selectors4j.stress.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The bill of materials of the library's jar, which the build writes in the CycloneDX format: the library has no
/// runtime dependency.
class BillOfMaterialsTest {

    /// Tests run in the directory of their module; `mvn package` writes the file.
    private static final Path BILL = Path.of("../selectors4j/target/bom.json");

    private static final Pattern STRING = Pattern.compile("\"(\\w[\\w-]*)\" : \"([^\"]*)\"");

    /// The checked parts of a component.
    ///
    /// @param name its name
    /// @param scope its scope
    private record Component(String name, String scope) {}

    @Test
    void library_hasNoRuntimeDependency() throws IOException {
        String bill = Files.readString(BILL);
        assertThat(bill).contains("\"bomFormat\" : \"CycloneDX\"").contains("pkg:maven/io.selectors4j/selectors4j@");
        assertThat(bill).as("reproducible").doesNotContain("serialNumber").doesNotContain("timestamp");
        assertThat(components(bill)).as("components").containsExactly(new Component("jspecify", "optional"));
    }

    /// Parses the components in the list's brackets; nested lists are indented deeper.
    private static List<Component> components(String bill) {
        String list = between(bill, "\n  \"components\" : [", "\n  ]");
        List<Component> components = new ArrayList<>();
        for (String each : list.split("\n    },?", -1)) {
            String name = "";
            String scope = "required"; // the default
            Matcher strings = STRING.matcher(each);
            while (strings.find()) {
                switch (strings.group(1)) {
                    case "name" -> name = name.isEmpty() ? strings.group(2) : name;
                    case "scope" -> scope = strings.group(2);
                    default -> {} // not checked
                }
            }
            if (!name.isEmpty()) {
                components.add(new Component(name, scope));
            }
        }
        return components;
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin);
        if (from < 0) {
            return "";
        }
        int to = text.indexOf(end, from);
        return text.substring(from + begin.length(), to);
    }
}
