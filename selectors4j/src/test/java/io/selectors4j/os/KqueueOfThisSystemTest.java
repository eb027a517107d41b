package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.testing.Allocation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of the kqueue of this system, and of arguments that are checked without one.
class KqueueOfThisSystemTest {

    @Test
    void kqueue_worksOrMessageSaysWhyNot() throws Exception {
        String cause = KqueueLibc.unavailableCause();
        if (cause == null) {
            watchesAPipe();
            return;
        }
        List<ThrowingCallable> uses = List.of(Kqueue::create, () -> Kqueue.fromFd(0), () -> new Kevents(1));
        for (ThrowingCallable use : uses) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(use)
                    .withMessage(cause)
                    .withMessageContaining("libkqueue.so.0");
        }
    }

    /// The example of Python's documentation.
    private static void watchesAPipe() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open();
                Kqueue kqueue = Kqueue.create()) {
            Kevent change = new Kevent(pipe.reader(), Kqueue.EVFILT_READ, Kqueue.EV_ADD).withUdata(-7);
            assertThat(kqueue.control(List.of(change), 0)).isEmpty();
            assertThat(kqueue.control(null, 4, Duration.ofMillis(1))).isEmpty();
            pipe.writer().write(ByteBuffer.allocate(3));
            List<Kevent> events = kqueue.control(null, 4);
            assertThat(events).hasSize(1);
            assertThat(events.getFirst().ident()).isEqualTo(pipe.reader().fileno());
            assertThat(events.getFirst().filter()).isEqualTo(Kqueue.EVFILT_READ);
            assertThat(events.getFirst().data()).isEqualTo(3);
            assertThat(events.getFirst().udata()).isEqualTo(-7);
            Kevents memory = new Kevents(1);
            assertThat(kqueue.control(null, memory, null)).isOne();
            assertThat(memory.get(0)).isEqualTo(events.getFirst());
            memory.set(0, change.withFlags(Kqueue.EV_DELETE));
            assertThat(kqueue.control(memory, null, null)).isZero();
            assertThat(kqueue.control(null, 4, Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void negativeDescriptor_isRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> Kqueue.fromFd(-1)).withMessageContaining("-1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, (1 << 20) + 1, Integer.MAX_VALUE})
    void capacityOutOfRange_isRejected(int capacity) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Kevents(capacity));
    }

    @Test
    void callWithEventMemory_allocatesNothing() throws Exception {
        assertThat(Allocation.run("kqueue").lines()).containsExactly("changed: 0 bytes in 20000 waits");
    }
}
