package io.selectors4j.benchmarks;

/// A figure of `./bench ratios`: the lower, the better.
///
/// @param name its name
/// @param spread what was measured
public record Ratio(String name, Spread spread) {}
