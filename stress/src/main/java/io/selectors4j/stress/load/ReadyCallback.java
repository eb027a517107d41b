package io.selectors4j.stress.load;

import io.selectors4j.Readiness;
import java.io.IOException;

/// The callback of a registered descriptor.
@FunctionalInterface
interface ReadyCallback {

    /// Handles the readiness of the descriptor.
    void ready(Readiness readiness) throws IOException;
}
