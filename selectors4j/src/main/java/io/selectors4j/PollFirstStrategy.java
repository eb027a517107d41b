package io.selectors4j;

/// Whether a thread looks what is ready before it gets ready to sleep. A busy thread finds something that way and need not get
/// ready, which costs more than a look; for one that would sleep anyway, each look is a system call too many. So a look that has
/// found nothing is not repeated for a while. The selecting thread's own.
final class PollFirstStrategy {

    /// After so many waits that found something, an idle thread looks first.
    private static final int EVERY = 64;

    /// 0 while looks find something; else one more than how many waits have found something since the last one.
    private int waits = 1;

    /// A wait begins.
    ///
    /// @return whether to look first
    boolean shouldPoll() {
        return waits == 0 || waits > EVERY;
    }

    /// A look is over.
    ///
    /// @param found whether it has found something
    void polled(boolean found) {
        waits = found ? 0 : 1;
    }

    /// A wait without a look is over, or one after a look that has found nothing.
    ///
    /// @param found whether it has found something
    void blocked(boolean found) {
        waits += found ? 1 : 0;
    }
}
