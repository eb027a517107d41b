package io.selectors4j.testing;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.internal.simulation.SimulatedKernelSet;
import java.io.IOException;

/// A kernel set with one fault, which the contract tests have to find.
record FaultyKernelSet(SimulatedKernelSet set, Fault fault) implements SimulatedKernelSet {

    /// A fault.
    enum Fault {
        /// A removed descriptor is still reported.
        REMOVE_LOST,
        /// A new interest has no effect.
        MODIFY_LOST,
        /// A one-shot key is reported again before it is armed.
        DISARM_LOST,
        /// A wait ends before its timeout.
        EARLY_TIMEOUT,
        /// A wakeup has no effect.
        SIGNAL_LOST,
        /// One event of each wait is not reported.
        EVENT_LOST,
        /// An edge-triggered key is reported again without a new event.
        EDGE_REPEATED
    }

    private Interest changed(Interest events) {
        return fault == Fault.EDGE_REPEATED && events.isEdgeTriggered()
                ? events.without(Interest.NONE.edgeTriggered())
                : events;
    }

    @Override
    public Backend backend() {
        return set.backend();
    }

    @Override
    public boolean isOwn(Pollable fileobj) {
        return set.isOwn(fileobj);
    }

    @Override
    public void requireOpen(int fd) throws IOException {
        set.requireOpen(fd);
    }

    @Override
    public void add(int fd, long token, Interest events) throws IOException {
        set.add(fd, token, changed(events));
    }

    @Override
    public void modify(int fd, long token, Interest events) throws IOException {
        if (fault != Fault.MODIFY_LOST) {
            set.modify(fd, token, changed(events));
        }
    }

    @Override
    public void remove(int fd) {
        if (fault != Fault.REMOVE_LOST) {
            set.remove(fd);
        }
    }

    @Override
    public void disarm(int fd) {
        if (fault != Fault.DISARM_LOST) {
            set.disarm(fd);
        }
    }

    @Override
    public int await(long nanos) throws IOException {
        return set.await(fault == Fault.EARLY_TIMEOUT && nanos != SimulatedClock.NEVER ? nanos - nanos / 10 : nanos);
    }

    @Override
    public void drain(EventConsumer events) {
        boolean[] lost = {fault != Fault.EVENT_LOST};
        set.drain((token, mask) -> {
            if (lost[0]) {
                events.accept(token, mask);
            }
            lost[0] = true;
        });
    }

    @Override
    public void signal() {
        if (fault != Fault.SIGNAL_LOST) {
            set.signal();
        }
    }

    @Override
    public long nanoTime() {
        return set.nanoTime();
    }

    @Override
    public void close() {
        set.close();
    }
}
