package io.selectors4j.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.os.IoUring;
import io.selectors4j.os.IoUringBuffers;
import io.selectors4j.os.IoUringCompletions;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Failing system calls below an io_uring instance. A request stays prepared if its submission fails.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class IoUringFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");

    private static <T> T make(FaultRun run, ThrowingSupplier<T, Exception> step) throws Exception {
        return run.orRetry(run.call(step), step);
    }

    @Test
    void ring_everyCallFails() throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(Fault.ALL, run -> {
            IoUring ring = make(run, IoUringFaultsTest::create);
            try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open()) {
                transfer(run, ring, pair);
                run.call(() -> {
                    ring.close();
                    return true;
                });
            } finally {
                ring.close();
            }
        }));
    }

    private static void transfer(FaultRun run, IoUring ring, ConnectedPair pair) throws Exception {
        IoUringCompletions completions = new IoUringCompletions(4);
        IoUringBuffers buffers = make(run, () -> ring.provideBuffers(2, 8));
        make(run, () -> {
            ring.registerFiles(List.of(pair.reader()));
            return true;
        });
        ring.recv(pair.reader(), buffers, 0, 0, 1);
        ring.send(pair.writer(), ByteBuffer.allocateDirect(3), 0, 0, 2);
        make(run, ring::submit);
        int received = 0;
        while (received < 2) {
            received += make(run, () -> ring.submitAndWait(Limits.WAIT, completions));
            for (int i = 0; i < completions.size(); i++) {
                assertThat(completions.result(i)).isEqualTo(3);
            }
        }
        assertThat(received).isEqualTo(2);
        ring.recv(pair.reader(), buffers, 0, 0, 3);
    }

    @Test
    void submit_everyCallFailsBesideAWait() throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(Fault.ALL, run -> {
            IoUring ring = IoUring.create(4);
            ThrowingSupplier<Integer, IOException> wait = () -> ring.submitAndWait(null, new IoUringCompletions(1));
            try (Background<Integer> waiting = Background.start(() -> FaultInjector.withoutFaults(wait))) {
                waiting.awaitAsleep();
                ring.nop(0, 1);
                make(run, ring::submit);
                assertThat(waiting.result()).isEqualTo(1);
            } finally {
                ring.close();
            }
        }));
    }

    /// A system that refuses io_uring is reported as such, with the errno.
    private static IoUring create() throws IOException {
        try {
            return IoUring.create(4);
        } catch (UnsupportedOperationException e) {
            assertThat(e).hasMessageContaining("io_uring is not available").hasCauseInstanceOf(IOException.class);
            throw (IOException) e.getCause();
        }
    }
}
