package io.selectors4j.benchmarks;

import java.io.Closeable;

/// What a [Worker] in Java does. An implementation has a constructor that takes the arguments as a `String[]`.
public interface Task extends Closeable {

    /// Does one round.
    ///
    /// @param args what was asked for
    /// @return what it came to: `name=value` pairs with blanks between
    String round(String... args) throws Exception;
}
