package io.selectors4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final Result RESULT = new Result(
            "id",
            "Title",
            "ns",
            "C",
            List.of(
                    new Result.Row("1 of 10", "C", new Spread(1, 1.5, 2), null),
                    new Result.Row("1 of 10", "EPOLL, list", new Spread(2, 3, 4), new Spread(1.9, 2, 2.1)),
                    new Result.Row("1 of 1000", "C", new Spread(99, 100.4, 101), null)));

    @Test
    void table_hasLinePerContenderAndColumnPerSituation() {
        assertThat(Report.table(RESULT)).isEqualTo("""
                        | ns          |     1 of 10 | 1 of 1000 |
                        |-------------|------------:|----------:|
                        | C           |        1.50 |       100 |
                        | EPOLL, list | 3.00 (2.00) |           |
                        """);
    }

    @Test
    void caption_hasTitleUnitAndBase() {
        assertThat(Report.caption(RESULT)).isEqualTo("Title: ns, in brackets the ratio to C.");
        assertThat(Report.caption(new Result(
                        "id", "Alone", "ms", "C", List.of(RESULT.rows().getFirst()))))
                .isEqualTo("Alone: ms.");
    }

    @Test
    void tableOfRatios_hasQuartiles() {
        Result ratios = new Result(
                "id",
                "Title",
                Result.RATIO,
                "C",
                List.of(new Result.Row("1 of 10", "time", new Spread(1, 1.5, 2), null)));
        assertThat(Report.caption(ratios)).isEqualTo("Title: the ratio to C, in brackets its quartiles.");
        assertThat(Report.table(ratios)).isEqualTo("""
                        | ratio |          1 of 10 |
                        |-------|-----------------:|
                        | time  | 1.50 (1.00–2.00) |
                        """);
    }

    @Test
    void csv_hasAllFigures() {
        assertThat(Report.csv(RESULT))
                .isEqualTo("situation,contender,unit,first quartile,median,third quartile,ratio to,"
                        + "ratio's first quartile,ratio's median,ratio's third quartile\n"
                        + "1 of 10,C,ns,1.0000,1.5000,2.0000,,,,\n"
                        + "1 of 10,\"EPOLL, list\",ns,2.0000,3.0000,4.0000,C,1.9000,2.0000,2.1000\n"
                        + "1 of 1000,C,ns,99.0000,100.4000,101.0000,,,,\n");
    }

    @Test
    void chart_hasColourPerContender(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("id.svg");
        Charts.write(RESULT, file);
        // Text is drawn as outlines; the bars are recognized by their colours.
        assertThat(Files.readString(file)).startsWith("<?xml").contains("rgb(78,121,167)", "rgb(242,142,43)");
    }

    @Test
    void machineFacts_haveNoPath() throws IOException, InterruptedException {
        assertThat(Machine.facts())
                .containsKeys("CPU", "kernel", "JDK", "Netty", "JMH")
                .allSatisfy(
                        (_, value) -> assertThat(value).isNotBlank().doesNotContain(System.getProperty("user.dir")));
    }
}
