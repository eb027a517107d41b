package io.selectors4j.stress.load;

import java.io.IOException;

/// A command of the load generator that is being carried out.
@FunctionalInterface
interface Task {

    /// Continues the command as far as possible. The generator calls it after each select, at least every few
    /// milliseconds.
    ///
    /// @return whether the command is complete
    boolean advance() throws IOException;
}
