package io.selectors4j.tty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.process.ChildProcessBuilder.Redirect;
import io.selectors4j.testing.ChildOutput;
import io.selectors4j.testing.Expect;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class TerminalTest {

    private PtyFd master;
    private PtyFd terminal;

    @BeforeEach
    void open() throws Exception {
        PtyFd.Pair pty = PtyFd.open();
        master = pty.master();
        terminal = pty.terminal();
    }

    @AfterEach
    void close() throws Exception {
        terminal.close();
        master.close();
    }

    @Test
    void bothSides_areTerminalsUntilHangUp() throws Exception {
        assertThat(Terminal.isTerminal(terminal)).isTrue();
        assertThat(Terminal.isTerminal(master)).isTrue();
        master.close();
        assertThat(Terminal.isTerminal(terminal)).isFalse();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> Terminal.isTerminal(master));
    }

    @Test
    void otherDescriptors_areNoTerminals() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open();
                SocketFd.Pair sockets = SocketFd.pair(SocketFd.Type.STREAM);
                FileFd device = FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR)) {
            assertThat(Terminal.isTerminal(pipe.reader())).isFalse();
            assertThat(Terminal.isTerminal(sockets.first())).isFalse();
            assertThat(Terminal.isTerminal(device)).isFalse();
        }
    }

    @Test
    void newTerminal_hasWindowSizeZero() throws Exception {
        assertThat(Terminal.windowSize(terminal)).isEqualTo(new WindowSize(0, 0, 0, 0));
    }

    @Test
    void windowSize_isSharedByBothSides() throws Exception {
        WindowSize size = new WindowSize(24, 80, 640, 65_535);
        Terminal.setWindowSize(master, size);
        assertThat(Terminal.windowSize(terminal)).isEqualTo(size);
        assertThat(Terminal.windowSize(master)).isEqualTo(size);
        Terminal.setWindowSize(terminal, new WindowSize(65_535, 1));
        assertThat(Terminal.windowSize(master)).isEqualTo(new WindowSize(65_535, 1, 0, 0));
    }

    @Test
    void windowSize_numbersAreUnsignedShorts() {
        for (int wrong : new int[] {-1, 65_536, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new WindowSize(wrong, 0))
                    .withMessage("rows not in 0 to 65535: " + wrong);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new WindowSize(0, wrong))
                    .withMessage("columns not in 0 to 65535: " + wrong);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new WindowSize(0, 0, wrong, 0))
                    .withMessage("xPixels not in 0 to 65535: " + wrong);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new WindowSize(0, 0, 0, wrong))
                    .withMessage("yPixels not in 0 to 65535: " + wrong);
        }
    }

    @Test
    void noTerminal_windowSizeFailsWithEnotty() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            int fd = pipe.reader().fileno();
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> Terminal.windowSize(pipe.reader()))
                    .withMessageContaining("ioctl(fd=" + fd + ", TIOCGWINSZ)")
                    .withMessageContaining("ENOTTY");
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> Terminal.setWindowSize(pipe.reader(), new WindowSize(1, 2)))
                    .withMessageContaining("ioctl(fd=" + fd + ", TIOCSWINSZ, WindowSize[rows=1, columns=2")
                    .withMessageContaining("ENOTTY");
        }
        terminal.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> Terminal.windowSize(terminal));
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> Terminal.setWindowSize(terminal, new WindowSize(1, 2)));
    }

    @Test
    void setWindowSize_sendsSigwinchToForeground() throws Exception {
        String script = "trap 'stty size; kill $!; exit 3' WINCH; sleep 100 & echo ready; wait";
        try (ChildProcess program = ChildProcess.builder("sh", "-c", script)
                .terminal(terminal.path())
                .stdout(Redirect.PIPE)
                .start()) {
            assertThat(ChildOutput.readLine(program.stdout())).isEqualTo("ready");
            Terminal.setWindowSize(master, new WindowSize(31, 97));
            assertThat(ChildOutput.readLine(program.stdout())).isEqualTo("31 97");
            assertThat(program.waitFor(Expect.PATIENCE)).hasValue(3);
        }
    }
}
