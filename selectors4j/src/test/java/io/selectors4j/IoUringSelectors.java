package io.selectors4j;

import java.io.IOException;

/// Gives tests in other packages access to [IoUringSelector].
public final class IoUringSelectors {

    private IoUringSelectors() {}

    /// Makes the waits of a selector go through its ring. Closes the selector after a failure.
    public static void startRing(IoUringSelector<?> selector) throws IOException {
        try {
            selector.startRing();
        } catch (Throwable t) {
            selector.close();
            throw t;
        }
    }
}
