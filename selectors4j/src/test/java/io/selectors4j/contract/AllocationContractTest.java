package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Allocation;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.Expect;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Heap memory that a select allocates. The simulated kernels allocate on the Java heap themselves and are not
/// measured.
@Tag("system")
@Tag("linux")
@Timeout(Expect.TEST_SECONDS)
class AllocationContractTest {

    static List<BackendUnderTest> backends() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isSimulated())
                .toList();
    }

    @Tag("ci")
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("backends")
    void selectWithAHandlerAllocatesNothing(BackendUnderTest backend) throws Exception {
        assertThat(Allocation.run(backend.name()).lines())
                .filteredOn(line -> !line.contains("UnhandledKeys") && !line.startsWith("WARNING"))
                .containsExactly(
                        "waiting: 0 bytes in 2000 waits",
                        "echoed: 0 bytes in 2000 waits",
                        "ready: 0 bytes in 10000 waits",
                        "ready: 0 bytes in 10000 waits",
                        "ready: 0 bytes in 10000 waits",
                        "events were dispatched");
    }
}
