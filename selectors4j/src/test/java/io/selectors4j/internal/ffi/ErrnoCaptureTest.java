package io.selectors4j.internal.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.testing.Background;
import java.util.concurrent.CyclicBarrier;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

class ErrnoCaptureTest {

    private static final int ROUNDS = 300_000;

    @Test
    void concurrentFailures_keepTheirOwnErrno() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        // EBADF and EAFNOSUPPORT many times: with a shared segment, about one in a hundred would be wrong.
        try (Background<Integer> first = Background.start(
                        () -> wrong(start, Errno.EBADF, state -> PosixLibc.fcntl(state, -1, Constants.F_GETFD, 0)));
                Background<Integer> second = Background.start(() ->
                        wrong(start, Errno.number("EAFNOSUPPORT"), state -> PosixSockets.socket(state, 255, 1, 0)))) {
            assertThat(first.result()).isZero();
            assertThat(second.result()).isZero();
        }
    }

    private static int wrong(CyclicBarrier start, int errno, ToIntFunction<ErrnoCapture> call) throws Exception {
        start.await();
        int wrong = 0;
        for (int i = 0; i < ROUNDS; i++) {
            if (call.applyAsInt(ErrnoCapture.current()) != -errno) {
                wrong++;
            }
        }
        return wrong;
    }

    @Test
    void current_isOneInstancePerThread() throws Exception {
        ErrnoCapture mine = ErrnoCapture.current();
        assertThat(ErrnoCapture.current()).isSameAs(mine);
        ErrnoCapture other = Background.run(ErrnoCapture::current);
        assertThat(other).isNotSameAs(mine);
        assertThat(other.segment().address()).isNotEqualTo(mine.segment().address());
    }

    @Test
    void result_isValueOrNegatedErrno() {
        ErrnoCapture state = new ErrnoCapture();
        PosixLibc.close(state, -1); // leaves EBADF
        assertThat(state.valueOrErrno(0)).isZero();
        assertThat(state.valueOrErrno(5)).isEqualTo(5);
        assertThat(state.valueOrErrno(1L << 40)).isEqualTo(1L << 40);
        assertThat(state.valueOrErrno(-1)).isEqualTo(-9);
        assertThat(state.valueOrErrno(-1L)).isEqualTo(-9L);
    }
}
