package io.selectors4j.stress.load;

import io.selectors4j.Backend;
import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A short version of the [EchoLoadSoak].
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class EchoLoadTest {

    /// With IO_URING, the sockets are batched.
    static List<Backend> backends() {
        return Stream.of(Backend.best(), Backend.IO_URING)
                .filter(Backend::isAvailable)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void echoServer_survivesAllKindsOfClients(Backend backend) throws Exception {
        EchoLoad.run(
                new LoadScale(300, 20, 4, 300, 300, 1, Duration.ofMillis(1_200), Duration.ofMillis(500)),
                Budget.seed(),
                backend);
    }
}
