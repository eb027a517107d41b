package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.os.Poll;
import io.selectors4j.os.PollEvent;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.TestSignal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt does not end a blocked read
class EventFdTest {

    /// The maximum of a counter: 2^64-2.
    private static final long MOST = -2;

    private EventFd event;

    @BeforeEach
    void open() throws Exception {
        event = EventFd.open(0);
    }

    @AfterEach
    void close() throws Exception {
        event.close();
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    }

    private static int ready(EventFd event) throws IOException {
        Poll poll = Poll.create();
        poll.register(event, Poll.POLLIN | Poll.POLLOUT);
        return poll.poll(Duration.ZERO).stream().mapToInt(PollEvent::revents).sum();
    }

    @Test
    void isBlockingAndCloseOnExec() throws Exception {
        try (EventFd semaphore = EventFd.openSemaphore(0)) {
            for (EventFd fd : List.of(event, semaphore)) {
                assertThat(fd.isBlocking()).isTrue();
                assertThat(Libc.isCloseOnExec(fd.fileno())).isTrue();
                assertThat(fd).hasToString("EventFd[fd=" + fd.fileno() + "]");
            }
        }
    }

    @Test
    void read_takesWholeCounter() throws Exception {
        event.setBlocking(false);
        assertThat(event.read()).isZero();
        assertThat(event.write(3)).isTrue();
        assertThat(event.write(4)).isTrue();
        assertThat(event.read()).isEqualTo(7);
        assertThat(event.read()).isZero();
    }

    @Test
    void readOfSemaphore_takesOne() throws Exception {
        try (EventFd semaphore = EventFd.openSemaphore(2)) {
            semaphore.setBlocking(false);
            assertThat(semaphore.write(1)).isTrue();
            for (int i = 0; i < 3; i++) {
                assertThat(semaphore.read()).isEqualTo(1);
            }
            assertThat(semaphore.read()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 77, Integer.MAX_VALUE})
    void open_hasInitialValue(int initial) throws Exception {
        try (EventFd begun = EventFd.open(initial)) {
            assertThat(begun.read()).isEqualTo(initial);
        }
    }

    @Test
    void negativeInitialValue_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> EventFd.open(-1)).withMessage("negative counter -1");
        assertThatIllegalArgumentException().isThrownBy(() -> EventFd.openSemaphore(Integer.MIN_VALUE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, MOST})
    void valuesAreUnsigned(long value) throws Exception {
        assertThat(event.write(value)).isTrue();
        assertThat(event.read()).isEqualTo(value);
    }

    @Test
    void writeOfZero_alwaysSucceeds() throws Exception {
        event.setBlocking(false);
        assertThat(event.write(0)).isTrue();
        assertThat(event.read()).isZero();
        event.write(MOST);
        assertThat(event.write(0)).isTrue();
        assertThat(event.read()).isEqualTo(MOST);
    }

    @Test
    void maximumPlusOne_isRefused() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event.write(-1))
                .withMessageContaining("18446744073709551615");
        event.setBlocking(false);
        assertThat(event.read()).isZero();
    }

    @Test
    void overflow_addsNothing() throws Exception {
        event.setBlocking(false);
        assertThat(event.write(MOST - 1)).isTrue();
        assertThat(event.write(2)).isFalse();
        assertThat(event.write(MOST)).isFalse();
        assertThat(event.write(1)).isTrue();
        assertThat(event.write(1)).isFalse();
        assertThat(event.read()).isEqualTo(MOST);
    }

    @Test
    void readiness_followsCounter() throws Exception {
        assertThat(ready(event)).isEqualTo(Poll.POLLOUT);
        event.write(1);
        assertThat(ready(event)).isEqualTo(Poll.POLLIN | Poll.POLLOUT);
        event.write(MOST - 1);
        assertThat(ready(event)).isEqualTo(Poll.POLLIN);
        event.read();
        assertThat(ready(event)).isEqualTo(Poll.POLLOUT);
    }

    @Test
    void blockingRead_waits() throws Exception {
        try (Background<Long> reading = Background.start(event::read)) {
            reading.awaitAsleep();
            event.write(5);
            assertThat(reading.result()).isEqualTo(5);
        }
    }

    @Test
    void blockingWrite_waitsForRoom() throws Exception {
        event.write(MOST);
        try (Background<Boolean> writing = Background.start(() -> event.write(5))) {
            writing.awaitAsleep();
            assertThat(event.read()).isEqualTo(MOST);
            assertThat(writing.result()).isTrue();
            assertThat(event.read()).isEqualTo(5);
        }
    }

    @Test
    void concurrentWrites_loseNothing() throws Exception {
        int times = 20_000;
        List<Background<Void>> adding = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            adding.add(Background.start(() -> {
                for (int time = 0; time < times; time++) {
                    event.write(3);
                }
                return null;
            }));
        }
        long sum = 0;
        while (sum < 12L * times) {
            sum += event.read();
        }
        assertThat(sum).isEqualTo(12L * times);
        for (Background<Void> thread : adding) {
            thread.result();
        }
    }

    @Test
    void bytes_areSameNumber() throws Exception {
        assertThat(event.write(bytes(8).putLong(0, 0x0102030405060708L))).isEqualTo(8);
        assertThat(event.read()).isEqualTo(0x0102030405060708L);
        event.write(0x1122334455667788L);
        ByteBuffer target = bytes(20);
        assertThat(event.read(target)).isEqualTo(8);
        assertThat(target.position()).isEqualTo(8);
        assertThat(target.getLong(0)).isEqualTo(0x1122334455667788L);
        event.setBlocking(false);
        assertThat(event.read(bytes(8))).isZero();
    }

    @Test
    void shortBuffer_isRefused() throws Exception {
        event.write(6);
        List<ThrowingCallable> calls = List.of(
                () -> event.read(bytes(7)),
                () -> event.write(bytes(7)),
                () -> event.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1})));
        for (ThrowingCallable call : calls) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(call)
                    .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EINVAL"));
        }
        assertThat(event.read()).isEqualTo(6);
    }

    @Test
    void duplicate_hasSameCounter() throws Exception {
        try (EventFd copy = event.dup()) {
            assertThat(Libc.isCloseOnExec(copy.fileno())).isTrue();
            event.write(2);
            copy.write(3);
            event.close();
            assertThat(copy.read()).isEqualTo(5);
        }
    }

    @Test
    void closed_refusesEverything() throws Exception {
        event.close();
        for (ThrowingCallable use : List.<ThrowingCallable>of(event::read, () -> event.write(1), event::dup)) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
        }
    }

    @Test
    void closeDuringRead_keepsNumberUntilReturn() throws Exception {
        int fd = event.fileno();
        try (EventFd copy = event.dup();
                Background<Long> reading = Background.start(event::read)) {
            reading.awaitAsleep();
            event.close();
            assertThat(Libc.isOpen(fd)).isTrue();
            copy.write(9);
            assertThat(reading.result()).as("the value read is not lost").isEqualTo(9);
            assertThat(Libc.isOpen(fd)).isFalse();
        }
    }

    @Test
    void readInterruptedAfterClose_reportsClose() throws Exception {
        try (TestSignal signal = TestSignal.interrupting("WINCH");
                Background<Long> reading = Background.start(event::read)) {
            reading.awaitAsleep();
            event.close();
            signal.send(reading);
            assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(reading::result);
        }
    }
}
