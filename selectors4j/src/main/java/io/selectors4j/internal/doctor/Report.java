package io.selectors4j.internal.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Facts in sections, as text or as JSON. A value is a string, a number, or a boolean.
final class Report {

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_ASCII = 0x7E;

    private final Map<String, Map<String, Object>> sections = new LinkedHashMap<>();

    /// Starts a section, to which the next facts belong.
    ///
    /// @return the facts of the section
    Map<String, Object> section(String title) {
        return sections.computeIfAbsent(title, _ -> new LinkedHashMap<>());
    }

    /// Returns a line for each section and each fact.
    List<String> toText() {
        List<String> lines = new ArrayList<>();
        int width = sections.values().stream()
                .flatMap(facts -> facts.keySet().stream())
                .mapToInt(String::length)
                .max()
                .orElse(1);
        sections.forEach((title, facts) -> {
            lines.add(title);
            facts.forEach((name, value) -> lines.add(("  %-" + width + "s  %s").formatted(name, value)));
        });
        return lines;
    }

    /// Returns a JSON object with an object for each section. All characters are ASCII.
    String toJson() {
        StringBuilder json = new StringBuilder("{");
        String separator = "\n";
        for (Map.Entry<String, Map<String, Object>> section : sections.entrySet()) {
            json.append(separator).append("  ");
            appendString(json, section.getKey());
            json.append(": {");
            String next = "\n";
            for (Map.Entry<String, Object> fact : section.getValue().entrySet()) {
                json.append(next).append("    ");
                appendString(json, fact.getKey());
                json.append(": ");
                if (fact.getValue() instanceof String text) {
                    appendString(json, text);
                } else {
                    json.append(fact.getValue());
                }
                next = ",\n";
            }
            json.append("\n  }");
            separator = ",\n";
        }
        return json.append("\n}").toString();
    }

    private static void appendString(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || c > LAST_ASCII) {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
