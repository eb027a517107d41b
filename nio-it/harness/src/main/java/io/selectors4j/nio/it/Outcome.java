package io.selectors4j.nio.it;

/// The outcome of one check.
public enum Outcome {
    /// The check passed.
    PASSED,

    /// The check failed.
    FAILED,

    /// The check does not apply here.
    SKIPPED
}
