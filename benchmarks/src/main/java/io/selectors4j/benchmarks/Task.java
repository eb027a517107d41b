package io.selectors4j.benchmarks;

import java.io.Closeable;

/// The work of a [Worker] in Java. An implementation has a constructor that takes the arguments as a `String[]`.
public interface Task extends Closeable {

    /// Runs one round.
    ///
    /// @param args the arguments of the round
    /// @return the figures: `name=value` pairs, separated by blanks
    String round(String... args) throws Exception;
}
