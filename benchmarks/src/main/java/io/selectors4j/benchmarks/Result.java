package io.selectors4j.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table of figures that belong together, and become one chart.
///
/// @param id name of its files
/// @param title what was measured
/// @param unit the unit of the values
/// @param base the contender that the ratios are to
/// @param rows the figures
public record Result(String id, String title, String unit, String base, List<Row> rows) {

    /// One figure.
    ///
    /// @param situation under which circumstances
    /// @param contender whose
    /// @param value what was measured
    /// @param ratio in comparison with the base, turn by turn; null for the base itself, or where that was not measured
    public record Row(
            String situation,
            String contender,
            Spread value,
            @Nullable Spread ratio) {}
}
