package io.selectors4j.benchmarks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/// Formats a [Result] as text.
final class Report {

    private static final double HUNDREDS = 100;
    private static final double TENS = 10;

    private Report() {}

    /// Formats a table in Markdown, aligned for plain text too. It has a line for each contender and a column for each
    /// situation. A cell has the median and in brackets the ratio; for ratios, the quartiles.
    static String table(Result result) {
        Set<String> situations = new LinkedHashSet<>();
        Set<String> contenders = new LinkedHashSet<>();
        for (Result.Row row : result.rows()) {
            situations.add(row.situation());
            contenders.add(row.contender());
        }
        String[][] cells = new String[contenders.size() + 1][situations.size() + 1];
        List<String> columns = List.copyOf(situations);
        List<String> lines = List.copyOf(contenders);
        cells[0][0] = result.unit();
        for (int column = 0; column < columns.size(); column++) {
            cells[0][column + 1] = columns.get(column);
        }
        for (int line = 0; line < lines.size(); line++) {
            cells[line + 1][0] = lines.get(line);
            for (int column = 0; column < columns.size(); column++) {
                cells[line + 1][column + 1] = cell(result, columns.get(column), lines.get(line));
            }
        }
        return lines(cells);
    }

    private static String cell(Result result, String situation, String contender) {
        for (Result.Row row : result.rows()) {
            if (row.situation().equals(situation) && row.contender().equals(contender)) {
                Spread ratio = row.ratio();
                if (result.unit().equals(Result.RATIO)) {
                    Spread value = row.value();
                    return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", value.median(), value.low(), value.high());
                }
                String value = number(row.value().median());
                return ratio == null ? value : value + String.format(Locale.ROOT, " (%.2f)", ratio.median());
            }
        }
        return "";
    }

    private static String lines(String[][] cells) {
        int[] widths = new int[cells[0].length];
        for (String[] line : cells) {
            for (int column = 0; column < line.length; column++) {
                widths[column] = Math.max(widths[column], line[column].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < cells.length; line++) {
            StringJoiner joined = new StringJoiner(" | ", "| ", " |\n");
            StringJoiner rule = new StringJoiner("|", "|", "|\n");
            for (int column = 0; column < widths.length; column++) {
                String cell = cells[line][column];
                String blanks = " ".repeat(widths[column] - cell.length());
                joined.add(column == 0 ? cell + blanks : blanks + cell);
                rule.add("-".repeat(widths[column] + 1) + (column == 0 ? "-" : ":"));
            }
            text.append(joined);
            if (line == 0) {
                text.append(rule);
            }
        }
        return text.toString();
    }

    /// Returns the title and the unit of a table.
    static String caption(Result result) {
        return result.title() + ": " + unit(result);
    }

    /// Returns the unit of a table, and the base of its ratios.
    static String unit(Result result) {
        if (result.unit().equals(Result.RATIO)) {
            return "the ratio to " + result.base() + ", in brackets its quartiles.";
        }
        boolean compared = result.rows().stream().anyMatch(row -> row.ratio() != null);
        return result.unit() + (compared ? ", in brackets the ratio to " + result.base() : "") + ".";
    }

    /// Formats all figures, with quartiles, as CSV.
    static String csv(Result result) {
        StringBuilder text = new StringBuilder("situation,contender,unit,first quartile,median,third quartile,"
                + "ratio to,ratio's first quartile,ratio's median,ratio's third quartile\n");
        for (Result.Row row : result.rows()) {
            StringJoiner line = new StringJoiner(",", "", "\n");
            line.add(quoted(row.situation())).add(quoted(row.contender())).add(quoted(result.unit()));
            add(line, row.value());
            Spread ratio = row.ratio();
            if (ratio == null) {
                line.add("").add("").add("").add("");
            } else {
                line.add(quoted(result.base()));
                add(line, ratio);
            }
            text.append(line);
        }
        return text.toString();
    }

    private static void add(StringJoiner line, Spread spread) {
        for (double value : new double[] {spread.low(), spread.median(), spread.high()}) {
            line.add(String.format(Locale.ROOT, "%.4f", value));
        }
    }

    private static String quoted(String text) {
        return text.contains(",") || text.contains("\"") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private static String number(double value) {
        String format = value >= HUNDREDS || value == 0 ? "%.0f" : value >= TENS ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
