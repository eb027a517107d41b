package io.selectors4j.benchmarks;

import java.io.IOException;
import java.util.List;

/// Something that is measured.
public interface Benchmark {

    /// Its name on the command line.
    String name();

    /// What it measures, in a sentence.
    String description();

    /// Measures all of it.
    ///
    /// @return tables
    List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException;

    /// Measures what `./bench ratios` prints of it.
    ///
    /// @return ratios, in the order in which they are printed
    List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException;
}
