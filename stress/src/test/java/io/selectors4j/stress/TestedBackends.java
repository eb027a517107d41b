package io.selectors4j.stress;

import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import java.util.List;

/// The backends that parameterised stress tests run on.
public final class TestedBackends {

    private TestedBackends() {}

    /// Returns the tested backends without libkqueue, which has limits of its own.
    public static List<BackendUnderTest> withoutLibkqueue() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isLibkqueue())
                .toList();
    }
}
