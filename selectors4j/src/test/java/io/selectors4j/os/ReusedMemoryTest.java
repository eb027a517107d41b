package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.testing.Jvm;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.ScriptedKqueue;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tests that calls that return lists reuse their native memory instead of leaving it to the garbage collector.
class ReusedMemoryTest {

    private static final int CALLS = 2_000;
    private static final long LITTLE = 4 << 20;

    @Test
    void epollLists_reuseMemory() throws Exception {
        try (Epoll epoll = Epoll.create()) {
            long before = Jvm.directMemory();
            for (int i = 0; i < CALLS; i++) {
                assertThat(epoll.poll(Duration.ZERO, 4096)).isEmpty();
            }
            assertThat(Jvm.directMemory() - before).isLessThan(LITTLE);
        }
    }

    @Test
    void kqueueLists_reuseMemory() throws Exception {
        KqueueLibc libc = new ScriptedKqueue(
                        KqueueSystem.FREEBSD, Collections.nCopies(CALLS, 0).toArray(Integer[]::new))
                .libc();
        try (Kqueue kqueue = Kqueue.fromFd(libc, Libc.dup(0))) {
            List<Kevent> changes = Collections.nCopies(4096, new Kevent(1));
            long before = Jvm.directMemory();
            for (int i = 0; i < CALLS; i++) {
                assertThat(kqueue.control(changes, 4096, Duration.ZERO)).isEmpty();
            }
            assertThat(Jvm.directMemory() - before).isLessThan(LITTLE);
        }
    }

    @Test
    void select_reusesItsSets() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            long before = Jvm.directMemory();
            for (int i = 0; i < 20 * CALLS; i++) {
                assertThat(Select.select(List.of(pipe.reader()), List.of(), List.of(), Duration.ZERO)
                                .isEmpty())
                        .isTrue();
            }
            assertThat(Jvm.directMemory() - before).isLessThan(LITTLE);
        }
    }
}
