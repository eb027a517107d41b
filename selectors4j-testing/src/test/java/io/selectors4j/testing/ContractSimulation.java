package io.selectors4j.testing;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.Selector;
import io.selectors4j.internal.simulation.SimulatedKernelSet;
import io.selectors4j.internal.simulation.Simulations;
import io.selectors4j.testing.FaultyKernelSet.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The simulation that the contract tests of the library run on: in real time, because these tests measure it.
public final class ContractSimulation implements TestSimulation {

    private static volatile @Nullable Fault planted;

    private final Simulation simulation = Simulation.builder().realTime().build();
    private final Kernel kernel = simulation.kernel();

    @Override
    public <A extends @Nullable Object> Selector<A> openSelector(Backend backend) {
        SimulatedKernelSet set = new KernelSet(kernel, backend);
        return Simulations.open(planted == null ? set : new FaultyKernelSet(set, planted));
    }

    /// Plants a fault in the selectors from now on; null for none.
    static void plant(@Nullable Fault fault) {
        planted = fault;
    }

    @Override
    public ConnectedPair openPair() throws IOException {
        Simulation.Pair pair = simulation.openPair();
        return new ConnectedPair(pair.first(), pair.second());
    }

    @Override
    public ReadySource openSource(ReadySource.Kind kind) throws IOException {
        return switch (kind) {
            case SIMULATED_LISTENER -> new ListenerSource(simulation.openListener(), new ArrayList<>());
            case SIMULATED_TIMER -> new TimerSource(simulation.openTimer());
            case SIMULATED_SCRIPT -> new ScriptSource(simulation.openScripted());
            default -> ConnectedPairSource.open(ConnectedPair.Kind.SOCKET_PAIR);
        };
    }

    private record ListenerSource(SimulatedListener listener, List<SimulatedStream> streams) implements ReadySource {

        @Override
        public Pollable pollable() {
            return listener;
        }

        @Override
        public void fire() throws IOException {
            streams.add(listener.connect());
        }

        @Override
        public void consume() throws IOException {
            SimulatedStream accepted = listener.accept();
            while (accepted != null) {
                streams.add(accepted);
                accepted = listener.accept();
            }
        }

        @Override
        public void close() {
            listener.close();
            streams.forEach(SimulatedStream::close);
        }
    }

    private record TimerSource(SimulatedTimer timer) implements ReadySource {

        @Override
        public Pollable pollable() {
            return timer;
        }

        @Override
        public void fire() throws IOException {
            timer.set(Duration.ofNanos(1));
            // A timer expires in a select; this one is to be ready before that.
            try (Selector<String> selector = Simulations.open(new KernelSet(timer.kernel(), Backend.EPOLL))) {
                selector.register(timer, Interest.READ, "expired");
                while (selector.select().isEmpty()) {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void consume() throws IOException {
            timer.read();
        }

        @Override
        public void close() {
            timer.close();
        }
    }

    private record ScriptSource(ScriptedDescriptor script) implements ReadySource {

        @Override
        public Pollable pollable() {
            return script;
        }

        @Override
        public void fire() throws IOException {
            script.setReady(Condition.READABLE);
        }

        @Override
        public void consume() throws IOException {
            script.setReady();
        }

        @Override
        public void close() {
            script.close();
        }
    }

    @Override
    public void dupOnto(int fd, int number) {
        try (var _ = kernel.acquire()) {
            OpenFile file = Objects.requireNonNull(kernel.file(fd));
            if (kernel.file(number) != null) {
                kernel.close(number);
            }
            kernel.open(file, number);
        }
    }

    @Override
    public void close(int number) {
        try (var _ = kernel.acquire()) {
            kernel.close(number);
        }
    }

    @Override
    public PollableChannel adopt(int number) {
        try (var _ = kernel.acquire()) {
            return new SimulatedStream((StreamFile) Objects.requireNonNull(kernel.file(number)), number);
        }
    }

    @Override
    public boolean isBlocked(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals(SimulatedClock.class.getName())
                    && frame.getMethodName().equals("block")) {
                return true;
            }
        }
        return false;
    }
}
