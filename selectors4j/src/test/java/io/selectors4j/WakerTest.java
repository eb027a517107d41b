package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.PollWait;
import io.selectors4j.internal.sys.SelectWait;
import io.selectors4j.internal.sys.SingleFdPoll;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WakerTest {

    private static final int ROUNDS = 20_000;

    /// A kind of waker.
    enum Kind {
        EVENTFD {
            @Override
            Waker open() throws IOException {
                return new EventfdWaker();
            }
        },
        PIPE {
            @Override
            Waker open() throws IOException {
                return new PipeWaker();
            }
        };

        abstract Waker open() throws IOException;
    }

    private static boolean isReadable(Waker waker) throws IOException {
        return SingleFdPoll.await(waker.fileno(), PollFlags.POLLIN, 0) == PollFlags.POLLIN;
    }

    @Test
    void bothEndsOfThePipe_areOwn() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        Waker waker = new PipeWaker();
        assertThat(OpenFiles.since(before).keySet()).hasSize(2).allMatch(waker::isOwn);
        assertThat(waker.isOwn(0)).isFalse();
        waker.close();
    }

    @Test
    void wakerOfLinux_isEventfd() throws Exception {
        Waker waker = Waker.create();
        assertThat(waker).isInstanceOf(EventfdWaker.class);
        waker.close();
    }

    @ParameterizedTest
    @EnumSource
    void signal_makesReadableUntilDrain(Kind kind) throws Exception {
        Waker waker = kind.open();
        assertThat(isReadable(waker)).isFalse();
        for (int signals : new int[] {1, 2, 511, 512, 513, 1024}) {
            for (int i = 0; i < signals; i++) {
                waker.signal();
            }
            assertThat(isReadable(waker)).isTrue();
            waker.drain();
            assertThat(isReadable(waker)).isFalse();
            waker.drain(); // finds nothing and does not block
        }
        waker.close();
    }

    @ParameterizedTest
    @EnumSource
    void signalsBeyondCapacity_doNotBlock(Kind kind) throws Exception {
        Waker waker = kind.open();
        for (int i = 0; i < 70_000; i++) { // a pipe holds 65,536 bytes
            waker.signal();
        }
        assertThat(isReadable(waker)).isTrue();
        waker.drain();
        assertThat(isReadable(waker)).isFalse();
        waker.signal();
        assertThat(isReadable(waker)).isTrue();
        waker.close();
    }

    @ParameterizedTest
    @EnumSource
    void signal_endsWaitOfAnotherThread(Kind kind) throws Exception {
        Waker waker = kind.open();
        PollFds fds = new PollFds();
        fds.add(waker.fileno(), PollFlags.POLLIN);
        FdSets sets = new FdSets();
        sets.add(FdSets.READ, waker.fileno());
        sets.prepare();
        try (Background<Integer> poll = Background.start(() -> new PollWait().await(fds, Deadline.FOREVER, null));
                Background<Integer> select =
                        Background.start(() -> new SelectWait().await(sets, Deadline.FOREVER, null))) {
            poll.awaitAsleep();
            select.awaitAsleep();
            waker.signal();
            assertThat(poll.result()).isEqualTo(1);
            assertThat(select.result()).isEqualTo(1);
        }
        waker.close();
    }

    /// Two threads wake each other, each with its own waker. A lost signal would block the test until its time limit.
    @ParameterizedTest
    @EnumSource
    void alternatingSignals_areNotLost(Kind kind) throws Exception {
        Waker ping = kind.open();
        Waker pong = kind.open();
        try (Background<Void> other = Background.start(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                SingleFdPoll.await(ping.fileno(), PollFlags.POLLIN, Deadline.FOREVER);
                ping.drain();
                pong.signal();
            }
            return null;
        })) {
            for (int i = 0; i < ROUNDS; i++) {
                ping.signal();
                SingleFdPoll.await(pong.fileno(), PollFlags.POLLIN, Deadline.FOREVER);
                pong.drain();
            }
            other.result();
        }
        ping.close();
        pong.close();
    }

    @ParameterizedTest
    @EnumSource
    void signalsDuringClose_hitNoOtherFile(Kind kind) throws Exception {
        for (int i = 0; i < 200; i++) {
            Waker waker = kind.open();
            CountDownLatch started = new CountDownLatch(1);
            try (Background<Void> signals = Background.start(() -> {
                started.countDown();
                while (waker.fileno() >= 0) {
                    waker.signal();
                }
                waker.signal();
                return null;
            })) {
                started.await();
                waker.close();
                signals.result();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void descriptors_areNonBlockingAndCloseOnExec(Kind kind) throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        Waker waker = kind.open();
        Map<Integer, String> opened = OpenFiles.since(before);
        assertThat(opened).hasSize(kind == Kind.PIPE ? 2 : 1).containsKey(waker.fileno());
        for (int fd : opened.keySet()) {
            assertThat(Fcntl.isBlocking(fd)).isFalse();
            assertThat(Libc.isCloseOnExec(fd)).isTrue();
        }
        waker.close();
        assertThat(OpenFiles.since(before)).isEmpty();
        assertThat(waker.fileno()).isEqualTo(-1);
        waker.signal(); // does nothing
        waker.close();
    }

    @ParameterizedTest
    @EnumSource
    void drainOfForeignClosed_throwsEbadf(Kind kind) throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        Waker probe = kind.open();
        int count = OpenFiles.since(before).size();
        probe.close();
        for (int index = 0; index < count; index++) {
            Waker waker = kind.open();
            int fd = OpenFiles.since(before).keySet().stream()
                    .skip(index)
                    .findFirst()
                    .orElseThrow();
            Libc.close(fd);
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(waker::drain)
                    .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EBADF"))
                    .withMessageContaining("fd=" + waker.fileno());
            waker.close();
        }
    }
}
