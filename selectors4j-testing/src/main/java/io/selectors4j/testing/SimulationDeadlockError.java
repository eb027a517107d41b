package io.selectors4j.testing;

/// Thrown by a select of a [Simulation] that would never return: no key is ready, nothing is scheduled, no thread holds
/// the simulation, and no select has a timeout. The message has the seed, the time, and the keys.
public final class SimulationDeadlockError extends AssertionError {

    private static final long serialVersionUID = 1L;

    /// Creates an error.
    ///
    /// @param message the state of the simulation
    SimulationDeadlockError(String message) {
        super(message);
    }
}
