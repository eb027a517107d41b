package io.selectors4j.stress;

import java.time.Duration;

/// Limits of waits that end by themselves, generous enough for a busy machine. They bound a hang; they never measure
/// speed.
public final class Limits {

    /// The limit of one wait: for a thread, a child process, a select that is woken, or a condition.
    public static final Duration WAIT = Duration.ofMinutes(2);

    /// The limit of a child process that runs many tests.
    public static final Duration CHILD_TESTS = Duration.ofHours(1);

    /// The limit of one test, in seconds, for `@Timeout`.
    public static final int TEST_SECONDS = 7_200;

    private Limits() {}
}
