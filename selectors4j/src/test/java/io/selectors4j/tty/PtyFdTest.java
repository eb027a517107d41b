package io.selectors4j.tty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class PtyFdTest {

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

    static void write(Fd target, String text) throws IOException {
        target.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /// Reads exactly `count` bytes; blocks until they have arrived.
    static String read(Fd source, int count) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(count);
        while (target.hasRemaining() && source.read(target) >= 0) {
            // a read may return fewer bytes
        }
        return StandardCharsets.ISO_8859_1.decode(target.flip()).toString();
    }

    private static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }

    @Test
    void bothSidesAreBlockingAndCloseOnExec() throws Exception {
        for (PtyFd side : new PtyFd[] {master, terminal}) {
            assertThat(side.isBlocking()).isTrue();
            assertThat(Libc.isCloseOnExec(side.fileno())).isTrue();
            assertThat(side).hasToString("PtyFd[fd=" + side.fileno() + "]");
        }
    }

    @Test
    void path_isTheTerminalsOnBothSides() throws Exception {
        assertThat(master.path().toString()).matches("/dev/pts/[0-9]+");
        assertThat(terminal.path()).isEqualTo(master.path());
        assertThat(Files.exists(master.path())).isTrue();
        try (FileFd reopened = FileFd.open(master.path(), FileFd.O_RDWR | FileFd.O_NOCTTY)) {
            write(reopened, "hello");
            assertThat(read(master, 5)).isEqualTo("hello");
        }
    }

    @Test
    void open_createsAnotherPseudoterminal() throws Exception {
        try (PtyFd.Pair other = PtyFd.open()) {
            assertThat(other.master().path()).isNotEqualTo(master.path());
        }
    }

    @Test
    void input_isEchoedAndArrivesAsALine() throws Exception {
        terminal.setBlocking(false);
        write(master, "ab");
        assertThat(read(master, 2)).isEqualTo("ab");
        assertThat(terminal.read(ByteBuffer.allocate(9))).as("no line yet").isZero();
        terminal.setBlocking(true);
        write(master, "\r");
        assertThat(read(master, 2)).isEqualTo("\r\n");
        assertThat(read(terminal, 3)).isEqualTo("ab\n");
    }

    @Test
    void outputLineFeed_becomesCarriageReturnAndLineFeed() throws Exception {
        write(terminal, "x\n");
        assertThat(read(master, 3)).isEqualTo("x\r\n");
    }

    @Test
    void terminalClosed_masterReadsTheRestThenFails() throws Exception {
        write(terminal, "rest");
        terminal.close();
        assertThat(read(master, 4)).isEqualTo("rest");
        assertErrno("EIO", () -> master.read(ByteBuffer.allocate(1)));
        assertErrno("EIO", () -> master.read(ByteBuffer.allocate(1)));
    }

    @Test
    void terminalClosed_blockedReadOfMasterFails() throws Exception {
        try (Background<Integer> reading = Background.start(() -> master.read(ByteBuffer.allocate(1)))) {
            reading.awaitAsleep();
            terminal.close();
            assertThat(reading.failure())
                    .isInstanceOfSatisfying(
                            NativeIOException.class,
                            e -> assertThat(e.errnoName()).isEqualTo("EIO"));
        }
    }

    @Test
    void terminalReopened_masterReadsAgain() throws Exception {
        terminal.close();
        assertErrno("EIO", () -> master.read(ByteBuffer.allocate(1)));
        try (FileFd reopened = FileFd.open(master.path(), FileFd.O_RDWR | FileFd.O_NOCTTY)) {
            write(reopened, "back");
            assertThat(read(master, 4)).isEqualTo("back");
        }
    }

    @Test
    void duplicateOfTerminal_keepsMasterFromHangingUp() throws Exception {
        try (PtyFd duplicate = terminal.dup()) {
            assertThat(duplicate.path()).isEqualTo(terminal.path());
            assertThat(Libc.isCloseOnExec(duplicate.fileno())).isTrue();
            terminal.close();
            master.setBlocking(false);
            assertThat(master.read(ByteBuffer.allocate(1))).isZero();
            write(duplicate, "still");
            master.setBlocking(true);
            assertThat(read(master, 5)).isEqualTo("still");
        }
        assertErrno("EIO", () -> master.read(ByteBuffer.allocate(1)));
    }

    @Test
    void masterClosed_terminalHangsUp() throws Exception {
        master.close();
        assertThat(terminal.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertErrno("EIO", () -> write(terminal, "x"));
        assertErrno("EIO", () -> Termios.of(terminal));
    }

    @Test
    void closePair_closesBothSides() throws Exception {
        PtyFd.Pair pair = PtyFd.open();
        int one = pair.master().fileno();
        int other = pair.terminal().fileno();
        pair.close();
        pair.close();
        assertThat(Libc.isOpen(one)).isFalse();
        assertThat(Libc.isOpen(other)).isFalse();
    }

    @Test
    void closeDuringRead_keepsNumberUntilReadReturns() throws Exception {
        int fd = master.fileno();
        try (Background<Integer> reading = Background.start(() -> master.read(ByteBuffer.allocate(1)))) {
            reading.awaitAsleep();
            master.close();
            reading.expectRunning(Duration.ofMillis(50));
            assertThat(Libc.isOpen(fd)).isTrue();
            terminal.close();
            assertThat(reading.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(Libc.isOpen(fd)).isFalse();
        }
    }

    @Test
    void packetMode_readBeginsWithStatusByte() throws Exception {
        master.setPacketMode(true);
        write(terminal, "data");
        assertThat(read(master, 5)).isEqualTo((char) PtyFd.TIOCPKT_DATA + "data");
        // FLUSH discards the input queue, which the master reports.
        Termios.of(terminal).apply(terminal, Termios.When.FLUSH);
        assertThat(read(master, 1).charAt(0)).isEqualTo((char) PtyFd.TIOCPKT_FLUSHREAD);
        Termios noFlowControl = Termios.of(terminal).withSoftwareFlowControl(false);
        noFlowControl.apply(terminal, Termios.When.NOW);
        assertThat(read(master, 1).charAt(0)).isEqualTo((char) PtyFd.TIOCPKT_NOSTOP);
        noFlowControl.withSoftwareFlowControl(true).apply(terminal, Termios.When.NOW);
        assertThat(read(master, 1).charAt(0)).isEqualTo((char) PtyFd.TIOCPKT_DOSTOP);
        // Control-S stops the output, Control-Q starts it.
        write(master, "\u0013");
        assertThat(read(master, 1).charAt(0)).isEqualTo((char) PtyFd.TIOCPKT_STOP);
        write(master, "\u0011");
        assertThat(read(master, 1).charAt(0)).isEqualTo((char) PtyFd.TIOCPKT_START);
    }

    @Test
    void packetModeOff_readHasNoStatusByte() throws Exception {
        master.setPacketMode(true);
        master.setPacketMode(false);
        Termios.of(terminal).withSoftwareFlowControl(false).apply(terminal, Termios.When.FLUSH);
        write(terminal, "data");
        assertThat(read(master, 4)).isEqualTo("data");
    }

    @Test
    void packetModeOfTerminal_failsWithEnotty() {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> terminal.setPacketMode(true))
                .withMessageContaining("ioctl(fd=" + terminal.fileno() + ", TIOCPKT, 1)")
                .withMessageContaining("ENOTTY");
    }

    @Test
    void closedSide_throwsClosedChannelException() throws Exception {
        master.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> master.setPacketMode(true));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(master::dup);
        assertThat(master.path()).isEqualTo(terminal.path());
    }
}
