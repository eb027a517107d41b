package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.ParkedThread;
import io.selectors4j.testing.SimulatedKqueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The poller on kqueue, with a simulated kernel.
@ParameterizedClass
@EnumSource(
        value = KqueueSystem.class,
        names = {"MACOS", "FREEBSD", "OPENBSD"})
@Timeout(240)
class KqueuePollerBackendTest extends AbstractPollerBackendTest {

    private final KqueueSystem system;
    private final SimulatedKqueue kernel;

    KqueuePollerBackendTest(KqueueSystem system) throws IOException {
        SimulatedKqueue simulated = new SimulatedKqueue(system);
        super(new KqueuePollerBackend(new KqueueLibc(system, simulated.lookup())));
        this.system = system;
        kernel = simulated;
    }

    @Override
    @Nullable
    Object failure() {
        return kernel.failure();
    }

    @Test
    void waitForBoth_endsWithOneEvent() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        pair.write(1);
        int both = PollFlags.POLLIN | PollFlags.POLLOUT;
        assertThat(pollerWait(pair.reader(), both).await(Deadline.FOREVER)).isIn(PollFlags.POLLIN, PollFlags.POLLOUT);
        assertThat(pollerWait(pair.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void urgentData_wakeIfSystemReportsThem() throws Exception {
        ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
        if (!system.tellsUrgentData()) {
            assertThat(pollerWait(pair.reader(), PollFlags.POLLPRI).await(Deadline.FOREVER))
                    .isEqualTo(-Errno.EOPNOTSUPP);
            return;
        }
        ParkedThread<Integer> waiting = waitFor(pair.reader(), PollFlags.POLLPRI);
        pair.write(1);
        assertThat(pollerWait(pair.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLIN);
        assertThat(waiting.task().isDone()).isFalse();
        ((SocketFd) pair.writer()).send(ByteBuffer.allocate(1), SocketFd.MSG_OOB);
        assertThat(waiting.result()).isEqualTo(PollFlags.POLLPRI);
    }

    @Test
    void closedNumber_isRejected() throws IOException {
        assertThat(new PollerWait(2_999, PollFlags.POLLIN, poller).await(Deadline.FOREVER))
                .isEqualTo(-Errno.EBADF);
        assertThat(poller.describe(5)).isEqualTo("kevent(EV_ADD, fd=5)");
    }
}
