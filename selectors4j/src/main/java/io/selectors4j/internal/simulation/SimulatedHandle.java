package io.selectors4j.internal.simulation;

import io.selectors4j.Pollable;
import io.selectors4j.internal.selector.CloseListeners;

/// The library's side of one simulated descriptor: the selectors that it is registered with.
public final class SimulatedHandle {

    final CloseListeners listeners = new CloseListeners(true, true);

    /// Creates the handle of a descriptor that is registered nowhere.
    public SimulatedHandle() {}

    /// Unregisters a descriptor that closes from its selectors. Called before its number is free.
    public void fireClosing(Pollable fileobj, int fd) {
        listeners.fireClosing(fileobj, fd);
    }
}
