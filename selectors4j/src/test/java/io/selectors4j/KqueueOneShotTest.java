package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.SimulatedKqueue;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// One-shot keys on the kqueue of each system.
@ParameterizedClass
@EnumSource(
        value = KqueueSystem.class,
        names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
@Timeout(240)
class KqueueOneShotTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final SimulatedKqueue kernel;
    private final KqueueSelector<String> selector;
    private final ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();

    KqueueOneShotTest(KqueueSystem system) throws IOException {
        kernel = new SimulatedKqueue(system);
        selector = KqueueSelector.open(new KqueueLibc(system, kernel.lookup()));
    }

    @AfterEach
    void closeAll() throws IOException {
        selector.close();
        pair.close();
        assertThat(kernel.failure()).isNull();
    }

    @Test
    void edgeTriggeredToo_isReportedOncePerArming() throws IOException {
        Interest events = Interest.READ.edgeTriggered().oneShot();
        selector.register(pair.reader(), events, "data");
        for (int i = 0; i < 3; i++) {
            pair.write(1);
            assertThat(selector.select(LONG)).hasSize(1);
            pair.write(1); // a new event, which the disabled key does not report
            assertThat(selector.selectNow()).isEmpty();
            selector.modify(pair.reader(), events, "data");
            assertThat(selector.select(LONG)).hasSize(1);
            assertThat(selector.selectNow()).isEmpty();
            selector.modify(pair.reader(), events, "data");
        }
    }

    /// With EV_ONESHOT the BSDs would report the condition of the time of EV_ADD.
    @Test
    void drainedBeforeSelect_isNotReported() throws IOException {
        pair.write(1);
        selector.register(pair.reader(), Interest.READ.oneShot(), "data");
        pair.drain();
        assertThat(selector.selectNow()).isEmpty();
        pair.write(1);
        assertThat(selector.select(LONG)).hasSize(1);
        assertThat(selector.selectNow()).isEmpty();
    }
}
