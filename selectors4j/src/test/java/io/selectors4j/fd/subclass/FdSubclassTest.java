package io.selectors4j.fd.subclass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A subclass of [Fd] outside its package, with public and protected members only.
class FdSubclassTest {

    /// A descriptor with a system call of its own: the number of bytes that can be read, ioctl_tty(2).
    private static class QueueFd extends Fd {

        // asm-generic/ioctls.h; arch/powerpc/include/uapi/asm/ioctls.h
        private static final long FIONREAD = System.getProperty("os.arch").equals("ppc64le") ? 0x4004667F : 0x541B;

        @SuppressWarnings("restricted") // a native call of the user
        private static final MethodHandle IOCTL = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("ioctl"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                        Linker.Option.firstVariadicArg(2));

        QueueFd(int fd, boolean owned) {
            super(fd, owned);
        }

        int queued() throws IOException {
            return use(QueueFd::queued);
        }

        private static int queued(int fd) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
                int result = (int) IOCTL.invokeExact(fd, FIONREAD, count);
                if (result < 0) {
                    throw new IOException("ioctl(fd=" + fd + ", FIONREAD)");
                }
                return count.get(ValueLayout.JAVA_INT, 0);
            } catch (IOException e) {
                throw e;
            } catch (Throwable t) {
                throw new IllegalStateException(t);
            }
        }

        @Override
        public QueueFd dup() throws IOException {
            return new QueueFd(duplicate(), true);
        }
    }

    /// Wakes a blocked read by writing to the other end of the pipe.
    private static final class WakingFd extends QueueFd {

        private final Fd otherEnd;

        WakingFd(int fd, Fd otherEnd) {
            super(fd, true);
            this.otherEnd = otherEnd;
        }

        @Override
        protected void preClose(int fd) throws IOException {
            assertThat(Libc.isOpen(fd)).isTrue();
            assertThat(isOpen()).isFalse();
            otherEnd.write(bytes(1));
        }
    }

    private PipeFd.Pipe pipe;

    @BeforeEach
    void open() throws Exception {
        pipe = PipeFd.open();
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    /// Returns an object that adopts a duplicate of the reading end.
    private QueueFd adopt() {
        return new QueueFd(Libc.dup(pipe.reader().fileno()), true);
    }

    @Test
    void adoptedFd_isClosedWithObject() throws Exception {
        QueueFd adopted = adopt();
        int fd = adopted.fileno();
        assertThat(adopted).hasToString("QueueFd[fd=" + fd + "]");
        adopted.close();
        assertThat(Libc.isOpen(fd)).isFalse();
        assertThat(adopted.fileno()).isEqualTo(-1);
        assertThat(adopted).hasToString("QueueFd[closed]");
    }

    @Test
    void borrowedFd_staysOpen() throws Exception {
        int fd = pipe.reader().fileno();
        new QueueFd(fd, false).close();
        assertThat(Libc.isOpen(fd)).isTrue();
    }

    @Test
    void negativeNumber_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueFd(-1, true))
                .withMessage("invalid file descriptor -1");
    }

    @Test
    void use_makesOwnSystemCall() throws Exception {
        try (QueueFd queue = adopt()) {
            assertThat(queue.queued()).isZero();
            pipe.writer().write(bytes(7));
            assertThat(queue.queued()).isEqualTo(7);
            assertThat(queue.read(bytes(3))).isEqualTo(3);
            assertThat(queue.queued()).isEqualTo(4);
        }
    }

    @Test
    void use_closedObject_throws() throws Exception {
        QueueFd queue = adopt();
        queue.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(queue::queued);
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(queue::dup);
    }

    @Test
    void use_functionThrows_endsUse() throws Exception {
        QueueFd queue = adopt();
        int fd = queue.fileno();
        assertThatIllegalStateException()
                .isThrownBy(() -> queue.use(_ -> {
                    throw new IllegalStateException("of the function");
                }))
                .withMessage("of the function");
        queue.close();
        assertThat(Libc.isOpen(fd)).as("no use is left").isFalse();
    }

    @Test
    void use_closedMeanwhile_keepsNumberOpen() throws Exception {
        QueueFd queue = adopt();
        pipe.writer().write(bytes(2));
        int fd = queue.use(number -> {
            queue.close();
            assertThat(queue.isOpen()).isFalse();
            assertThat(QueueFd.queued(number)).isEqualTo(2);
            return number;
        });
        assertThat(Libc.isOpen(fd)).isFalse();
    }

    @Test
    void dup_ofSubclass_sharesOpenFile() throws Exception {
        try (QueueFd queue = adopt();
                QueueFd copy = queue.dup()) {
            assertThat(copy.fileno()).isNotEqualTo(queue.fileno());
            assertThat(Libc.isCloseOnExec(copy.fileno())).isTrue();
            pipe.writer().write(bytes(5));
            assertThat(copy.queued()).isEqualTo(5);
        }
    }

    static List<BackendUnderTest> backends() {
        return Backends.underTest();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void close_leavesSelectors(BackendUnderTest backend) throws Exception {
        try (Selector<String> selector = backend.open();
                QueueFd copy = adopt()) {
            QueueFd queue = copy.dup();
            pipe.writer().write(bytes(1));
            selector.register(queue, Interest.READ, "queue");
            assertThat(selector.selectNow()).hasSize(1);
            queue.close();
            assertThat(selector.getMap()).isEmpty();
            assertThat(selector.selectNow()).isEmpty();
        }
    }

    @Test
    void preClose_wakesBlockedRead() throws Exception {
        WakingFd queue = new WakingFd(Libc.dup(pipe.reader().fileno()), pipe.writer());
        int fd = queue.fileno();
        try (Background<Integer> reading = Background.start(() -> queue.read(bytes(1)))) {
            reading.awaitAsleep();
            queue.close();
            assertThat(reading.result()).isEqualTo(1);
        }
        assertThat(Libc.isOpen(fd)).isFalse();
    }

    @Test
    void preClose_unusedObject_isNotCalled() throws Exception {
        new WakingFd(Libc.dup(pipe.reader().fileno()), pipe.writer()).close();
        pipe.reader().setBlocking(false);
        assertThat(pipe.reader().read(bytes(1))).isZero();
    }

    @Test
    void preClose_fails_closesNevertheless() throws Exception {
        WakingFd queue = new WakingFd(Libc.dup(pipe.reader().fileno()), pipe.writer());
        int fd = queue.fileno();
        pipe.writer().close();
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> queue.use(_ -> {
                    queue.close();
                    return 0;
                }));
        assertThat(queue.isOpen()).isFalse();
        assertThat(Libc.isOpen(fd)).isFalse();
    }
}
