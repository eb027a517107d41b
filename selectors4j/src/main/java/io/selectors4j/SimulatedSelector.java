package io.selectors4j;

import io.selectors4j.Registration.State;
import io.selectors4j.internal.simulation.SimulatedKernelSet;
import io.selectors4j.internal.simulation.Simulations;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptors;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A selector on a simulated kernel, for the module `io.selectors4j.testing`. It makes no system call.
///
/// @param <A> type of the data attached to the keys
final class SimulatedSelector<A extends @Nullable Object> extends AbstractSelector<A> {

    static {
        Simulations.setFactory(SimulatedSelector::new);
    }

    private final SimulatedKernelSet kernel;

    private SimulatedSelector(SimulatedKernelSet kernel) {
        this.kernel = kernel;
        super(new SimulatedWaker(kernel));
    }

    /// Signals the simulated kernel, without a descriptor.
    private record SimulatedWaker(SimulatedKernelSet kernel) implements Waker {

        @Override
        public int fileno() {
            return -1;
        }

        @Override
        public int signal() {
            kernel.signal();
            return 0;
        }

        @Override
        public void drain() {
            // the kernel drops the signal when it reports it
        }

        @Override
        public void close() {
            // the kernel's set has no descriptor
        }
    }

    @Override
    public Backend backend() {
        return kernel.backend();
    }

    @Override
    int requireFd(Pollable fileobj) {
        int fd = Descriptors.requireSimulatedFd(fileobj);
        if (!kernel.isOwn(fileobj)) {
            throw new IllegalArgumentException(Descriptors.describe(fileobj)
                    + " is not of this simulation, whose selectors wait for its own descriptors only");
        }
        return fd;
    }

    @Override
    boolean isOfKernel(Pollable fileobj) {
        return kernel.isOwn(fileobj);
    }

    @Override
    void requireOpen(int fd) throws IOException {
        kernel.requireOpen(fd);
    }

    @Override
    void addToKernel(Registration<A> registration) throws IOException {
        kernel.add(registration.fd(), registration.token(), registration.events());
        registration.setState(State.WATCHED);
    }

    @Override
    void modifyInKernel(Registration<A> registration, Interest events, long version) throws IOException {
        kernel.modify(registration.fd(), registration.token(version), events);
        registration.setState(events.isEmpty() ? State.PAUSED : State.WATCHED);
    }

    @Override
    void removeFromKernel(Registration<A> registration) {
        if (registration.state() != State.ABSENT) {
            kernel.remove(registration.fd());
            registration.setState(State.ABSENT);
        }
    }

    @Override
    void disarm(Registration<A> registration) {
        kernel.disarm(registration.fd());
    }

    @Override
    boolean isLive() {
        return true;
    }

    @Override
    long startOf(long nanos) {
        return kernel.nanoTime();
    }

    @Override
    long remaining(long nanos, long start) {
        return nanos == 0 || nanos == Deadline.FOREVER ? nanos : Math.max(0, nanos - (kernel.nanoTime() - start));
    }

    @Override
    int await(long nanos) throws IOException {
        return kernel.await(nanos);
    }

    @Override
    void drainEvents(int found, ReadyQueue<A> into) {
        kernel.drain((token, mask) -> {
            Registration<A> registration = table.forToken(token);
            if (registration != null) {
                addReady(registration, mask, into);
            }
        });
    }

    @Override
    void release() {
        kernel.close();
    }
}
