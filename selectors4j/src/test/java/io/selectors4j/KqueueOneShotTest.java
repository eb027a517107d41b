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

/// One-shot keys, on the kqueue of each system.
@ParameterizedClass
@EnumSource(
        value = KqueueSystem.class,
        names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
@Timeout(240)
class KqueueOneShotTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final SimulatedKqueue kernel;
    private final KqueueSelector<String> selector;
    private final ConnectedPair link = ConnectedPair.Kind.SOCKET_PAIR.open();

    KqueueOneShotTest(KqueueSystem system) throws IOException {
        kernel = new SimulatedKqueue(system);
        selector = KqueueSelector.open(new KqueueLibc(system, kernel.lookup()));
    }

    @AfterEach
    void closeAll() throws IOException {
        selector.close();
        link.close();
        assertThat(kernel.failure()).isNull();
    }

    @Test
    void thatIsEdgeTriggeredTooIsReportedOnceForEachArming() throws IOException {
        Interest events = Interest.READ.edgeTriggered().oneShot();
        selector.register(link.reader(), events, "data");
        for (int i = 0; i < 3; i++) {
            link.write(1);
            assertThat(selector.select(LONG)).hasSize(1);
            link.write(1); // news, for who would be told of them
            assertThat(selector.selectNow()).isEmpty();
            selector.modify(link.reader(), events, "data");
            assertThat(selector.select(LONG)).hasSize(1);
            assertThat(selector.selectNow()).isEmpty();
            selector.modify(link.reader(), events, "data");
        }
    }

    /// EV_ONESHOT would have the BSDs report what was ready when it was added.
    @Test
    void isNotReportedIfSomebodyElseHasReadItsData() throws IOException {
        link.write(1);
        selector.register(link.reader(), Interest.READ.oneShot(), "data");
        link.drain();
        assertThat(selector.selectNow()).isEmpty();
        link.write(1);
        assertThat(selector.select(LONG)).hasSize(1);
        assertThat(selector.selectNow()).isEmpty();
    }
}
