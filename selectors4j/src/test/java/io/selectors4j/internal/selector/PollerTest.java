package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.OutOfMemory;
import io.selectors4j.testing.PinnedCarrier;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The poller in a child JVM. AwaitTest covers the rest.
class PollerTest {

    @Tag("ci")
    @Test
    void poller_survivesOutOfMemory() throws Exception {
        ChildJvm.Outcome outcome =
                ChildJvm.run(List.of("-Xmx24m", "-XX:+UseSerialGC", "-XX:-UseGCOverheadLimit"), OutOfMemory.class);
        assertThat(outcome.output()).contains("awaited: true");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void pinnedCarrier_doesNotHoldUpTheWaits() throws Exception {
        ChildJvm.Outcome outcome = ChildJvm.run(
                List.of("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1"),
                PinnedCarrier.class);
        assertThat(outcome.output()).contains("true true");
        assertThat(outcome.exitCode()).isZero();
    }
}
