package io.selectors4j;

import io.selectors4j.internal.windows.AfdLibc;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Opens selectors on the simulated AFD of a test.
@SuppressWarnings("exports") // the tests are in the module under test
public final class AfdSelectors {

    private AfdSelectors() {}

    public static <A extends @Nullable Object> Selector<A> open(AfdLibc libc) throws IOException {
        return AfdSelector.open(libc);
    }
}
