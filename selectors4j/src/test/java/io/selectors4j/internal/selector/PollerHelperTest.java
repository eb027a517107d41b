package io.selectors4j.internal.selector;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.testing.ParkedThread;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The division of work between a poller's thread and its helper, with a kernel set whose events the test delivers to
/// one of the two.
class PollerHelperTest {

    private final ScriptedBackend backend = new ScriptedBackend();
    private final Poller poller = Poller.start(backend);
    private final ScriptedReceiver own = backend.receivers.get(0);
    private final ScriptedReceiver helpers = backend.receivers.get(1);

    @Test
    void helper_reportsEventsAfterAVirtualThreadWasUnparked() throws Exception {
        Waiting first = Waiting.start(this, Thread.ofVirtual(), 1);
        Waiting second = Waiting.start(this, Thread.ofPlatform(), 2);
        helpers.ready.add(second.token);
        own.ready.add(first.token);
        assertThat(first.thread.result()).isEqualTo(PollFlags.POLLIN);
        assertThat(second.thread.result()).isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void platformThreads_areReportedWithoutHelper() throws Exception {
        Waiting first = Waiting.start(this, Thread.ofPlatform(), 1);
        Waiting second = Waiting.start(this, Thread.ofPlatform(), 2);
        own.ready.add(first.token);
        own.ready.add(second.token);
        assertThat(first.thread.result()).isEqualTo(PollFlags.POLLIN);
        assertThat(second.thread.result()).isEqualTo(PollFlags.POLLIN);
        assertThat(helpers.awaits).hasValue(0);
    }

    @Test
    void helperThatMakesNoProgress_isReplaced() throws Exception {
        Waiting first = Waiting.start(this, Thread.ofVirtual(), 1);
        Waiting second = Waiting.start(this, Thread.ofVirtual(), 2);
        CountDownLatch released = new CountDownLatch(1);
        helpers.beforeReport = () -> Deadlines.await(released);
        helpers.ready.add(second.token);
        own.ready.add(first.token);
        long again = backend.nextToken(); // of the poll that is started again
        assertThat(again).isNotEqualTo(second.token);
        own.ready.add(again);
        assertThat(second.thread.result()).isEqualTo(PollFlags.POLLIN);

        Waiting third = Waiting.start(this, Thread.ofVirtual(), 2);
        released.countDown(); // the late report is of an earlier poll
        Waiting fourth = Waiting.start(this, Thread.ofVirtual(), 4);
        helpers.beforeReport = null;
        helpers.ready.add(fourth.token);
        own.ready.add(third.token);
        assertThat(third.thread.result()).isEqualTo(PollFlags.POLLIN);
        assertThat(fourth.thread.result()).isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void helperWithoutMemory_losesNoEvent() throws Exception {
        Waiting first = Waiting.start(this, Thread.ofVirtual(), 1);
        Waiting second = Waiting.start(this, Thread.ofVirtual(), 2);
        helpers.beforeReport = () -> {
            helpers.beforeReport = null;
            throw new OutOfMemoryError("of the test");
        };
        helpers.ready.add(second.token);
        own.ready.add(first.token);
        own.ready.add(backend.nextToken());
        assertThat(second.thread.result()).isEqualTo(PollFlags.POLLIN);
    }

    /// A thread in a wait.
    private record Waiting(ParkedThread<Integer> thread, long token) {

        static Waiting start(PollerHelperTest test, Thread.Builder builder, int fd) throws Exception {
            ParkedThread<Integer> thread = ParkedThread.start(
                    builder, () -> new PollerWait(fd, PollFlags.POLLIN, test.poller).await(Deadline.FOREVER));
            long token = test.backend.nextToken();
            thread.awaitParked();
            return new Waiting(thread, token);
        }
    }

    private static final class Deadlines {

        static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /// A kernel set that remembers the tokens of its polls.
    private static final class ScriptedBackend implements PollerBackend {

        final List<ScriptedReceiver> receivers = new CopyOnWriteArrayList<>();
        private final BlockingQueue<Long> tokens = new LinkedBlockingQueue<>();

        long nextToken() throws InterruptedException {
            Long token = tokens.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(token).as("token of a poll").isNotNull();
            return token;
        }

        @Override
        public int startPoll(int fd, int events, long token) {
            tokens.add(token);
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
        public void close() {}
    }

    /// Receives one event at a time.
    private static final class ScriptedReceiver implements PollerBackend.Receiver {

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
                return token == null ? 0 : 1;
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
