package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Allocation;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a select takes of the heap. A kernel written in Java takes some itself, so there is no such test on one.
@Timeout(60)
class AllocationContractTest {

    static List<BackendUnderTest> backends() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isSimulated())
                .toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("backends")
    void selectWithAHandlerAllocatesNothing(BackendUnderTest backend) throws Exception {
        assertThat(Allocation.run(backend.name()).lines())
                .containsExactly(
                        "waiting: 0 bytes in 2000 waits",
                        "echoed: 0 bytes in 2000 waits",
                        "ready: 0 bytes in 10000 waits",
                        "ready: 0 bytes in 10000 waits",
                        "ready: 0 bytes in 10000 waits",
                        "events were dispatched");
    }
}
