package io.selectors4j;

/// Decides whether a select polls before it blocks. A blocking wait costs more than a poll: interrupts, the wakeup
/// state and the lock. A busy thread finds events by polling and saves that; for an idle thread each poll is one system
/// call too many. So a poll that found nothing is repeated only after 64 blocking waits that found something. Belongs
/// to the selecting thread.
final class PollFirstStrategy {

    private static final int WAITS_BEFORE_RETRY = 64;

    /// 0 while polls find events; otherwise one more than the number of waits with events since the last poll.
    private int waits = 1;

    boolean shouldPoll() {
        return waits == 0 || waits > WAITS_BEFORE_RETRY;
    }

    /// Records a poll.
    void polled(boolean found) {
        waits = found ? 0 : 1;
    }

    /// Records a blocking wait.
    void blocked(boolean found) {
        waits += found ? 1 : 0;
    }
}
