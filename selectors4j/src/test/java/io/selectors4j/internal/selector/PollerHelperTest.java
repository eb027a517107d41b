package io.selectors4j.internal.selector;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.testing.ParkedThread;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The division of work between a poller's thread and its helper, with a kernel set whose events the test delivers to
/// one of the two. The patience of a poller is either without end, or so short that a busy machine can exceed it.
class PollerHelperTest {

    private static final long SHORT = 1_000_000;
    private static final long NO_TOKEN = -1;

    @Test
    void helper_reportsEventsAfterAVirtualThreadWasUnparked() throws Exception {
        try (Fixture fixture = new Fixture(PATIENCE.toNanos())) {
            Waiting first = fixture.start(Thread.ofVirtual());
            Waiting second = fixture.start(Thread.ofPlatform());
            fixture.helpers.ready.add(second.token);
            fixture.own.ready.add(first.token);
            first.requireReported();
            second.requireReported();
        }
    }

    @Test
    void platformThreads_areReportedWithoutHelper() throws Exception {
        try (Fixture fixture = new Fixture(PATIENCE.toNanos())) {
            fixture.report(Thread.ofPlatform());
            fixture.report(Thread.ofPlatform());
            assertThat(fixture.helpers.awaits).hasValue(0);
        }
    }

    @Test
    void helperWithoutMemory_losesNoEvent() throws Exception {
        try (Fixture fixture = new Fixture(PATIENCE.toNanos())) {
            Waiting waiting = fixture.start(Thread.ofVirtual());
            fixture.helpers.beforeReport = () -> {
                fixture.helpers.beforeReport = null;
                throw new OutOfMemoryError("of the test");
            };
            fixture.helpers.ready.add(waiting.token);
            fixture.report(Thread.ofVirtual());
            fixture.backend.awaitToken(waiting.fd, waiting.token); // the poll is started again
            fixture.report(waiting);
        }
    }

    @Test
    void helperThatMakesNoProgress_isReplaced() throws Exception {
        try (Fixture fixture = new Fixture(SHORT)) {
            CountDownLatch stuck = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            fixture.helpers.beforeReport = () -> {
                fixture.helpers.beforeReport = null;
                stuck.countDown();
                await(released);
            };
            Waiting waiting = fixture.start(Thread.ofVirtual());
            fixture.helpers.ready.add(waiting.token);
            while (stuck.getCount() > 0) { // the helper may not run in time
                fixture.report(Thread.ofVirtual());
            }
            fixture.backend.awaitToken(waiting.fd, waiting.token); // the poll is started again
            fixture.report(waiting);
            fixture.report(Thread.ofVirtual()); // although the helper does not run

            Waiting later = fixture.start(Thread.ofVirtual(), waiting.fd, fixture.backend.lastToken(waiting.fd));
            int before = fixture.helpers.awaits.get();
            released.countDown();
            while (fixture.helpers.awaits.get() == before) {
                fixture.report(Thread.ofVirtual());
            }
            assertThat(later.thread.task().isDone())
                    .as("the late report is of an earlier poll")
                    .isFalse();
            fixture.report(later);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A poller. Its end is a test too: the waits end with the failure, and then the kernel set is closed.
    private static final class Fixture implements AutoCloseable {

        final ScriptedBackend backend = new ScriptedBackend();
        final Poller poller;
        final ScriptedReceiver own;
        final ScriptedReceiver helpers;
        private int lastFd;

        Fixture(long patience) {
            poller = Poller.start(backend, patience);
            own = backend.receivers.get(0);
            helpers = backend.receivers.get(1);
        }

        Waiting start(Thread.Builder builder) throws Exception {
            return start(builder, ++lastFd, NO_TOKEN);
        }

        Waiting start(Thread.Builder builder, int fd, long lastToken) throws Exception {
            ParkedThread<Integer> thread = ParkedThread.start(
                    builder, () -> new PollerWait(fd, PollFlags.POLLIN, poller).await(Deadline.FOREVER));
            long token = backend.awaitToken(fd, lastToken);
            thread.awaitParked();
            return new Waiting(thread, fd, token);
        }

        /// Lets a thread wait, and reports its event.
        void report(Thread.Builder builder) throws Exception {
            report(start(builder));
        }

        /// Delivers the event of a wait to the poller's thread, again if the poll is started again meanwhile.
        void report(Waiting waiting) throws Exception {
            long start = System.nanoTime();
            do {
                own.ready.add(backend.lastToken(waiting.fd));
            } while (!waiting.thread.thread().join(Duration.ofMillis(5))
                    && System.nanoTime() - start < PATIENCE.toNanos());
            waiting.requireReported();
        }

        @Override
        public void close() {
            try {
                Waiting waiting = start(Thread.ofVirtual());
                own.ready.add(ScriptedReceiver.FAILURE);
                assertThat(waiting.thread.result()).isEqualTo(-Errno.EBADF);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            await(backend.closed);
        }
    }

    /// A thread in a wait.
    private record Waiting(ParkedThread<Integer> thread, int fd, long token) {

        void requireReported() throws Exception {
            assertThat(thread.result()).isEqualTo(PollFlags.POLLIN);
        }
    }

    /// A kernel set that remembers the tokens of its polls.
    private static final class ScriptedBackend implements PollerBackend {

        final List<ScriptedReceiver> receivers = new CopyOnWriteArrayList<>();
        final CountDownLatch closed = new CountDownLatch(1);

        /// The token of the last poll of each descriptor.
        private final Map<Integer, Long> tokens = new ConcurrentHashMap<>();

        long lastToken(int fd) {
            return tokens.getOrDefault(fd, NO_TOKEN);
        }

        /// Waits for a poll of a descriptor with another token than the given one.
        long awaitToken(int fd, long last) throws InterruptedException {
            long start = System.nanoTime();
            while (lastToken(fd) == last) {
                assertThat(System.nanoTime() - start).as("no new poll").isLessThan(PATIENCE.toNanos());
                Thread.sleep(1);
            }
            return lastToken(fd);
        }

        @Override
        public int startPoll(int fd, int events, long token) {
            tokens.put(fd, token);
            return 0;
        }

        @Override
        public int delete(int fd) {
            return 0;
        }

        @Override
        public Receiver createReceiver() {
            ScriptedReceiver receiver = new ScriptedReceiver();
            receivers.add(receiver);
            return receiver;
        }

        @Override
        public String describe(int fd) {
            return "poll of " + fd;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /// Receives one event at a time.
    private static final class ScriptedReceiver implements PollerBackend.Receiver {

        /// An event that lets a wait fail.
        static final long FAILURE = -1;

        final BlockingQueue<Long> ready = new LinkedBlockingQueue<>();
        final AtomicInteger awaits = new AtomicInteger();
        volatile @Nullable Runnable beforeReport;
        private long received;

        @Override
        public int await(long nanos) {
            awaits.incrementAndGet();
            try {
                Long token = nanos == 0 ? ready.poll() : ready.take();
                received = token == null ? 0 : token;
                return token == null ? 0 : received == FAILURE ? -Errno.EBADF : 1;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public long token(int index) {
            return received;
        }

        @Override
        public int events(int index) {
            Runnable action = beforeReport;
            if (action != null) {
                action.run();
            }
            return PollFlags.POLLIN;
        }
    }
}
