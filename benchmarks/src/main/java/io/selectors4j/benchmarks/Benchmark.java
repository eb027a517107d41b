package io.selectors4j.benchmarks;

import java.io.IOException;
import java.util.List;

/// A benchmark of `./bench`.
public interface Benchmark {

    /// Returns the name on the command line.
    String name();

    /// Describes the benchmark in a phrase.
    String description();

    /// Measures all contenders in all situations.
    ///
    /// @return tables
    List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException;

    /// Measures the figures that `./bench ratios` prints.
    ///
    /// @return ratios, in the order in which they are printed
    List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException;
}
