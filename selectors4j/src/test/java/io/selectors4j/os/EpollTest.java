package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.FileFd;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpollTest extends EpollFixture {

    @ParameterizedTest
    @CsvSource({
        "EPOLLIN, 0x1",
        "EPOLLPRI, 0x2",
        "EPOLLOUT, 0x4",
        "EPOLLERR, 0x8",
        "EPOLLHUP, 0x10",
        "EPOLLRDNORM, 0x40",
        "EPOLLRDBAND, 0x80",
        "EPOLLWRNORM, 0x100",
        "EPOLLWRBAND, 0x200",
        "EPOLLMSG, 0x400",
        "EPOLLRDHUP, 0x2000",
        "EPOLLEXCLUSIVE, 0x10000000",
        "EPOLLWAKEUP, 0x20000000",
        "EPOLLONESHOT, 0x40000000",
        "EPOLLET, 0x80000000"
    })
    void constants_haveValuesOfCHeader(String name, String value) throws Exception {
        assertThat(Epoll.class.getField(name).getInt(null)).isEqualTo(Integer.parseUnsignedInt(value.substring(2), 16));
    }

    @Test
    void objectOrBorrowedNumber_registersSameDescriptor() throws Exception {
        epoll.register(a, Epoll.EPOLLOUT);
        epoll.register(Pollable.borrow(b.fileno()), Epoll.EPOLLOUT);
        assertThat(epoll.poll(LONG, 10))
                .containsExactlyInAnyOrder(
                        new EpollEvent(a.fileno(), Epoll.EPOLLOUT), new EpollEvent(b.fileno(), Epoll.EPOLLOUT));
        epoll.unregister(Pollable.borrow(a.fileno()));
        assertThat(epoll.poll(LONG, 10)).extracting(EpollEvent::fd).containsExactly(b.fileno());
    }

    @Test
    void defaultEvents_areReadWriteAndPriority() throws Exception {
        epoll.register(a);
        assertThat(epoll.poll(LONG, 10)).containsExactly(new EpollEvent(a.fileno(), Epoll.EPOLLOUT));
        b.write(oneByte());
        assertThat(epoll.poll(LONG, 10)).containsExactly(new EpollEvent(a.fileno(), Epoll.EPOLLIN | Epoll.EPOLLOUT));
    }

    @Test
    void refusedOperation_throwsErrnoOfKernel(@TempDir Path directory) throws Exception {
        epoll.register(a);
        assertErrno("EEXIST", () -> epoll.register(a));
        assertErrno("ENOENT", () -> epoll.modify(b, 0));
        assertErrno("ENOENT", () -> epoll.unregister(b));
        assertErrno("EBADF", () -> epoll.register(Pollable.borrow(Libc.NEVER_OPEN)));
        assertErrno("EBADF", () -> epoll.modify(Pollable.borrow(Libc.NEVER_OPEN), 0));
        assertErrno("EBADF", () -> epoll.unregister(Pollable.borrow(Integer.MAX_VALUE)));
        assertErrno("EINVAL", () -> epoll.register(epoll));
        Path file = Files.writeString(directory.resolve("file"), "x");
        try (FileFd regular = FileFd.open(file, FileFd.O_RDONLY);
                FileFd folder = FileFd.open(directory, FileFd.O_RDONLY)) {
            assertErrno("EPERM", () -> epoll.register(regular));
            assertErrno("EPERM", () -> epoll.register(folder));
        }
        assertThat(epoll.poll(NOW, 10)).hasSize(1);
    }

    @Test
    void errorMessage_namesCallAndDescriptor() throws Exception {
        epoll.register(a);
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> epoll.register(a))
                .withMessage("epoll_ctl(ADD, fd=" + a.fileno() + "): EEXIST (17) File exists");
    }

    @Test
    void closedObject_isRejected() throws Exception {
        a.close();
        assertThatIllegalArgumentException().isThrownBy(() -> epoll.register(a));
        assertThatIllegalArgumentException().isThrownBy(() -> epoll.modify(a, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> epoll.unregister(a));
    }

    @Test
    void closedDescriptor_leavesSet() throws Exception {
        epoll.register(a, Epoll.EPOLLOUT);
        a.close();
        assertThat(epoll.poll(NOW, 10)).isEmpty();
    }

    @Test
    void descriptor_isCloseOnExec() {
        assertThat(Libc.isCloseOnExec(epoll.fileno())).isTrue();
    }

    @Test
    void fromFd_adoptsDescriptor() throws Exception {
        epoll.register(a, Epoll.EPOLLOUT);
        int copy = Libc.dupAtLeast(epoll.fileno(), 100);
        try (Epoll same = Epoll.fromFd(copy)) {
            assertThat(same.fileno()).isEqualTo(copy);
            assertThat(same.closed()).isFalse();
            assertThat(same.poll(LONG, 10)).hasSize(1);
            same.register(b, Epoll.EPOLLOUT);
        }
        assertThat(Libc.isOpen(copy)).isFalse();
        assertThat(epoll.poll(LONG, 10)).hasSize(2);
    }

    @Test
    void fromFd_ofOtherFile_failsWhenUsed() throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> Epoll.fromFd(-1));
        int eventfd = LinuxLibc.eventfd(ErrnoCapture.current(), 0, 0);
        try (Epoll other = Epoll.fromFd(eventfd)) {
            assertErrno("EINVAL", () -> other.poll(NOW, 1));
            assertErrno("EINVAL", () -> other.register(a));
        }
    }

    @Test
    void secondClose_hasNoEffect_andLaterUseThrows() {
        int fd = epoll.fileno();
        assertThat(epoll).hasToString("Epoll[fd=" + fd + "]");
        epoll.close();
        epoll.close();
        assertThat(epoll.closed()).isTrue();
        assertThat(epoll.fileno()).isEqualTo(-1);
        assertThat(epoll).hasToString("Epoll[closed]");
        assertThat(Libc.isOpen(fd)).isFalse();
        List<ThrowingCallable> uses = List.of(
                () -> epoll.register(a),
                () -> epoll.modify(a, 0),
                () -> epoll.unregister(a),
                () -> epoll.poll(NOW, 1),
                () -> epoll.poll(NOW, new EpollEvents(1)));
        for (ThrowingCallable use : uses) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x0123_4567_89AB_CDEFL, 0xFFFF_FFFF_0000_0000L})
    void userData_has64Bits(long data) throws Exception {
        epoll.register(a, Epoll.EPOLLOUT, data);
        epoll.register(b, Epoll.EPOLLOUT, ~data);
        assertThat(epoll.poll(LONG, 10)).extracting(EpollEvent::data).containsExactlyInAnyOrder(data, ~data);
        epoll.modify(a, Epoll.EPOLLOUT, ~data);
        epoll.modify(b, Epoll.EPOLLOUT);
        assertThat(epoll.poll(LONG, 10)).extracting(EpollEvent::data).containsExactlyInAnyOrder(~data, (long)
                b.fileno());
    }

    @Test
    void edgeTriggered_reportsChangeOnce() throws Exception {
        epoll.register(a, Epoll.EPOLLIN | Epoll.EPOLLOUT | Epoll.EPOLLET);
        assertThat(epoll.poll(LONG, 10)).containsExactly(new EpollEvent(a.fileno(), Epoll.EPOLLOUT));
        assertThat(epoll.poll(NOW, 10)).isEmpty();
        b.write(oneByte());
        assertThat(epoll.poll(LONG, 10)).containsExactly(new EpollEvent(a.fileno(), Epoll.EPOLLIN | Epoll.EPOLLOUT));
        assertThat(epoll.poll(NOW, 10)).isEmpty();
        b.write(oneByte()); // more data is another edge
        assertThat(epoll.poll(LONG, 10)).hasSize(1);
        assertThat(epoll.poll(NOW, 10)).isEmpty();
    }

    @Test
    void oneShot_reportsOnceUntilModified() throws Exception {
        epoll.register(a, Epoll.EPOLLOUT | Epoll.EPOLLONESHOT);
        assertThat(epoll.poll(LONG, 10)).hasSize(1);
        assertThat(epoll.poll(NOW, 10)).isEmpty();
        epoll.modify(a, Epoll.EPOLLOUT | Epoll.EPOLLONESHOT);
        assertThat(epoll.poll(LONG, 10)).hasSize(1);
        assertThat(epoll.poll(NOW, 10)).isEmpty();
    }

    @Test
    void exclusive_wakesOneOfTwo_andCannotBeModified() throws Exception {
        try (Epoll other = Epoll.create()) {
            epoll.register(a, Epoll.EPOLLIN | Epoll.EPOLLEXCLUSIVE);
            other.register(a, Epoll.EPOLLIN | Epoll.EPOLLEXCLUSIVE);
            assertErrno("EINVAL", () -> epoll.modify(a, Epoll.EPOLLIN));
            assertErrno("EINVAL", () -> epoll.modify(a, Epoll.EPOLLIN | Epoll.EPOLLEXCLUSIVE));
            assertErrno("EINVAL", () -> epoll.register(b, Epoll.EPOLLIN | Epoll.EPOLLRDHUP | Epoll.EPOLLEXCLUSIVE));
            try (Background<Integer> one =
                            Background.start(() -> epoll.poll(null, 1).size());
                    Background<Integer> two =
                            Background.start(() -> other.poll(null, 1).size())) {
                one.awaitAsleep();
                two.awaitAsleep();
                b.write(oneByte());
                // One thread wakes. There is no event to wait for that shows that the other one stays blocked.
                while (one.isRunning() && two.isRunning()) {
                    Thread.sleep(1);
                }
                Thread.sleep(50);
                assertThat(one.isRunning()).isNotEqualTo(two.isRunning());
                b.write(oneByte());
                assertThat(one.result() + two.result()).isEqualTo(2);
            }
        }
    }

    @Test
    void halfCloseAndHangup_areReported() throws Exception {
        epoll.register(a, Epoll.EPOLLIN | Epoll.EPOLLRDHUP);
        b.shutdownOutput();
        assertThat(epoll.poll(LONG, 10)).containsExactly(new EpollEvent(a.fileno(), Epoll.EPOLLIN | Epoll.EPOLLRDHUP));
        b.close();
        assertThat(epoll.poll(LONG, 10))
                .containsExactly(new EpollEvent(a.fileno(), Epoll.EPOLLIN | Epoll.EPOLLRDHUP | Epoll.EPOLLHUP));
        epoll.modify(a, 0);
        assertThat(epoll.poll(LONG, 10)).containsExactly(new EpollEvent(a.fileno(), Epoll.EPOLLHUP));
    }

    @Test
    void nestedEpoll_isAllowedFiveDeep() throws Exception {
        List<Epoll> chain = new ArrayList<>();
        chain.add(epoll);
        epoll.register(a, Epoll.EPOLLIN);
        for (int i = 0; i < 4; i++) {
            Epoll outer = Epoll.create();
            outer.register(chain.getLast(), Epoll.EPOLLIN);
            chain.add(outer);
        }
        assertThat(chain.getLast().poll(NOW, 1)).isEmpty();
        b.write(oneByte());
        assertThat(chain.getLast().poll(LONG, 1)).hasSize(1);
        try (Epoll sixth = Epoll.create()) {
            assertErrno("ELOOP", () -> sixth.register(chain.getLast(), Epoll.EPOLLIN));
        }
        assertErrno("ELOOP", () -> epoll.register(chain.getLast(), Epoll.EPOLLIN));
        chain.forEach(Epoll::close);
    }

    @Test
    void event_hasFlagsAndDescriptor() {
        EpollEvent event = new EpollEvent(3, Epoll.EPOLLIN | Epoll.EPOLLHUP);
        assertThat(event.fd()).isEqualTo(3);
        assertThat(event.has(Epoll.EPOLLIN)).isTrue();
        assertThat(event.has(Epoll.EPOLLIN | Epoll.EPOLLERR)).isFalse();
    }
}
