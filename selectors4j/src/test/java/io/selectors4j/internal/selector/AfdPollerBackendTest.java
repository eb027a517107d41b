package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.windows.AfdLibc;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.ParkedThread;
import io.selectors4j.testing.SimulatedAfd;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The poller on AFD, with a simulated system.
@Timeout(240)
class AfdPollerBackendTest extends AbstractPollerBackendTest {

    private final SimulatedAfd afd;

    AfdPollerBackendTest() throws IOException {
        SimulatedAfd simulated = new SimulatedAfd();
        super(new AfdPollerBackend(new AfdLibc(simulated.lookup())));
        afd = simulated;
    }

    @Override
    @Nullable
    Object failure() {
        return afd.failure();
    }

    @Test
    void waitForBoth_endsWithOneEvent() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        pair.write(1);
        int both = PollFlags.POLLIN | PollFlags.POLLOUT;
        assertThat(pollerWait(pair.reader(), both).await(Deadline.FOREVER)).isEqualTo(both);
        assertThat(pollerWait(pair.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void urgentData_wake() throws Exception {
        ConnectedPair pair = pair(ConnectedPair.Kind.TCP);
        ParkedThread<Integer> waiting = waitFor(pair.reader(), PollFlags.POLLPRI);
        pair.write(1);
        assertThat(pollerWait(pair.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLIN);
        assertThat(waiting.task().isDone()).isFalse();
        ((SocketFd) pair.writer()).send(ByteBuffer.allocate(1), SocketFd.MSG_OOB);
        assertThat(waiting.result()).isEqualTo(PollFlags.POLLPRI);
    }

    @Test
    void failureForLackOfMemory_endsTheWait() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        afd.fail("NtDeviceIoControlFile", 0xC000009A);
        assertThat(pollerWait(pair.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(-Errno.ENOMEM);
        afd.succeed("NtDeviceIoControlFile");
        pair.write(1);
        assertThat(pollerWait(pair.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void evictedDescriptor_isNotWatched() throws Exception {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        int fd = pair.reader().fileno();
        assertThat(poller.evict(fd, -Errno.ELOOP)).isFalse();
        ParkedThread<Integer> waiting = waitFor(pair.reader(), PollFlags.POLLIN);
        assertThat(poller.evict(fd, -Errno.ELOOP)).isTrue();
        assertThat(waiting.result()).isEqualTo(-Errno.ELOOP);
        assertThat(poller.evict(fd, -Errno.ELOOP)).isFalse();
    }

    @Test
    void closedNumber_isRejected() throws IOException {
        assertThat(new PollerWait(2_999, PollFlags.POLLIN, poller).await(Deadline.FOREVER))
                .isEqualTo(-Errno.EBADF);
        assertThat(poller.describe(5)).isEqualTo("NtDeviceIoControlFile(IOCTL_AFD_POLL, fd=5)");
    }
}
