package io.selectors4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Await;
import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.os.Poll;
import io.selectors4j.os.Select;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Numbers of a simulation never reach the system, nor another simulation; nor do those of the system a simulation.
class RefusalTest {

    private final Simulation simulation = Simulation.create(1);

    static List<Backend> backends() {
        return Arrays.stream(Backend.values()).filter(Backend::isAvailable).toList();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void selectorOfTheSystem_refusesSimulatedDescriptors(Backend backend) throws Exception {
        SimulatedStream stream = simulation.openPair().first();
        try (Selector<String> selector = backend.open();
                PipeFd reader = PipeFd.open().reader()) {
            assertThatThrownBy(() -> selector.register(stream, Interest.READ, "simulated"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("SimulatedStream[fd=3] is simulated");
            assertThat(selector.getMap()).isEmpty();

            // a key of the system whose number a descriptor of the simulation has
            Pollable same = reader;
            selector.register(same, Interest.READ, "real");
            SimulatedStream twin = streamWithNumber(reader.fileno());
            assertThatThrownBy(() -> selector.unregister(twin)).isInstanceOf(NotRegisteredException.class);
            assertThatThrownBy(() -> selector.modify(twin, Interest.WRITE, "simulated"))
                    .isInstanceOf(NotRegisteredException.class);
            assertThatThrownBy(() -> selector.getKey(twin)).isInstanceOf(NotRegisteredException.class);
            assertThat(selector.getKey(same).data()).isEqualTo("real");
        }
    }

    private SimulatedStream streamWithNumber(int fd) throws Exception {
        while (true) {
            Simulation.Pair pair = simulation.openPair();
            if (pair.first().fileno() == fd) {
                return pair.first();
            }
            if (pair.second().fileno() == fd) {
                return pair.second();
            }
        }
    }

    @Test
    void waitsOfTheSystem_refuseSimulatedDescriptors() throws Exception {
        SimulatedStream stream = simulation.openPair().first();
        List<ThrowingCallable> calls = List.of(
                () -> Await.readable(stream, Duration.ZERO),
                () -> Poll.create().register(stream),
                () -> Select.select(List.of(stream), List.of(), List.of(), Duration.ZERO));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is simulated");
        }
    }

    @Test
    void simulation_refusesDescriptorsOfTheSystem() throws Exception {
        try (Selector<String> selector = simulation.openSelector();
                PipeFd reader = PipeFd.open().reader()) {
            Pollable twin = streamWithNumber(reader.fileno());
            selector.register(twin, Interest.READ, "simulated");
            assertThatThrownBy(() -> selector.register(reader, Interest.READ, "real"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not of this simulation");
            assertThatThrownBy(() -> selector.unregister(reader)).isInstanceOf(NotRegisteredException.class);
            assertThat(selector.getMap()).containsOnlyKeys(twin);
        }
    }

    @Test
    void simulation_refusesDescriptorsOfAnotherOne() throws Exception {
        SimulatedStream other = Simulation.create(2).openPair().first();
        assertThatThrownBy(() -> simulation.openSelector().register(other, Interest.READ, "other"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SimulatedStream[fd=3] is not of this simulation");
    }

    @Test
    void bareNumbers_areThoseOfTheSimulation() throws Exception {
        Simulation.Pair pair = simulation.openPair();
        Selector<String> selector = simulation.openSelector();
        selector.register(Pollable.borrow(3), Interest.WRITE, "number");
        assertThat(selector.select()).hasSize(1);
        assertThat(selector.unregister(pair.first()).data()).isEqualTo("number");
        assertThatThrownBy(() -> selector.register(Pollable.borrow(5), Interest.READ, "closed"))
                .hasMessage("register(fd=5): EBADF (9) Bad file descriptor");
    }
}
