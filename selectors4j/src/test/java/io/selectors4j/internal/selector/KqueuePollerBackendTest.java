package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Pollable;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The watcher of the systems that have kqueue, with a kqueue written in Java.
@ParameterizedClass
@EnumSource(
        value = KqueueSystem.class,
        names = {"MACOS", "FREEBSD", "OPENBSD"})
@Timeout(240)
class KqueuePollerBackendTest {

    private static final long WHILE = Duration.ofMillis(50).toNanos();

    private final KqueueSystem system;
    private final SimulatedKqueue kernel;
    private final PollerBackend set;
    private final Poller watcher;
    private final List<ConnectedPair> links = new ArrayList<>();

    KqueuePollerBackendTest(KqueueSystem system) throws IOException {
        this.system = system;
        kernel = new SimulatedKqueue(system);
        set = new KqueuePollerBackend(new KqueueLibc(system, kernel.lookup()));
        watcher = Poller.start(set);
    }

    @AfterEach
    void closeAll() throws IOException {
        for (ConnectedPair link : links) {
            link.close();
        }
        set.close();
        assertThat(kernel.failure()).isNull();
    }

    private ConnectedPair link(ConnectedPair.Kind kind) throws IOException {
        ConnectedPair link = kind.open();
        links.add(link);
        return link;
    }

    private ParkedThread<Integer> waitFor(Pollable fileobj, int events) throws InterruptedException {
        return ParkedThread.start(
                        Thread.ofPlatform(), () -> watch(fileobj, events).await(Deadline.FOREVER))
                .awaitParked();
    }

    private PollerWait watch(Pollable fileobj, int events) {
        return new PollerWait(fileobj.fileno(), events, watcher);
    }

    @Test
    void whatIsReadyIsReportedAtOnce() throws IOException {
        ConnectedPair link = link(ConnectedPair.Kind.PIPE);
        link.write(1);
        assertThat(watch(link.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLIN);
        assertThat(watch(link.writer(), PollFlags.POLLOUT).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLOUT);
    }

    @Test
    void whatBecomesReadyWakes() throws Exception {
        ConnectedPair link = link(ConnectedPair.Kind.SOCKET_PAIR);
        ParkedThread<Integer> waiting = waitFor(link.reader(), PollFlags.POLLIN);
        link.write(1);
        assertThat(waiting.result()).isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void theNextWatchOfTheSameDescriptorSeesWhatIsStillThere() throws IOException {
        ConnectedPair link = link(ConnectedPair.Kind.PIPE);
        link.write(1);
        for (int i = 0; i < 3; i++) {
            assertThat(watch(link.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                    .isEqualTo(PollFlags.POLLIN);
        }
    }

    @Test
    void theTimeEndsIt() throws IOException {
        ConnectedPair link = link(ConnectedPair.Kind.PIPE);
        long start = System.nanoTime();
        assertThat(watch(link.reader(), PollFlags.POLLIN).await(WHILE)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(WHILE);
    }

    @Test
    void twoWhoWaitForDifferentThingsAreToldTheirOwn() throws Exception {
        ConnectedPair link = link(ConnectedPair.Kind.SOCKET_PAIR);
        ParkedThread<Integer> reading = waitFor(link.reader(), PollFlags.POLLIN);
        assertThat(watch(link.reader(), PollFlags.POLLOUT).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLOUT);
        assertThat(reading.task().isDone()).isFalse();
        link.write(1);
        assertThat(reading.result()).isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void oneWhoWaitsForBothIsToldOnce() throws IOException {
        ConnectedPair link = link(ConnectedPair.Kind.SOCKET_PAIR);
        link.write(1);
        int both = PollFlags.POLLIN | PollFlags.POLLOUT;
        assertThat(watch(link.reader(), both).await(Deadline.FOREVER)).isIn(PollFlags.POLLIN, PollFlags.POLLOUT);
        assertThat(watch(link.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void theEndOfTheOtherSideWakes() throws Exception {
        ConnectedPair link = link(ConnectedPair.Kind.SOCKET_PAIR);
        ParkedThread<Integer> reading = waitFor(link.reader(), PollFlags.POLLIN);
        link.writer().close();
        assertThat(reading.result()).isEqualTo(PollFlags.POLLIN | PollFlags.POLLRDHUP);
    }

    @Test
    void closingTheObjectEndsIt() throws Exception {
        ConnectedPair link = link(ConnectedPair.Kind.PIPE);
        CompletableFuture<PollerWait> begun = new CompletableFuture<>();
        ParkedThread<Integer> reading = ParkedThread.start(Thread.ofPlatform(), () -> {
            PollerWait watch = watch(link.reader(), PollFlags.POLLIN);
            begun.complete(watch);
            return watch.await(Deadline.FOREVER);
        });
        PollerWait watch = begun.join();
        reading.awaitParked();
        watch.onClosing(link.reader(), link.reader().fileno());
        assertThat(reading.result()).isEqualTo(PollerWait.CLOSED);
    }

    @Test
    void urgentDataWakeWhereTheSystemTellsThemApart() throws Exception {
        ConnectedPair link = link(ConnectedPair.Kind.TCP);
        if (!system.tellsUrgentData()) {
            assertThat(watch(link.reader(), PollFlags.POLLPRI).await(Deadline.FOREVER))
                    .isEqualTo(-Errno.EOPNOTSUPP);
            return;
        }
        ParkedThread<Integer> waiting = waitFor(link.reader(), PollFlags.POLLPRI);
        link.write(1);
        assertThat(watch(link.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLIN);
        assertThat(waiting.task().isDone()).isFalse();
        ((SocketFd) link.writer()).send(ByteBuffer.allocate(1), SocketFd.MSG_OOB);
        assertThat(waiting.result()).isEqualTo(PollFlags.POLLPRI);
    }

    @Test
    void whatIsNoDescriptorIsRefused() {
        assertThat(new PollerWait(2_999, PollFlags.POLLIN, watcher).await(Deadline.FOREVER))
                .isEqualTo(-Errno.EBADF);
        assertThat(watcher.describe(5)).isEqualTo("kevent(EV_ADD, fd=5)");
    }

    @Test
    void manyRoundsLoseNothing() throws Exception {
        ConnectedPair link = link(ConnectedPair.Kind.PIPE);
        int rounds = 2_000;
        ParkedThread<Integer> reading = ParkedThread.start(Thread.ofPlatform(), () -> {
            int read = 0;
            while (read < rounds) {
                watch(link.reader(), PollFlags.POLLIN).await(Deadline.FOREVER);
                read += link.drain();
            }
            return read;
        });
        for (int i = 0; i < rounds; i++) {
            link.write(1);
        }
        assertThat(reading.result()).isEqualTo(rounds);
    }
}
