package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.BatchedOutOfMemory;
import io.selectors4j.testing.ChildJvm;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Batched sockets in a child JVM, where allocations of a select fail.
class BatchedMemoryTest {

    static Stream<Backend> backends() {
        return Stream.of(Backend.IO_URING).filter(Backend::isAvailable);
    }

    @Tag("ci")
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("backends")
    void failedAllocation_losesNoByte(Backend backend) throws Exception {
        assertThat(backend.isAvailable()).isTrue();
        ChildJvm.Outcome outcome = ChildJvm.run(
                List.of("-Xmx16m", "-XX:+UseSerialGC", "-XX:-UseTLAB", "-XX:-UseGCOverheadLimit"),
                BatchedOutOfMemory.class);
        assertThat(outcome.output()).matches("failed selects: [1-9]\\d*\n");
        assertThat(outcome.exitCode()).isZero();
    }
}
