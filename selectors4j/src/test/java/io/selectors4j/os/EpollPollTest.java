package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.Pollable;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.testing.Allocation;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Waits with [Epoll#poll]: time limits, numbers of events, and several threads.
class EpollPollTest extends EpollFixture {

    @Test
    void maxEventsBelowOne_isRejected() {
        for (int max : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> epoll.poll(NOW, max))
                    .withMessageContaining("" + max);
        }
    }

    @Test
    void hugeMaxEvents_allocatesLittle() throws Exception {
        epoll.register(a, Epoll.EPOLLOUT);
        assertThat(epoll.poll(LONG, Integer.MAX_VALUE)).hasSize(1);
    }

    /// CPython's test_above_fd_setsize, which registers 9,984 pairs where 20,000 files may be open.
    @Test
    void manyReadyDescriptors_areReturnedByOnePoll() throws Exception {
        b.write(oneByte());
        int count = (int) Math.min(9_984, Libc.openFilesLimit() / 2);
        List<Integer> fds = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                fds.add(Libc.dup(a.fileno()));
                epoll.register(Pollable.borrow(fds.getLast()), Epoll.EPOLLIN);
            }
            assertThat(epoll.poll(LONG)).extracting(EpollEvent::fd).containsExactlyInAnyOrderElementsOf(fds);
            assertThat(epoll.poll(LONG, count - 1)).hasSize(count - 1);
            // Another object for the same set does not know the number of its entries: its memory grows.
            try (Epoll adopted = Epoll.fromFd(Libc.dup(epoll.fileno()))) {
                int size = 0;
                for (int previous = -1; size > previous; ) {
                    previous = size;
                    size = adopted.poll(LONG).size();
                }
                assertThat(size).isEqualTo(count);
            }
        } finally {
            fds.forEach(Libc::close);
        }
    }

    @Test
    void maxEventsOfOne_servesAllInTurn() throws Exception {
        List<PipeFd.Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            PipeFd.Pipe pipe = PipeFd.open();
            epoll.register(pipe.writer(), Epoll.EPOLLOUT);
            pipes.add(pipe);
        }
        Set<Integer> served = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            List<EpollEvent> events = epoll.poll(LONG, 1);
            assertThat(events).hasSize(1);
            served.add(events.getFirst().fd());
        }
        assertThat(served).hasSize(50);
        for (PipeFd.Pipe pipe : pipes) {
            pipe.close();
        }
    }

    @Test
    void eventMemory_holdsEventsOfLastWait() throws Exception {
        EpollEvents events = new EpollEvents(2);
        assertThat(events.capacity()).isEqualTo(2);
        assertThat(events.size()).isZero();
        epoll.register(a, Epoll.EPOLLOUT, 5);
        assertThat(epoll.poll(LONG, events)).isEqualTo(1);
        assertThat(events.size()).isEqualTo(1);
        assertThat(events.data(0)).isEqualTo(5);
        assertThat(events.events(0)).isEqualTo(Epoll.EPOLLOUT);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> events.data(1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> events.events(-1));
        epoll.modify(a, Epoll.EPOLLIN);
        assertThat(epoll.poll(NOW, events)).isZero();
        assertThat(events.size()).isZero();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> events.data(0));
    }

    @Test
    void failedWait_clearsEventMemory() throws Exception {
        EpollEvents events = new EpollEvents(2);
        epoll.register(a, Epoll.EPOLLOUT);
        epoll.poll(LONG, events);
        epoll.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> epoll.poll(NOW, events));
        assertThat(events.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, (1 << 20) + 1, Integer.MAX_VALUE})
    void capacityOutOfRange_isRejected(int capacity) {
        assertThatIllegalArgumentException().isThrownBy(() -> new EpollEvents(capacity));
    }

    @Test
    void waitWithEventMemory_allocatesNothing() throws Exception {
        assertThat(Allocation.run("epoll").lines()).containsExactly("ready: 0 bytes in 20000 waits");
    }

    @Test
    void twoThreads_mayWaitAtOnce() throws Exception {
        epoll.register(a, Epoll.EPOLLIN | Epoll.EPOLLONESHOT);
        epoll.register(b, Epoll.EPOLLIN | Epoll.EPOLLONESHOT);
        try (Background<List<EpollEvent>> one = Background.start(() -> epoll.poll(null, 1));
                Background<List<EpollEvent>> two = Background.start(() -> epoll.poll(null, 1))) {
            one.awaitAsleep();
            two.awaitAsleep();
            a.write(oneByte());
            b.write(oneByte());
            assertThat(List.of(
                            one.result().getFirst().fd(),
                            two.result().getFirst().fd()))
                    .containsExactlyInAnyOrder(a.fileno(), b.fileno());
        }
    }

    @Test
    void change_wakesWaitingThread() throws Exception {
        try (Background<List<EpollEvent>> waiting = Background.start(() -> epoll.poll(null, 1))) {
            waiting.awaitAsleep();
            epoll.register(a, Epoll.EPOLLOUT);
            assertThat(waiting.result()).extracting(EpollEvent::fd).containsExactly(a.fileno());
        }
    }

    @Test
    void closeDuringWait_closesDescriptorAfterIt() throws Exception {
        int fd = epoll.fileno();
        epoll.register(a, Epoll.EPOLLIN);
        try (Background<List<EpollEvent>> waiting = Background.start(() -> epoll.poll(null, 1))) {
            waiting.awaitAsleep();
            epoll.close();
            assertThat(epoll.closed()).isTrue();
            Thread.sleep(20);
            assertThat(Libc.isOpen(fd)).as("while the other thread waits").isTrue();
            assertThat(waiting.isRunning()).isTrue();
            b.write(oneByte());
            assertThat(waiting.result()).hasSize(1);
            assertThat(Libc.isOpen(fd)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 999, 50_000, 999_999, 1_000_001, 30_000_000})
    void timeout_isNeverEarly(long nanos) throws Exception {
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            assertThat(epoll.poll(Duration.ofNanos(nanos), 1)).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void negativeOrNullTimeout_waitsWithoutLimit() throws Exception {
        epoll.register(a, Epoll.EPOLLIN | Epoll.EPOLLET);
        Duration[] endless = {null, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE), Duration.ofDays(1 << 30)};
        for (@Nullable Duration timeout : endless) {
            try (Background<List<EpollEvent>> waiting = Background.start(() -> epoll.poll(timeout, 1))) {
                waiting.awaitAsleep();
                b.write(oneByte());
                assertThat(waiting.result()).hasSize(1);
            }
        }
    }
}
