package io.selectors4j.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/// Draws a [Result] as a bar chart: a group for each situation, a colour for each contender.
final class Charts {

    private static final int MIN_WIDTH = 700;
    private static final int LEGEND_WIDTH = 260;
    private static final int BAR_WIDTH = 14;
    private static final int HEIGHT = 420;
    private static final int TITLE_SIZE = 15;
    private static final int TEXT_SIZE = 12;
    private static final int GRID = 0xE4E4E4;

    /// The largest ratio of two bars on a linear axis. Above it, the smallest bar would be invisible.
    private static final double LINEAR = 15;

    private static final Color[] COLOURS = {
        new Color(0x4E79A7), new Color(0xF28E2B), new Color(0x59A14F), new Color(0xE15759), new Color(0x76B7B2),
        new Color(0xEDC948), new Color(0xB07AA1), new Color(0x9C755F), new Color(0xBAB0AC), new Color(0xFF9DA7),
        new Color(0x2F4B7C), new Color(0x86BC86), new Color(0xA05195), new Color(0x665C00), new Color(0x8CD17D),
        new Color(0xD37295), new Color(0x499894), new Color(0x79706E),
    };

    private Charts() {}

    /// Writes the chart to a `.svg` file.
    static void write(Result result, Path file) throws IOException {
        VectorGraphicsEncoder.saveVectorGraphic(chart(result), file.toString(), VectorGraphicsFormat.SVG);
    }

    private static CategoryChart chart(Result result) {
        Set<String> situations = new LinkedHashSet<>();
        Set<String> contenders = new LinkedHashSet<>();
        for (Result.Row row : result.rows()) {
            situations.add(row.situation());
            contenders.add(row.contender());
        }
        int bars = situations.size() * (contenders.size() + 1);
        CategoryChart chart = new CategoryChartBuilder()
                .width(Math.max(MIN_WIDTH, LEGEND_WIDTH + bars * BAR_WIDTH))
                .height(HEIGHT)
                .title(result.title())
                .yAxisTitle(result.unit())
                .build();
        for (String contender : contenders) {
            List<@Nullable Double> values = new ArrayList<>();
            for (String situation : situations) {
                values.add(value(result, situation, contender));
            }
            chart.addSeries(contender, new ArrayList<>(situations), values);
        }
        style(chart.getStyler(), result);
        return chart;
    }

    private static @Nullable Double value(Result result, String situation, String contender) {
        for (Result.Row row : result.rows()) {
            if (row.situation().equals(situation) && row.contender().equals(contender)) {
                return row.value().median();
            }
        }
        return null;
    }

    private static void style(CategoryStyler styler, Result result) {
        styler.setSeriesColors(COLOURS);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotGridLinesStroke(new BasicStroke(1)); // in a dashed line, every dash would be a path
        styler.setPlotGridLinesColor(new Color(GRID));
        styler.setLegendPosition(LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, TITLE_SIZE));
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE));
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE));
        double least = result.rows().stream()
                .mapToDouble(row -> row.value().median())
                .min()
                .orElse(0);
        double most = result.rows().stream()
                .mapToDouble(row -> row.value().median())
                .max()
                .orElse(0);
        if (least > 0 && most / least > LINEAR) {
            styler.setYAxisLogarithmic(true);
            styler.setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
            styler.setYAxisMax(Math.pow(10, Math.ceil(Math.log10(most))));
        } else {
            styler.setYAxisMin(0.0);
        }
    }
}
