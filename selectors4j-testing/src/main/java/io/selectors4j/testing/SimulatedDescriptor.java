package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.internal.simulation.SimulatedHandle;
import io.selectors4j.internal.simulation.Simulations;
import java.io.Closeable;
import java.nio.channels.ClosedChannelException;

/// A descriptor of a [Simulation]. It is always non-blocking. Closing it first unregisters it from its selectors, then
/// frees its number, which the next descriptor of the simulation gets.
///
/// All methods may be called by any thread, also during a select, and by scheduled actions.
public abstract sealed class SimulatedDescriptor implements Pollable, Closeable
        permits ScriptedDescriptor, SimulatedListener, SimulatedStream, SimulatedTimer {

    static {
        Simulations.install(fileobj -> fileobj instanceof SimulatedDescriptor own ? own.handle : null);
    }

    private final SimulatedHandle handle = new SimulatedHandle();
    private final Kernel kernel;
    private final OpenFile file;
    private final int fd;
    private volatile boolean closed;

    SimulatedDescriptor(OpenFile file, int fd) {
        kernel = file.kernel;
        this.file = file;
        this.fd = fd;
    }

    final Kernel kernel() {
        return kernel;
    }

    /// Returns the number in the simulation, from 3 on. It means nothing to the system and to other simulations.
    ///
    /// @return the number; -1 after the object is closed
    @Override
    public final int fileno() {
        return closed ? -1 : fd;
    }

    /// Returns whether the object is open.
    ///
    /// @return false after [#close]
    public final boolean isOpen() {
        return !closed;
    }

    /// Makes each key of this descriptor ready once without a reason: a select reports its READ and WRITE events, and
    /// the read or write that follows returns 0. Real kernels do this too.
    public final void fireSpurious() {
        try (var _ = kernel.acquire()) {
            file.fireSpurious();
        }
    }

    /// Makes the next call of an operation on this descriptor fail. Several failures of one operation occur one after
    /// the other. [Operation#SELECT] and [Operation#OPEN] have no effect here; see [Simulation#failNext].
    ///
    /// @param operation the operation
    /// @param errno the symbol of the error, such as `ECONNRESET`
    /// @throws IllegalArgumentException if this system has no such error
    public final void failNext(Operation operation, String errno) {
        try (var _ = kernel.acquire()) {
            file.failNext(operation, errno);
        }
    }

    /// Begins a call of this descriptor. Called with the kernel's lock held.
    final void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    /// Unregisters this descriptor from its selectors, and frees its number.
    @Override
    public void close() {
        try (var _ = kernel.acquire()) {
            if (closed) {
                return;
            }
            closed = true;
        }
        handle.fireClosing(this, fd);
        try (var _ = kernel.acquire()) {
            kernel.close(fd);
        }
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + (closed ? "[closed]" : "[fd=" + fd + "]");
    }
}
