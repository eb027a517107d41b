package io.selectors4j;

/// Counters of a selector, or the sums of several. They only increase while the selector is open. A reader may see a
/// counter that another one is slightly ahead of.
///
/// @param waits the system calls that waited or polled for events
/// @param events the events that were delivered: returned keys and calls of handlers
/// @param wakeups the waits that [Selector#wakeup] or an interrupt has ended
/// @param emptyWaits the waits that ended before their timeout with nothing to deliver
/// @param rebuilds the epoll instances that were replaced, see [Selector]
/// @param unhandled the keys that were reported as unhandled, see [Selectors]
public record SelectorCounters(long waits, long events, long wakeups, long emptyWaits, long rebuilds, long unhandled) {

    static final SelectorCounters NONE = new SelectorCounters(0, 0, 0, 0, 0, 0);

    SelectorCounters plus(SelectorCounters other) {
        return new SelectorCounters(
                waits + other.waits,
                events + other.events,
                wakeups + other.wakeups,
                emptyWaits + other.emptyWaits,
                rebuilds + other.rebuilds,
                unhandled + other.unhandled);
    }
}
