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

/// The list of what the library's jar needs, which the build makes in the format of CycloneDX: nothing, at run time.
class BillOfMaterialsTest {

    /// The tests run in the directory of their module; `mvn package` makes it.
    private static final Path BILL = Path.of("../selectors4j/target/bom.json");

    private static final Pattern STRING = Pattern.compile("\"(\\w[\\w-]*)\" : \"([^\"]*)\"");

    /// A component, as far as it is looked at.
    ///
    /// @param name its name
    /// @param scope whether it is needed
    private record Component(String name, String scope) {}

    @Test
    void theLibraryNeedsNothing() throws IOException {
        String bill = Files.readString(BILL);
        assertThat(bill).contains("\"bomFormat\" : \"CycloneDX\"").contains("pkg:maven/io.selectors4j/selectors4j@");
        assertThat(bill).as("the same each time").doesNotContain("serialNumber").doesNotContain("timestamp");
        assertThat(components(bill))
                .as("but annotations, for whoever compiles against it")
                .containsExactly(new Component("jspecify", "optional"));
    }

    /// What is between the list's brackets: those of lists within are indented deeper.
    private static List<Component> components(String bill) {
        String list = between(bill, "\n  \"components\" : [", "\n  ]");
        List<Component> components = new ArrayList<>();
        for (String each : list.split("\n    },?", -1)) {
            String name = "";
            String scope = "required"; // where there is none
            Matcher strings = STRING.matcher(each);
            while (strings.find()) {
                switch (strings.group(1)) {
                    case "name" -> name = name.isEmpty() ? strings.group(2) : name;
                    case "scope" -> scope = strings.group(2);
                    default -> {} // not looked at
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
