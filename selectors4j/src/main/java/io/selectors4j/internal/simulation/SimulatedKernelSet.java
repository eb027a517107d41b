package io.selectors4j.internal.simulation;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import java.io.IOException;

/// The kernel's side of one simulated selector: the set of watched descriptors, and the wait. The selector holds the
/// lock of its keys in [#add], [#modify], [#remove] and [#drain]. All methods may be called by any thread.
public interface SimulatedKernelSet {

    /// Takes the events of a wait.
    @FunctionalInterface
    interface EventConsumer {

        /// Takes one event.
        ///
        /// @param token the token of the registration
        /// @param mask flags with the values of poll(2) on Linux
        void accept(long token, int mask);
    }

    /// Returns the backend that the selector imitates.
    Backend backend();

    /// Returns whether the number of an object can be one of this simulation.
    boolean isOwn(Pollable fileobj);

    /// Checks that a number is an open descriptor.
    ///
    /// @throws IOException EBADF if it is not
    void requireOpen(int fd) throws IOException;

    /// Watches a descriptor.
    ///
    /// @param token identifies the registration and its interest
    /// @throws IOException EBADF if the number is not open; after a failure nothing has changed
    void add(int fd, long token, Interest events) throws IOException;

    /// Changes the interest and the token of a watched descriptor, and arms it again.
    ///
    /// @param events the interest from now on, which may be empty
    /// @throws IOException EBADF if the number is not open; after a failure nothing has changed
    void modify(int fd, long token, Interest events) throws IOException;

    /// Stops watching a descriptor, which may be closed. Does nothing if the set has no such number.
    void remove(int fd);

    /// Stops reporting a descriptor until it is modified.
    void disarm(int fd);

    /// Waits.
    ///
    /// @param nanos the longest wait, or [Long#MAX_VALUE] for no limit
    /// @return 0 after the timeout; otherwise positive
    /// @throws IOException if the wait fails
    int await(long nanos) throws IOException;

    /// Passes on the events of the last wait.
    void drain(EventConsumer events);

    /// Ends the wait in progress, or the next one.
    void signal();

    /// Returns the time of the simulation in nanoseconds.
    long nanoTime();

    /// Closes the set.
    void close();
}
