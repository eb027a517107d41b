package io.selectors4j.internal.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.posix.Numbers;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.testing.Background;
import java.util.concurrent.CyclicBarrier;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

class CallStateTest {

    private static final int ROUNDS = 300_000;

    @Test
    void threadsThatFailAtOnceEachReadTheirOwnErrno() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        // EBADF and EAFNOSUPPORT, over and over: in one shared segment about one in a hundred would be the other's.
        try (Background<Integer> first = Background.start(
                        () -> wrong(start, Errno.EBADF, state -> PosixLibc.fcntl(state, -1, Numbers.F_GETFD, 0)));
                Background<Integer> second = Background.start(() ->
                        wrong(start, Errno.number("EAFNOSUPPORT"), state -> PosixSockets.socket(state, 255, 1, 0)))) {
            assertThat(first.result()).isZero();
            assertThat(second.result()).isZero();
        }
    }

    private static int wrong(CyclicBarrier start, int errno, ToIntFunction<CallState> call) throws Exception {
        start.await();
        int wrong = 0;
        for (int i = 0; i < ROUNDS; i++) {
            if (call.applyAsInt(CallState.current()) != -errno) {
                wrong++;
            }
        }
        return wrong;
    }

    @Test
    void aThreadKeepsItsStateAndSharesItWithNobody() throws Exception {
        CallState mine = CallState.current();
        assertThat(CallState.current()).isSameAs(mine);
        CallState other = Background.run(CallState::current);
        assertThat(other).isNotSameAs(mine);
        assertThat(other.segment().address()).isNotEqualTo(mine.segment().address());
    }

    @Test
    void aResultIsTheValueOrTheNegatedErrno() {
        CallState state = new CallState();
        PosixLibc.close(state, -1); // leaves EBADF
        assertThat(state.result(0)).isZero();
        assertThat(state.result(5)).isEqualTo(5);
        assertThat(state.result(1L << 40)).isEqualTo(1L << 40);
        assertThat(state.result(-1)).isEqualTo(-9);
        assertThat(state.result(-1L)).isEqualTo(-9L);
    }
}
