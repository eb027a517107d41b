package io.selectors4j.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Wakers;
import io.selectors4j.Wakers.OpenWaker;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SingleFdPoll;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every call of every waker fails, of the waker that Linux does not use as well. The result of `signal` says whether
/// the thread is woken.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class WakerFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");

    private static boolean isReadable(OpenWaker waker) throws IOException {
        return SingleFdPoll.await(waker.fileno(), PollFlags.POLLIN, 0) == PollFlags.POLLIN;
    }

    private static void everyCallFails(Wakers kind, List<Fault> faults, boolean isWoken) throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(faults, run -> {
            OpenWaker waker = run.orRetry(run.call(kind::open), kind::open);
            try {
                int result = Objects.requireNonNull(run.call(waker::signal));
                assertThat(isReadable(waker)).isEqualTo(result == 0);
                assertThat(result == 0 || !isWoken).isTrue();
                waker.signal();
                run.call(() -> drain(waker));
                if (run.hasFailed()) {
                    waker.drain();
                }
                assertThat(isReadable(waker)).isFalse();
            } finally {
                waker.close();
            }
        }));
    }

    private static boolean drain(OpenWaker waker) throws IOException {
        waker.drain();
        return true;
    }

    /// Without EAGAIN, which means for a waker that it is readable already, or not readable.
    @ParameterizedTest
    @EnumSource
    void failedSignal_isReported(Wakers kind) throws Exception {
        List<Fault> realistic = Fault.NOT_SHORT.stream()
                .filter(fault -> fault.errno() != Errno.EAGAIN)
                .toList();
        everyCallFails(kind, realistic, false);
    }

    @ParameterizedTest
    @EnumSource
    void interruptedCall_isRetried(Wakers kind) throws Exception {
        everyCallFails(kind, List.of(new Fault(Errno.EINTR)), true);
    }
}
