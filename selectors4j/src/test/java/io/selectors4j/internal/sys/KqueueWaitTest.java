package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.testing.ScriptedKqueue;
import io.selectors4j.testing.ScriptedKqueue.Call;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The calls of `kevent` that one wait makes.
class KqueueWaitTest {

    private static final int KQ = 7;
    private static final int CHANGES = 2;
    private static final int EVENTS = 4;
    private static final long SECOND = 1_000_000_000;
    private static final int EINTR = -Errno.EINTR;

    private static int await(ScriptedKqueue kernel, KqueueSystem system, int changes, int events, long nanos) {
        KqueueLibc libc = kernel.libc();
        return new KqueueWait()
                .await(
                        libc,
                        KQ,
                        changes == 0 ? null : new KeventArray(system, changes),
                        changes,
                        events == 0 ? null : new KeventArray(system, events),
                        events,
                        nanos);
    }

    @ParameterizedTest
    @EnumSource
    void eintr_repeatsTheWaitWithoutTheChanges(KqueueSystem system) {
        ScriptedKqueue kernel = new ScriptedKqueue(system, EINTR, EINTR, 3);
        assertThat(await(kernel, system, CHANGES, EVENTS, SECOND)).isEqualTo(3);
        List<Call> calls = kernel.calls();
        assertThat(calls).extracting(Call::changes).containsExactly(2L, 0L, 0L);
        assertThat(calls).extracting(Call::events).containsExactly(4L, 4L, 4L);
        assertThat(calls.get(0).timeout()).isEqualTo(SECOND);
        assertThat(calls.get(1).timeout()).isLessThan(SECOND);
        assertThat(calls.get(2).timeout()).isLessThan(calls.get(1).timeout());
    }

    @Test
    void eintrAfterTheTimeout_pollsOnceMore() {
        ScriptedKqueue kernel = new ScriptedKqueue(KqueueSystem.MACOS, EINTR, 0);
        assertThat(await(kernel, KqueueSystem.MACOS, 0, EVENTS, 1)).isZero();
        assertThat(kernel.calls()).extracting(Call::timeout).containsExactly(1L, 0L);
    }

    @Test
    void eintrOfEndlessWait_waitsEndlessly() {
        ScriptedKqueue kernel = new ScriptedKqueue(KqueueSystem.MACOS, EINTR, 1);
        assertThat(await(kernel, KqueueSystem.MACOS, CHANGES, EVENTS, Deadline.FOREVER))
                .isEqualTo(1);
        assertThat(kernel.calls())
                .containsExactly(new Call(CHANGES, EVENTS, null, false), new Call(0, EVENTS, null, false));
    }

    @Test
    void eintrOfChanges_makesThemOnce() {
        ScriptedKqueue kernel = new ScriptedKqueue(KqueueSystem.FREEBSD, EINTR, 0);
        assertThat(await(kernel, KqueueSystem.FREEBSD, CHANGES, 0, 0)).isZero();
        assertThat(kernel.calls()).containsExactly(new Call(CHANGES, 0, 0L, false), new Call(0, 0, 0L, false));
    }

    @Test
    void longTimeout_isSplitAndChangesAreMadeOnce() {
        ScriptedKqueue kernel = new ScriptedKqueue(KqueueSystem.MACOS, 0, 0, 1);
        assertThat(await(kernel, KqueueSystem.MACOS, CHANGES, EVENTS, 5 * Deadline.LONGEST_CALL))
                .isEqualTo(1);
        assertThat(kernel.calls())
                .containsExactly(
                        new Call(CHANGES, EVENTS, Deadline.LONGEST_CALL, false),
                        new Call(0, EVENTS, Deadline.LONGEST_CALL, false),
                        new Call(0, EVENTS, Deadline.LONGEST_CALL, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EBADF", "ENOENT", "EINVAL", "ENOMEM"})
    void error_isReturned(String name) {
        int errno = Errno.number(name);
        ScriptedKqueue kernel = new ScriptedKqueue(KqueueSystem.NETBSD, -errno);
        assertThat(await(kernel, KqueueSystem.NETBSD, CHANGES, EVENTS, SECOND)).isEqualTo(-errno);
        assertThat(kernel.calls()).hasSize(1);
    }

    @Test
    void virtualThread_waitsOnAPlatformThread() throws Exception {
        ScriptedKqueue kernel = new ScriptedKqueue(KqueueSystem.MACOS, 1, 1, 0, 0);
        FutureTask<Integer> task = new FutureTask<>(() -> await(kernel, KqueueSystem.MACOS, 0, EVENTS, SECOND)
                + await(kernel, KqueueSystem.MACOS, 0, EVENTS, Deadline.FOREVER)
                + await(kernel, KqueueSystem.MACOS, 0, EVENTS, 0)
                + await(kernel, KqueueSystem.MACOS, CHANGES, 0, SECOND));
        Thread.ofVirtual().start(task);
        assertThat(task.get()).isEqualTo(2);
        // A call that does not block is made on the virtual thread itself.
        assertThat(kernel.calls()).extracting(Call::virtual).containsExactly(false, false, true, true);
    }
}
