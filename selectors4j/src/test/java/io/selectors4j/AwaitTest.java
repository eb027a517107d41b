package io.selectors4j;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Jvm;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OneCarrier;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.ParkedThread;
import io.selectors4j.testing.ReadySource;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Waits for one object, on platform threads and on virtual threads.
@ParameterizedClass
@EnumSource
@Timeout(240)
class AwaitTest {

    private final Kind kind;

    AwaitTest(Kind kind) {
        this.kind = kind;
    }

    enum Kind {
        PLATFORM,
        VIRTUAL;

        Thread.Builder builder() {
            return switch (this) {
                case PLATFORM -> Thread.ofPlatform().daemon();
                case VIRTUAL -> Thread.ofVirtual();
            };
        }
    }

    private <T> ParkedThread<T> start(Callable<T> body) {
        return ParkedThread.start(kind.builder(), body);
    }

    static List<ReadySource.Kind> kinds() {
        return ReadySource.Kind.available();
    }

    @Tag("linux")
    @Test
    void hangupInterest_ignoresData() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open()) {
            pair.write(1);
            assertThat(start(() -> Await.ready(pair.reader(), Interest.HANGUP, Duration.ofMillis(10)))
                            .result())
                    .isNull();
            var waiting = start(() -> Await.ready(pair.reader(), Interest.HANGUP, PATIENCE))
                    .awaitParked();
            pair.write(1);
            pair.writer().close();
            assertThat(waiting.result().events()).isSameAs(Interest.HANGUP);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindOfDescriptor_isReported(ReadySource.Kind source) throws Exception {
        try (ReadySource opened = source.open()) {
            Pollable fileobj = opened.pollable();
            Interest events = opened.interest();
            assertThat(start(() -> Await.ready(fileobj, events, Duration.ZERO)).result())
                    .isNull();
            assertThat(start(() -> Await.ready(fileobj, events, Duration.ofMillis(5)))
                            .result())
                    .isNull();
            var waiting = start(() -> Await.ready(fileobj, events, null)).awaitParked();
            opened.fire();
            assertThat(waiting.result().events()).isEqualTo(events);
            assertThat(start(() -> Await.ready(fileobj, events, PATIENCE))
                            .result()
                            .events())
                    .isEqualTo(events);
        }
    }

    @Test
    void timeout_isNeverEarly() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
            for (Duration timeout : List.of(Duration.ofNanos(1), Duration.ofMillis(1), Duration.ofMillis(40))) {
                long start = System.nanoTime();
                assertThat(start(() -> Await.readable(pair.reader(), timeout)).result())
                        .isFalse();
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeout.toNanos());
            }
            assertThat(start(() -> Await.readable(pair.reader(), Duration.ofDays(-1)))
                            .result())
                    .isFalse();
        }
    }

    @Test
    void longestTimeout_isNoLimit() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
            var waiting = start(() -> Await.readable(pair.reader(), Duration.ofSeconds(Long.MAX_VALUE)))
                    .awaitParked();
            pair.write(1);
            assertThat(waiting.result()).isTrue();
        }
    }

    @Test
    void successiveWaits_onOneDescriptor_areServed() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open()) {
            for (int i = 0; i < 20; i++) {
                var waiting = start(() -> Await.readable(pair.reader(), null)).awaitParked();
                pair.write(1);
                assertThat(waiting.result()).isTrue();
                pair.drain();
            }
        }
    }

    @Test
    void severalThreads_waitForTheirOwnEvents() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open()) {
            ConnectedPair back = new ConnectedPair(/* reader= */ pair.writer(), /* writer= */ pair.reader());
            back.fill(); // no buffer space: the reader cannot write
            List<ParkedThread<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                readers.add(start(() -> Await.readable(pair.reader(), null)).awaitParked());
            }
            var writer = start(() -> Await.writable(pair.reader(), null)).awaitParked();
            var timedOut = start(() -> Await.readable(pair.reader(), Duration.ofMillis(10)));
            assertThat(timedOut.result()).isFalse();

            pair.write(1);
            for (ParkedThread<Boolean> reader : readers) {
                assertThat(reader.result()).isTrue();
            }
            assertThat(writer.task().isDone()).isFalse();
            back.drain();
            assertThat(writer.result()).isTrue();
        }
    }

    @Test
    void interrupt_endsWait() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
            Callable<Boolean> body = () -> {
                assertThatThrownBy(() -> Await.readable(pair.reader(), PATIENCE))
                        .isInstanceOf(InterruptedException.class);
                return Thread.currentThread().isInterrupted();
            };
            var waiting = start(body).awaitParked();
            waiting.thread().interrupt();
            assertThat(waiting.result()).as("interrupt status").isFalse();

            pair.write(1);
            var interrupted = start(() -> {
                Thread.currentThread().interrupt();
                return body.call();
            });
            assertThat(interrupted.result()).as("interrupt status").isFalse();
        }
    }

    @Test
    void close_endsWait_beforeNumberIsReused() throws Exception {
        for (int i = 0; i < 20; i++) {
            ConnectedPair pair = ConnectedPair.Kind.PIPE.open();
            int fd = pair.reader().fileno();
            List<ParkedThread<Boolean>> waiting = new ArrayList<>();
            for (int j = 0; j < 3; j++) {
                waiting.add(start(() -> Await.readable(pair.reader(), null)).awaitParked());
            }
            pair.reader().close();
            for (ParkedThread<Boolean> running : waiting) {
                assertThatThrownBy(running::result).isInstanceOf(AsynchronousCloseException.class);
            }
            pair.writer().close();
            try (ConnectedPair next = ConnectedPair.Kind.PIPE.open()) {
                assertThat(next.reader().fileno()).isEqualTo(fd);
                next.write(1);
                assertThat(start(() -> Await.readable(next.reader(), null)).result())
                        .isTrue();
            }
        }
    }

    @Test
    void closedSelector_endsWait() throws Exception {
        EpollSelector<String> selector = EpollSelector.open();
        var waiting = start(() -> Await.readable(selector, null)).awaitParked();
        selector.close();
        assertThatThrownBy(waiting::result).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void rebuiltSelector_isStillWatched() throws Exception {
        try (EpollSelector<String> selector = EpollSelector.open();
                ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
                ConnectedPair file = ConnectedPair.Kind.SOCKET_PAIR.open()) {
            selector.register(pair.reader(), Interest.READ, "alive");
            Pollable bare = Pollable.borrow(Libc.dup(file.reader().fileno()));
            selector.register(bare, Interest.READ, "stale");
            Libc.close(bare.fileno());
            selector.unregister(bare);
            var waiting = start(() -> Await.readable(selector, null)).awaitParked();
            file.write(1);
            assertThat(waiting.result()).isTrue();
            // The first select finds the stale event, the second one replaces the epoll instance.
            assertThat(selector.selectNow()).isEmpty();
            var second = start(() -> Await.readable(selector, null));
            assertThat(second.result()).isTrue();
            assertThat(selector.selectNow()).isEmpty();

            var third = start(() -> Await.readable(selector, null)).awaitParked();
            pair.write(1);
            assertThat(third.result()).isTrue();
        }
    }

    @Test
    void closedObject_isRejected() throws Exception {
        ConnectedPair pair = ConnectedPair.Kind.PIPE.open();
        pair.close();
        assertThatThrownBy(start(() -> Await.readable(pair.reader(), null))::result)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(start(() -> Await.readable(Pollable.borrow(Libc.NEVER_OPEN), null))::result)
                .isInstanceOf(NativeIOException.class)
                .hasMessageContaining("poll(fd=" + Libc.NEVER_OPEN + "): EBADF");
    }

    @Test
    void noEventsOrModes_areRejected() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
            for (Interest events : List.of(Interest.NONE, Interest.READ.oneShot(), Interest.READ.edgeTriggered())) {
                assertThatThrownBy(start(() -> Await.ready(pair.reader(), events, null))::result)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(events.toString());
            }
        }
    }

    @Test
    void hangupAndError_areDistinguished() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
            var waiting =
                    start(() -> Await.ready(pair.reader(), Interest.READ, null)).awaitParked();
            pair.writer().close();
            Readiness readiness = waiting.result();
            assertThat(readiness.isHangup()).isTrue();
            assertThat(readiness.isReadable()).isTrue();
            assertThat(readiness.isError()).isFalse();
        }
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
            pair.fill();
            var waiting = start(() -> Await.ready(pair.writer(), Interest.WRITE, null))
                    .awaitParked();
            pair.reader().close();
            assertThat(waiting.result().isError()).isTrue();
        }
    }

    @Test
    void devNull_isReadableAndWritable() throws Exception {
        try (FileFd file = FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR)) {
            assertThat(start(() -> Await.readable(file, null)).result()).isTrue();
            assertThat(start(() -> Await.writable(file, null)).result()).isTrue();
        }
    }

    @Test
    void devNull_isNeverReadyForPriority() throws Exception {
        FileFd file = FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR);
        assertThat(start(() -> Await.ready(file, Interest.PRIORITY, Duration.ofMillis(10)))
                        .result())
                .isNull();
        var waiting = start(() -> Await.ready(file, Interest.PRIORITY, null)).awaitParked();
        file.close();
        assertThatThrownBy(waiting::result).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void thousandsOnOneDescriptor_doNotDelayOthers() throws Exception {
        int count = kind == Kind.VIRTUAL ? 20_000 : 200;
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open();
                ConnectedPair other = ConnectedPair.Kind.PIPE.open()) {
            List<ParkedThread<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(start(() -> Await.readable(pair.reader(), null)));
            }
            long start = System.nanoTime();
            assertThat(start(() -> Await.readable(other.reader(), Duration.ofMillis(1)))
                            .result())
                    .isFalse();
            pair.write(1);
            for (ParkedThread<Boolean> running : all) {
                assertThat(running.result()).isTrue();
            }
            assertThat(System.nanoTime() - start).isLessThan(PATIENCE.toNanos() / 2);
        }
    }

    @Test
    void platformThreads_useALimitedNumberOfDescriptors() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
            ParkedThread<Boolean> first = ParkedThread.start(() -> Await.readable(pair.reader(), Duration.ofMillis(1)));
            assertThat(first.result()).isFalse(); // the poller has started, and keeps its descriptors
            var before = OpenFiles.list();
            List<ParkedThread<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < DirectWait.MAX_WAITS + 6; i++) {
                all.add(start(() -> Await.readable(pair.reader(), null)).awaitParked());
            }
            assertThat(OpenFiles.since(before).values())
                    .hasSize(kind == Kind.PLATFORM ? DirectWait.MAX_WAITS : 0)
                    .allMatch("anon_inode:[eventfd]"::equals);
            pair.write(1);
            for (ParkedThread<Boolean> running : all) {
                assertThat(running.result()).isTrue();
            }
            assertThat(OpenFiles.since(before)).isEmpty();
        }
    }

    /// Native memory that only the garbage collector frees would grow faster than it is freed.
    @Test
    void readyAtOnce_takesNoNativeMemory() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
            pair.write(1);
            long before = start(() -> {
                        Await.readable(pair.reader(), null);
                        return Jvm.directMemory();
                    })
                    .result();
            assertThat(start(() -> {
                                for (int i = 0; i < 100_000; i++) {
                                    Await.readable(pair.reader(), null);
                                }
                                return Jvm.directMemory();
                            })
                            .result())
                    .isLessThanOrEqualTo(before + 10_000);
        }
    }

    @Test
    void bareNumber_ofOtherOpenFile_isWatchedAgain() throws Exception {
        try (PipeFd.Pipe first = PipeFd.open();
                PipeFd.Pipe second = PipeFd.open()) {
            int number = Libc.dup(first.reader().fileno());
            assertThat(start(() -> Await.readable(Pollable.borrow(number), Duration.ofMillis(5)))
                            .result())
                    .isFalse();
            var old = start(() -> Await.readable(Pollable.borrow(number), null)).awaitParked();
            Libc.dupOnto(second.reader().fileno(), number);
            var waiting =
                    start(() -> Await.readable(Pollable.borrow(number), null)).awaitParked();
            second.writer().write(ByteBuffer.allocate(1));
            assertThat(waiting.result()).isTrue();
            old.thread().interrupt();
            Libc.close(number);
        }
    }

    @Test
    void waits_leaveNoDescriptorOpen() throws Exception {
        start(() -> {
                    try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
                        return Await.readable(pair.reader(), Duration.ofMillis(1)); // starts the watching thread
                    }
                })
                .result();
        var before = OpenFiles.list();
        for (int i = 0; i < 50; i++) {
            try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
                var waiting = start(() -> Await.readable(pair.reader(), PATIENCE));
                pair.write(1);
                assertThat(waiting.result()).isTrue();
            }
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    /// One thread for each file that may be open, except those of the JVM.
    @Tag("ci")
    @Test
    void virtualThreadsUpToFileLimit_shareOneCarrier() throws Exception {
        if (kind == Kind.VIRTUAL) {
            OneCarrier run = OneCarrier.run("await", Libc.openFilesLimit() - 200);
            assertThat(run.isServed()).as(run.outcome().output()).isTrue();
            assertThat(run.pinned()).isZero();
        } else {
            // Proves that the recording detects a pinned thread.
            assertThat(OneCarrier.run("pin", 1).pinned()).isPositive();
        }
    }

    @Test
    void concurrentWaitsAndClose_allEnd() throws Exception {
        for (int round = 0; round < 50; round++) {
            ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
            PollableChannel reader = pair.reader();
            List<ParkedThread<String>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(start(() -> {
                    try {
                        return Await.readable(reader, null) ? "ready" : "timeout";
                    } catch (AsynchronousCloseException | IllegalArgumentException e) {
                        return "closed";
                    }
                }));
            }
            pair.write(1);
            reader.close();
            for (ParkedThread<String> running : all) {
                assertThat(running.result()).isIn("ready", "closed");
            }
            pair.close();
        }
    }
}
