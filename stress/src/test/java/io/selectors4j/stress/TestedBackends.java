package io.selectors4j.stress;

import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import java.util.List;

/// The backends that parameterised stress tests run on.
public final class TestedBackends {

    private TestedBackends() {}

    /// Returns the tested backends without limits of their own: without libkqueue, and without batched sockets, whose
    /// bytes the tests read and write by number.
    public static List<BackendUnderTest> unlimited() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isLibkqueue() && !backend.isBatched())
                .toList();
    }

    /// Returns those of them whose system calls fail with an errno. The functions of AFD do not; `AfdPortWaitTest` and
    /// `AfdSelectorTest` let them fail.
    public static List<BackendUnderTest> failingWithErrno() {
        return unlimited().stream().filter(backend -> !backend.isAfd()).toList();
    }
}
