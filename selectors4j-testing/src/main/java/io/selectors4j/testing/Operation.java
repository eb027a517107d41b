package io.selectors4j.testing;

import java.util.Locale;

/// A call that a test can make fail.
public enum Operation {
    /// `register` of a selector.
    REGISTER,
    /// `modify` of a selector that changes the interest, or arms a one-shot key again.
    MODIFY,
    /// A select.
    SELECT,
    /// A read of a stream or a timer.
    READ,
    /// A write of a stream.
    WRITE,
    /// `accept` of a listener.
    ACCEPT,
    /// A call that opens a descriptor: a pair of streams, a listener, a timer, `connect`.
    OPEN;

    /// Returns the name in lower case.
    String call() {
        return name().toLowerCase(Locale.ROOT);
    }
}
