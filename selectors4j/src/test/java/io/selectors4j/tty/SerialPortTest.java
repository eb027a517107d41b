package io.selectors4j.tty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// A pseudoterminal has no lines beside its data.
class SerialPortTest {

    private static void assertFails(String errno, String call, ThrowingCallable code) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(code)
                .withMessageContaining(call)
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo(errno));
    }

    private static boolean isExclusive(Fd tty) throws Exception {
        long request = Platform.CURRENT.arch() == Arch.PPC64LE ? 0x4004_5440L : 0x8004_5440L; // TIOCGEXCL
        byte[] exclusive = new byte[4];
        tty.ioctl(request, exclusive);
        return (exclusive[0] | exclusive[3]) != 0;
    }

    @Test
    void exclusiveUse_isSetAndEnded() throws Exception {
        try (PtyFd.Pair pty = PtyFd.open()) {
            assertThat(isExclusive(pty.terminal())).isFalse();
            SerialPort.setExclusive(pty.terminal(), true);
            assertThat(isExclusive(pty.terminal())).isTrue();
            SerialPort.setExclusive(pty.terminal(), false);
            assertThat(isExclusive(pty.terminal())).isFalse();
        }
    }

    @Test
    void breakOfPseudoterminal_doesNothing() throws Exception {
        try (PtyFd.Pair pty = PtyFd.open()) {
            SerialPort.setBreak(pty.terminal(), true);
            SerialPort.setBreak(pty.terminal(), false);
            assertThat(pty.master().available()).isZero();
        }
    }

    @Test
    void linesOfPseudoterminal_areRefused() throws Exception {
        try (PtyFd.Pair pty = PtyFd.open()) {
            assertFails("ENOTTY", "TIOCMGET", () -> SerialPort.lines(pty.terminal()));
            assertFails("ENOTTY", "TIOCMBIS, DTR", () -> SerialPort.setLine(pty.terminal(), SerialPort.Line.DTR, true));
            assertFails(
                    "ENOTTY", "TIOCMBIC, RTS", () -> SerialPort.setLine(pty.terminal(), SerialPort.Line.RTS, false));
        }
    }

    @Test
    void otherDescriptor_isRefused() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertFails("ENOTTY", "TIOCEXCL", () -> SerialPort.setExclusive(pipe.reader(), true));
            assertFails("ENOTTY", "TIOCSBRK", () -> SerialPort.setBreak(pipe.reader(), true));
            assertFails("ENOTTY", "TIOCMGET", () -> SerialPort.lines(pipe.reader()));
        }
    }
}
