package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.Await;
import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.WindowSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

/// Requests by number. The numbers are those of Linux: asm-generic/ioctls.h, and asm/ioctls.h of PowerPC, where most
/// requests state a size.
class IoctlTest {

    private static final boolean POWERPC = Platform.CURRENT.arch() == Arch.PPC64LE;
    private static final long FIONREAD = POWERPC ? 0x4004_667FL : 0x541B;
    private static final long FIOCLEX = POWERPC ? 0x2000_6601 : 0x5451;
    private static final long FIONCLEX = POWERPC ? 0x2000_6602 : 0x5450;
    private static final long TCFLSH = POWERPC ? 0x2000_741F : 0x540B;
    private static final int TCIFLUSH = 0;
    private static final long TIOCGPTN = POWERPC ? 0x4004_5430L : 0x8004_5430L;

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    @Test
    void requestWithoutArgument_acts() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThat(pipe.reader().ioctl(FIONCLEX)).isZero();
            assertThat(Libc.isCloseOnExec(pipe.reader().fileno())).isFalse();
            pipe.reader().ioctl(FIOCLEX);
            assertThat(Libc.isCloseOnExec(pipe.reader().fileno())).isTrue();
        }
    }

    @Test
    void requestWithNumber_acts() throws Exception {
        try (PtyFd.Pair pty = PtyFd.open()) {
            pty.master().write(ByteBuffer.wrap(new byte[] {'a', '\n'}));
            assertThat(Await.readable(pty.terminal(), Expect.PATIENCE)).isTrue();
            assertThat(pty.terminal().available()).isEqualTo(2);
            pty.terminal().ioctl(TCFLSH, TCIFLUSH);
            assertThat(pty.terminal().available()).isZero();
        }
    }

    @Test
    void requestWithStruct_readsAndWritesIt() throws Exception {
        try (PtyFd.Pair pty = PtyFd.open()) {
            byte[] size = new byte[8];
            buffer(size).putShort((short) 24).putShort((short) 80);
            assertThat(pty.master().ioctl(TermiosConstants.CURRENT.tiocswinsz(), size))
                    .isZero();
            assertThat(Terminal.windowSize(pty.terminal())).isEqualTo(new WindowSize(24, 80));
            byte[] returned = {9, 9, 9, 9, 9, 9, 9, 9, 9};
            pty.terminal().ioctl(TermiosConstants.CURRENT.tiocgwinsz(), returned);
            assertThat(returned).containsExactly(size[0], size[1], size[2], size[3], 0, 0, 0, 0, 9);
            byte[] number = new byte[4];
            pty.master().ioctl(TIOCGPTN, number);
            assertThat(pty.terminal().path().toString())
                    .endsWith("/" + buffer(number).getInt());
        }
    }

    @Test
    void shortArray_neverChangesOtherMemory() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open();
                PtyFd.Pair pty = PtyFd.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pty.master().ioctl(TIOCGPTN, new byte[3]))
                    .withMessage("the ioctl 0x" + Long.toHexString(TIOCGPTN)
                            + " has an argument of 4 bytes, and the array has 3");
            pipe.writer().write(ByteBuffer.allocate(7));
            byte[] whole = new byte[4];
            pipe.reader().ioctl(FIONREAD, whole);
            assertThat(buffer(whole).getInt()).isEqualTo(7);
            pipe.reader().ioctl(FIONREAD, new byte[100_000]);
            for (byte[] tooShort : new byte[][] {{}, {9}}) {
                if (POWERPC) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> pipe.reader().ioctl(FIONREAD, tooShort));
                } else {
                    pipe.reader().ioctl(FIONREAD, tooShort);
                    assertThat(tooShort).doesNotContain(9);
                }
            }
        }
    }

    @Test
    void numberForAddress_isRefusedByTheKernel() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            for (int argument : new int[] {0, 1, 65_535, -1, Integer.MIN_VALUE}) {
                SocketFdTest.assertErrno("EFAULT", () -> pipe.reader().ioctl(FIONREAD, argument));
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pipe.reader().ioctl(FIONREAD, 65_536))
                    .withMessage("the argument of an ioctl is a number below 65536, not 65536, which could be an"
                            + " address");
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void failure_namesCallAndNumber() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> pipe.reader().ioctl(0x5401, new byte[60]))
                    .withMessageStartingWith("ioctl(fd=" + pipe.reader().fileno() + ", 0x5401): ENOTTY (25)");
            for (long request : new long[] {1L << 32, -1, Long.MIN_VALUE}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> pipe.reader().ioctl(request));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> pipe.reader().ioctl(request, new byte[9]));
            }
            pipe.reader().close();
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> pipe.reader().ioctl(FIOCLEX));
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> pipe.reader().ioctl(FIONREAD, new byte[4]));
        }
    }
}
