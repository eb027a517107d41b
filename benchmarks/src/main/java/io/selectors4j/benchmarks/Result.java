package io.selectors4j.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table of related figures, which is drawn as one chart.
///
/// @param id the name of its files
/// @param title the title of the table and the chart
/// @param unit the unit of the values
/// @param base the contender that the others are compared with
/// @param rows the figures
public record Result(String id, String title, String unit, String base, List<Row> rows) {

    /// The unit of values that are ratios. Their quartiles are in the table.
    public static final String RATIO = "ratio";

    /// A figure.
    ///
    /// @param situation the situation it was measured in
    /// @param contender the contender that was measured
    /// @param value the measured values
    /// @param ratio the ratios to the base within each round; null for the base, or if the base was not measured
    public record Row(
            String situation,
            String contender,
            Spread value,
            @Nullable Spread ratio) {}
}
