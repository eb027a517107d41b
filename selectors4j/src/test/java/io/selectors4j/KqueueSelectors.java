package io.selectors4j;

import io.selectors4j.internal.bsd.KqueueLibc;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Opens selectors on the simulated kqueue of a test.
@SuppressWarnings("exports") // the tests are in the module under test
public final class KqueueSelectors {

    private KqueueSelectors() {}

    public static <A extends @Nullable Object> Selector<A> open(KqueueLibc libc) throws IOException {
        return KqueueSelector.open(libc);
    }
}
