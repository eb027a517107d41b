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

/// Whatever call of a waker's fails, also of the one that Linux does not choose: it tells whether somebody is woken.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class WakerFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");

    private static boolean isReadable(OpenWaker waker) throws IOException {
        return SingleFdPoll.await(waker.fileno(), PollFlags.POLLIN, 0) == PollFlags.POLLIN;
    }

    private static void everyCallFails(Wakers kind, List<Fault> faults, boolean isWoken) throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(faults, trial -> {
            OpenWaker waker = trial.orRetry(trial.step(kind::open), kind::open);
            try {
                int result = Objects.requireNonNull(trial.step(waker::signal));
                assertThat(isReadable(waker)).isEqualTo(result == 0);
                assertThat(result == 0 || !isWoken).isTrue();
                waker.signal();
                trial.step(() -> drain(waker));
                if (trial.hasFailed()) {
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

    /// Not EAGAIN, which says of a waker that it is readable, or that it is not, and is no lie of the kernel's.
    @ParameterizedTest
    @EnumSource
    void itSaysWhetherSomebodyIsWoken(Wakers kind) throws Exception {
        List<Fault> honest = Fault.OF_WHOLES.stream()
                .filter(fault -> fault.errno() != Errno.EAGAIN)
                .toList();
        everyCallFails(kind, honest, false);
    }

    @ParameterizedTest
    @EnumSource
    void aSignalThatComesInBetweenIsNobodysBusiness(Wakers kind) throws Exception {
        everyCallFails(kind, List.of(new Fault(Errno.EINTR)), true);
    }
}
