package io.selectors4j.stress.load;

import io.selectors4j.Readiness;
import java.io.IOException;

/// Something that the loop waits for.
@FunctionalInterface
interface Source {

    /// Takes what is ready.
    void ready(Readiness readiness) throws IOException;
}
