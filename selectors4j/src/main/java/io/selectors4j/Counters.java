package io.selectors4j;

/// The counters of one selector, see [SelectorCounters]. Written by the selecting thread without a lock.
final class Counters {

    long waits;
    long events;
    long wakeups;
    long emptyWaits;
    long rebuilds;
    long unhandled;

    SelectorCounters snapshot() {
        return new SelectorCounters(waits, events, wakeups, emptyWaits, rebuilds, unhandled);
    }
}
