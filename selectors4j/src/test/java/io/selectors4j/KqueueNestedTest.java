package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.ParkedThread;
import io.selectors4j.testing.SimulatedKqueue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A selector on kqueue that another one, on kqueue too, waits for.
@ParameterizedClass
@EnumSource(
        value = KqueueSystem.class,
        names = {"MACOS", "FREEBSD", "NETBSD"})
@Timeout(240)
class KqueueNestedTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final SimulatedKqueue kernel;
    private final KqueueSelector<String> inner;
    private final KqueueSelector<String> outer;
    private final ConnectedPair link = ConnectedPair.Kind.PIPE.open();

    KqueueNestedTest(KqueueSystem system) throws IOException {
        kernel = new SimulatedKqueue(system);
        KqueueLibc libc = new KqueueLibc(system, kernel.lookup());
        inner = KqueueSelector.open(libc);
        outer = KqueueSelector.open(libc);
        inner.register(link.reader(), Interest.READ, "link");
        outer.register(inner, Interest.READ, "inner");
    }

    @AfterEach
    void closeAll() throws IOException {
        outer.close();
        inner.close();
        link.close();
        assertThat(kernel.failure()).isNull();
    }

    @Test
    void isReadableWhileSomethingIsReadyInIt() throws IOException {
        assertThat(outer.select(SHORT)).isEmpty();
        link.write(1);
        assertThat(outer.select(LONG))
                .singleElement()
                .matches(ready -> ready.key().data().equals("inner"));
        assertThat(inner.selectNow()).hasSize(1);
        link.drain();
        assertThat(inner.selectNow()).isEmpty();
        assertThat(outer.select(SHORT)).isEmpty();
    }

    @Test
    void isReadableForWhatAHandlerThatThrewHasLeft() throws IOException {
        inner.register(link.writer(), Interest.WRITE.oneShot(), "other");
        inner.modify(link.reader(), Interest.READ.oneShot(), "link");
        link.write(1);
        assertThatThrownBy(() -> inner.select(LONG, (key, readiness) -> {
                    throw new IllegalStateException(key.data());
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(outer.select(LONG)).hasSize(1);
        assertThat(inner.select(LONG)).hasSize(1);
    }

    @Test
    void wakesAVirtualThreadThatWaitsForTheOuterOne() throws Exception {
        ParkedThread<List<ReadyKey<String>>> waiting =
                ParkedThread.start(() -> outer.select(LONG)).awaitParked();
        link.write(1);
        assertThat(waiting.result()).hasSize(1);
    }

    @Test
    void leavesTheOuterOneWhenItCloses() throws IOException {
        inner.close();
        assertThat(outer.getMap()).isEmpty();
        assertThat(outer.select(SHORT)).isEmpty();
        assertThat(inner.fileno()).isEqualTo(-1);
    }

    @Test
    void isWaitedForToWriteWithSelectWhichKnowsNoSuchThing() throws IOException {
        outer.modify(inner, Interest.READ_WRITE, "inner"); // EVFILT_WRITE of a kqueue is EINVAL
        link.write(1);
        assertThat(outer.select(LONG))
                .singleElement()
                .matches(ready -> ready.readiness().isReadable());
    }
}
