package io.selectors4j.stress.load;

import java.io.IOException;

/// What a process of clients was told to do.
@FunctionalInterface
interface Task {

    /// Goes on with it, as far as it goes now; to be called after each select, and some hundred times a second besides.
    ///
    /// @return whether it is done
    boolean isDone() throws IOException;
}
