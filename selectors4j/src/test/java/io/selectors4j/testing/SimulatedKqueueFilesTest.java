package io.selectors4j.testing;

import static io.selectors4j.testing.SimulatedKevent.EV_ADD;
import static io.selectors4j.testing.SimulatedKevent.EV_DELETE;
import static io.selectors4j.testing.SimulatedKevent.EV_EOF;
import static io.selectors4j.testing.SimulatedKevent.EV_RECEIPT;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.FileFd;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.ErrnoCapture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Compares the simulation with kqueue(2): kinds of descriptors, and closed descriptors.
class SimulatedKqueueFilesTest extends SimulatedKqueueFixture {

    SimulatedKqueueFilesTest(KqueueSystem system) {
        super(system);
    }

    @Test
    void endOfASocket_isReportedByBothFilters() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        int fd = pair.reader().fileno();
        pair.write(2);
        apply(fd, read, EV_ADD, 0);
        apply(fd, write, EV_ADD, 0);
        assertThat(pending()).noneMatch(event -> event.has(EV_EOF));
        pair.writer().close();
        assertThat(pending()).hasSize(2).allMatch(event -> event.has(EV_EOF) && event.fflags() == 0);
    }

    @Test
    void endOfAPipe_isReportedToItsReader() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        apply(pair.reader().fileno(), read, EV_ADD, 0);
        pair.write(2);
        assertThat(single().has(EV_EOF)).isFalse();
        pair.writer().close();
        assertThat(single()).matches(event -> event.has(EV_EOF) && event.data() == 2);
    }

    @Test
    void pipeWithoutReader_refusesEvfiltWrite() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        int fd = pair.writer().fileno();
        apply(fd, write, EV_ADD, 0);
        assertThat(single().has(EV_EOF)).isFalse();
        pair.reader().close();
        assertThat(single().has(EV_EOF)).isTrue();
        apply(fd, write, EV_DELETE, 0);
        assertThat(receiptErrno(change(fd, write, EV_ADD, 0))).isEqualTo(system == KqueueSystem.NETBSD ? EBADF : EPIPE);
    }

    @Test
    void closedFd_isDroppedDespiteADuplicate() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        int copy = dup(pair.reader().fileno());
        apply(copy, read, EV_ADD, 1);
        apply(copy, write, EV_ADD, 2);
        assertThat(single().filter()).isEqualTo(write);
        close(copy);
        pair.write(1);
        assertThat(pending()).isEmpty();
        assertThat(receiptErrno(change(copy, read, EV_DELETE, 0))).isEqualTo(EBADF);
        boolean isIdle = false;
        for (int i = 0; i < KernelWaits.TRIES && !isIdle; i++) {
            KernelWaits before = KernelWaits.ofThisThread();
            assertThat(call(kq, List.of(), 1, 100 * MILLI).result()).isZero();
            isIdle = before.isOneWait(Duration.ofMillis(100));
        }
        assertThat(isIdle).as("it does not spin").isTrue();
    }

    @Test
    void closedFd_isDroppedEvenIfItsFileComesBack() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        int number = dup(pair.reader().fileno());
        apply(number, read, EV_ADD, 1);
        Libc.close(number);
        assertThat(receiptErrno(change(number, read, EV_DELETE, 0))).isEqualTo(EBADF);
        Libc.dupOnto(pair.reader().fileno(), number);
        assertThat(receiptErrno(change(number, read, EV_DELETE, 0))).isEqualTo(ENOENT);
    }

    @Test
    void reusedFd_hasNoKnotes() throws IOException {
        ConnectedPair one = pair(ConnectedPair.Kind.SOCKET_PAIR);
        ConnectedPair two = pair(ConnectedPair.Kind.SOCKET_PAIR);
        int number = dup(one.reader().fileno());
        apply(number, read, EV_ADD, 1);
        Libc.dupOnto(two.reader().fileno(), number);
        one.write(1);
        assertThat(pending()).isEmpty();
        assertThat(receiptErrno(change(number, read, EV_DELETE, 0))).isEqualTo(ENOENT);
        apply(number, read, EV_ADD, 2);
        assertThat(pending()).isEmpty();
        two.write(1);
        assertThat(single().udata()).isEqualTo(2);
    }

    @Test
    void regularFile_isReadableBeforeItsEnd() throws IOException {
        try (FileFd file = FileFd.memfd("file")) {
            int fd = file.fileno();
            apply(fd, read, EV_ADD, 1);
            apply(fd, write, EV_ADD, 2);
            assertThat(single().filter()).isEqualTo(write);
            apply(fd, write, EV_DELETE, 0);
            file.write(ByteBuffer.allocate(10));
            assertThat(pending()).isEmpty();
            try (FileFd same = FileFd.open(Path.of("/proc/self/fd/" + fd), FileFd.O_WRONLY | FileFd.O_APPEND)) {
                same.write(ByteBuffer.allocate(5));
            }
            assertThat(single().data()).isEqualTo(5);
            int copy = dup(fd);
            apply(copy, read, EV_ADD, 3);
            assertThat(pending()).hasSize(2);
            close(copy);
            assertThat(single().udata()).isEqualTo(1);
        }
        assertThat(pending()).isEmpty();
    }

    @Test
    void noteFilePoll_reportsAFileAtItsEnd() throws IOException {
        try (FileFd file = FileFd.memfd("file");
                FileFd directory = FileFd.open(Path.of("/"), FileFd.O_RDONLY)) {
            int poll = 2; // NOTE_FILE_POLL
            assertThat(receiptErrno(new SimulatedKevent(file.fileno(), read, EV_ADD, poll, 0, 1)))
                    .isZero();
            assertThat(pending()).hasSize(system == KqueueSystem.FREEBSD ? 1 : 0);
            apply(file.fileno(), read, EV_DELETE, 0);
            apply(directory.fileno(), read, EV_ADD, 4);
            assertThat(single().udata()).isEqualTo(4);
        }
    }

    @Test
    void duplicateFd_isTheSameKqueue() throws IOException {
        int copy = dup(kq);
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        pair.write(1);
        apply(pair.reader().fileno(), read, EV_ADD, 0);
        assertThat(call(copy, List.of(), 1, 0).result()).isEqualTo(1);
        int other = libc.kqueue(new ErrnoCapture());
        open.add(other);
        assertThat(call(other, List.of(), 1, 0).result()).isZero();
        Set<Integer> hidden = SimulatedKqueue.hiddenDescriptors();
        assertThat(hidden).isNotEmpty().doesNotContain(kq, other);
        close(other);
        assertThat(call(other, List.of(), 1, 0).result()).isEqualTo(-EBADF);
        for (int i = 0; i < 20; i++) {
            Libc.close(libc.kqueue(new ErrnoCapture()));
        }
        assertThat(SimulatedKqueue.hiddenDescriptors()).hasSizeLessThanOrEqualTo(hidden.size() + 10);
    }

    @Test
    void kqueueInAKqueue_isReadable() throws IOException {
        int outer = libc.kqueue(new ErrnoCapture());
        open.add(outer);
        assertThat(call(outer, List.of(change(kq, read, EV_ADD, 3)), 1, 0).result())
                .isZero();
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        apply(pair.reader().fileno(), read, EV_ADD, 0);
        assertThat(call(outer, List.of(), 1, 0).result()).isZero();
        pair.write(1);
        assertThat(call(outer, List.of(), 1, 0).events()).singleElement().matches(event -> event.udata() == 3);
        pair.drain();
        assertThat(call(outer, List.of(), 1, 0).result()).isZero();
        apply(pair.reader().fileno(), write, EV_ADD, 0);
        assertThat(call(outer, List.of(), 1, 0).result()).isEqualTo(1);
        apply(pair.reader().fileno(), write, EV_DELETE, 0);
        apply(1, user, EV_ADD, 0);
        assertThat(call(outer, List.of(), 1, 0).result()).isZero();
        assertThat(receiptErrno(new SimulatedKevent(1, user, 0, NOTE_TRIGGER, 0, 0)))
                .isZero();
        assertThat(call(outer, List.of(), 1, 0).result()).isEqualTo(1);
        SimulatedKevent toWrite = change(kq, write, EV_ADD | EV_RECEIPT, 3);
        assertThat(call(outer, List.of(toWrite), 1, 0).events().getFirst().data())
                .isEqualTo(EINVAL);
    }

    private @Nullable Integer except() {
        return abi.filters().entrySet().stream()
                .filter(entry -> entry.getValue() == SimulatedKqueueAbi.Filter.EXCEPT)
                .map(entry -> entry.getKey())
                .findFirst()
                .orElse(null);
    }

    @Test
    void outOfBandData_isReportedByEvfiltExcept() throws Exception {
        Integer except = except();
        if (except == null) {
            assertThat(system).isIn(KqueueSystem.FREEBSD, KqueueSystem.NETBSD);
            return;
        }
        try (ReadySource source = ReadySource.Kind.OUT_OF_BAND.open()) {
            int fd = source.pollable().fileno();
            assertThat(receiptErrno(new SimulatedKevent(fd, except, EV_ADD, abi.oob(), 0, 1)))
                    .isZero();
            assertThat(pending()).isEmpty();
            source.fire();
            assertThat(call(kq, List.of(), 1, -1).events())
                    .singleElement()
                    .matches(event -> event.filter() == except && event.fflags() == abi.oob());
            // macOS: soexcept_filtops is filt_soread
            ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
            pair.write(1);
            int other = pair.reader().fileno();
            assertThat(receiptErrno(new SimulatedKevent(other, except, EV_ADD, abi.oob(), 0, 2)))
                    .isZero();
            assertThat(pending())
                    .filteredOn(event -> event.udata() == 2)
                    .hasSize(system == KqueueSystem.MACOS ? 1 : 0)
                    .allMatch(event -> event.fflags() == 0);
        }
    }
}
