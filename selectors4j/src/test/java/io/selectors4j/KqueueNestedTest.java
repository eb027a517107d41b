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

/// A kqueue selector that is registered with another kqueue selector.
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
    private final ConnectedPair pair = ConnectedPair.Kind.PIPE.open();

    KqueueNestedTest(KqueueSystem system) throws IOException {
        kernel = new SimulatedKqueue(system);
        KqueueLibc libc = new KqueueLibc(system, kernel.lookup());
        inner = KqueueSelector.open(libc);
        outer = KqueueSelector.open(libc);
        inner.register(pair.reader(), Interest.READ, "pair");
        outer.register(inner, Interest.READ, "inner");
    }

    @AfterEach
    void closeAll() throws IOException {
        outer.close();
        inner.close();
        pair.close();
        assertThat(kernel.failure()).isNull();
    }

    @Test
    void inner_isReadableWhileItsKeyIsReady() throws IOException {
        assertThat(outer.select(SHORT)).isEmpty();
        pair.write(1);
        assertThat(outer.select(LONG))
                .singleElement()
                .matches(ready -> ready.key().data().equals("inner"));
        assertThat(inner.selectNow()).hasSize(1);
        pair.drain();
        assertThat(inner.selectNow()).isEmpty();
        assertThat(outer.select(SHORT)).isEmpty();
    }

    @Test
    void inner_isReadableForEventsLeftByHandler() throws IOException {
        inner.register(pair.writer(), Interest.WRITE.oneShot(), "other");
        inner.modify(pair.reader(), Interest.READ.oneShot(), "pair");
        pair.write(1);
        assertThatThrownBy(() -> inner.select(LONG, (key, readiness) -> {
                    throw new IllegalStateException(key.data());
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(outer.select(LONG)).hasSize(1);
        assertThat(inner.select(LONG)).hasSize(1);
    }

    @Test
    void outerOnVirtualThread_isWoken() throws Exception {
        ParkedThread<List<ReadyKey<String>>> waiting =
                ParkedThread.start(() -> outer.select(LONG)).awaitParked();
        pair.write(1);
        assertThat(waiting.result()).hasSize(1);
    }

    @Test
    void closedInner_isUnregistered() throws IOException {
        inner.close();
        assertThat(outer.getMap()).isEmpty();
        assertThat(outer.select(SHORT)).isEmpty();
        assertThat(inner.fileno()).isEqualTo(-1);
    }

    @Test
    void innerWithReadWrite_isReadable() throws IOException {
        outer.modify(inner, Interest.READ_WRITE, "inner"); // EVFILT_WRITE of a kqueue is EINVAL
        pair.write(1);
        assertThat(outer.select(LONG))
                .singleElement()
                .matches(ready -> ready.readiness().isReadable());
    }
}
