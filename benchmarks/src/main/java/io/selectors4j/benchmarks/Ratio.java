package io.selectors4j.benchmarks;

/// A figure of `./bench ratios`; lower is better.
///
/// @param name the name of the figure
/// @param spread the measured values
public record Ratio(String name, Spread spread) {}
