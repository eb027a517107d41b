package io.selectors4j.tty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import io.selectors4j.tty.Termios.Parity;
import io.selectors4j.tty.Termios.When;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests on a pseudoterminal, compared with the results of `stty` and of the C library.
@Timeout(240)
class TermiosTest {

    private PtyFd master;
    private PtyFd terminal;
    private Termios fresh;

    @BeforeEach
    void open() throws Exception {
        PtyFd.Pair pty = PtyFd.open();
        master = pty.master();
        terminal = pty.terminal();
        fresh = Termios.of(terminal);
    }

    @AfterEach
    void close() throws Exception {
        terminal.close();
        master.close();
    }

    /// Runs `stty` and returns its output.
    private String stty(String... args) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("stty", "-F", terminal.path().toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    /// Returns whether `stty -a` lists a flag as set, `flag`, and not as `-flag`.
    private boolean isSet(String flag) throws Exception {
        List<String> words = List.of(stty("-a").split("[ ;\\n]+"));
        assertThat(words).containsAnyOf(flag, "-" + flag);
        return words.contains(flag);
    }

    private Termios apply(Termios settings) throws IOException {
        settings.apply(terminal, When.NOW);
        return Termios.of(terminal);
    }

    @Test
    void newTerminal_isCanonicalWithEchoAndSignals() {
        assertThat(fresh.isCanonical()).isTrue();
        assertThat(fresh.hasEcho()).isTrue();
        assertThat(fresh.hasSignals()).isTrue();
        assertThat(fresh.inputSpeed()).isEqualTo(38_400);
        assertThat(fresh.outputSpeed()).isEqualTo(38_400);
        assertThat(fresh.dataBits()).isEqualTo(8);
        assertThat(fresh.parity()).isEqualTo(Parity.NONE);
        assertThat(fresh.stopBits()).isEqualTo(1);
        assertThat(fresh.hasHardwareFlowControl()).isFalse();
        assertThat(fresh.hasSoftwareFlowControl()).isFalse();
        assertThat(fresh.isLocal()).isFalse();
    }

    @Test
    void settings_areSharedByBothSides() throws Exception {
        Termios settings = fresh.withEcho(false);
        settings.apply(master, When.NOW);
        assertThat(Termios.of(terminal)).isEqualTo(settings);
        assertThat(Termios.of(master)).isEqualTo(settings);
    }

    @Test
    void raw_equalsCfmakeraw() throws Exception {
        // Flags that raw mode switches off, and flags that it leaves alone.
        stty("ignbrk", "brkint", "parmrk", "istrip", "inlcr", "igncr", "icrnl", "ixon", "echonl", "cstopb", "min", "9");
        Termios before = Termios.of(terminal);
        Libc.makeRaw(terminal.fileno());
        Termios expected = Termios.of(terminal);
        assertThat(expected).isNotEqualTo(before);
        assertThat(before.raw()).isEqualTo(expected);
        before.apply(terminal, When.NOW);
        assertThat(apply(before.raw())).isEqualTo(expected);
        assertThat(before.raw().raw()).isEqualTo(expected);
        assertThat(expected.minimum()).isEqualTo(1);
        assertThat(expected.timeout()).isZero();
        assertThat(fresh.withDataBits(7).withParity(Parity.ODD).raw().dataBits())
                .isEqualTo(8);
        assertThat(fresh.withDataBits(7).withParity(Parity.ODD).raw().parity()).isEqualTo(Parity.NONE);
    }

    @Test
    void raw_bytesArriveUnchangedAndAtOnce() throws Exception {
        apply(fresh.raw());
        PtyFdTest.write(master, "\u0003\r");
        assertThat(PtyFdTest.read(terminal, 2)).isEqualTo("\u0003\r");
        PtyFdTest.write(terminal, "\n");
        assertThat(PtyFdTest.read(master, 1)).as("no echo before it").isEqualTo("\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void flags_areTheFlagsOfStty(boolean on) throws Exception {
        assertThat(apply(fresh.withEcho(on)).hasEcho()).isEqualTo(on);
        assertThat(isSet("echo")).isEqualTo(on);
        assertThat(apply(fresh.withCanonical(on)).isCanonical()).isEqualTo(on);
        assertThat(isSet("icanon")).isEqualTo(on);
        assertThat(apply(fresh.withSignals(on)).hasSignals()).isEqualTo(on);
        assertThat(isSet("isig")).isEqualTo(on);
        assertThat(apply(fresh.withHardwareFlowControl(on)).hasHardwareFlowControl())
                .isEqualTo(on);
        assertThat(isSet("crtscts")).isEqualTo(on);
        assertThat(apply(fresh.withSoftwareFlowControl(on)).hasSoftwareFlowControl())
                .isEqualTo(on);
        assertThat(isSet("ixon")).isEqualTo(on);
        assertThat(isSet("ixoff")).isEqualTo(on);
        assertThat(apply(fresh.withLocal(on)).isLocal()).isEqualTo(on);
        assertThat(isSet("clocal")).isEqualTo(on);
        assertThat(apply(fresh.withStopBits(on ? 2 : 1)).stopBits()).isEqualTo(on ? 2 : 1);
        assertThat(isSet("cstopb")).isEqualTo(on);
    }

    @Test
    void oneFlag_leavesTheOthersUnchanged() {
        assertThat(fresh.withEcho(false).withEcho(true)).isEqualTo(fresh);
        assertThat(fresh.withCanonical(false).withCanonical(true)).isEqualTo(fresh);
        assertThat(fresh.withSignals(false).withSignals(true)).isEqualTo(fresh);
        assertThat(fresh.withHardwareFlowControl(true).withHardwareFlowControl(false))
                .isEqualTo(fresh);
        assertThat(fresh.withLocal(true).withLocal(false)).isEqualTo(fresh);
        assertThat(fresh.withStopBits(2).withStopBits(1)).isEqualTo(fresh);
        assertThat(fresh.withSpeed(50).withSpeed(4_000_000).withSpeed(38_400)).isEqualTo(fresh);
        assertThat(fresh.withDataBits(5).withDataBits(8)).isEqualTo(fresh);
        assertThat(fresh.withParity(Parity.ODD).withParity(Parity.NONE)).isEqualTo(fresh);
        int minimum = fresh.minimum();
        assertThat(fresh.withMinimum(255).withMinimum(minimum)).isEqualTo(fresh);
        assertThat(fresh.withTimeout(255).withTimeout(0)).isEqualTo(fresh);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400,
                460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000
            })
    void standardSpeed_isSet(int baud) throws Exception {
        Termios settings = fresh.withSpeed(baud);
        assertThat(settings.inputSpeed()).isEqualTo(baud);
        assertThat(apply(settings)).isEqualTo(settings);
        // B134 is 134.5 baud; versions of stty print one or the other.
        assertThat(stty("speed").strip().replace("134.5", "134")).isEqualTo("" + baud);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1, 49, 135, 9601, 4_000_001, Integer.MAX_VALUE})
    void otherSpeed_isRefusedWithTheList(int baud) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fresh.withSpeed(baud))
                .withMessageContaining(": " + baud + ";")
                .withMessageContaining("[50, 75, ")
                .withMessageContaining("115200, ")
                .withMessageContaining(", 4000000]");
    }

    @Test
    void speedSetByStty_isRead() throws Exception {
        stty("ispeed", "9600", "ospeed", "9600");
        assertThat(Termios.of(terminal).outputSpeed()).isEqualTo(9600);
        assertThat(Termios.of(terminal).inputSpeed()).isEqualTo(9600);
    }

    @Test
    void dataBits_areFiveToEight() {
        for (int bits = 5; bits <= 8; bits++) {
            assertThat(fresh.withDataBits(bits).dataBits()).isEqualTo(bits);
        }
        for (int bits : new int[] {4, 9, 0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fresh.withDataBits(bits))
                    .withMessageContaining("not " + bits);
        }
    }

    @ParameterizedTest
    @EnumSource
    void parity_isSet(Parity parity) {
        assertThat(fresh.withParity(Parity.ODD).withParity(parity).parity()).isEqualTo(parity);
        assertThat(fresh.withParity(parity).dataBits()).isEqualTo(8);
    }

    @Test
    void parity_replacesMarkAndSpace() throws Exception {
        stty("cmspar");
        assertThat(isSet("cmspar")).isTrue();
        apply(Termios.of(terminal).withParity(Parity.ODD));
        assertThat(isSet("cmspar")).isFalse();
    }

    @Test
    void pseudoterminal_keepsEightBitsAndNoParity() throws Exception {
        Termios settings = apply(fresh.withDataBits(7).withParity(Parity.EVEN).withStopBits(2));
        assertThat(settings.dataBits()).isEqualTo(8);
        assertThat(settings.parity()).isEqualTo(Parity.NONE);
        assertThat(settings.stopBits()).isEqualTo(2);
    }

    @Test
    void stopBits_areOneOrTwo() {
        for (int bits : new int[] {0, 3, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fresh.withStopBits(bits))
                    .withMessageContaining("not " + bits);
        }
    }

    @Test
    void minimumAndTimeout_areAByteEach() throws Exception {
        Termios settings = apply(fresh.withCanonical(false).withMinimum(255).withTimeout(250));
        assertThat(settings.minimum()).isEqualTo(255);
        assertThat(settings.timeout()).isEqualTo(250);
        assertThat(stty("-a")).contains("min = 255; time = 250;");
        for (int value : new int[] {-1, 256}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fresh.withMinimum(value))
                    .withMessageContaining(": " + value);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fresh.withTimeout(value))
                    .withMessageContaining(": " + value);
        }
    }

    @Test
    void read_waitsForTheMinimum() throws Exception {
        apply(fresh.raw().withMinimum(3));
        try (Background<Integer> reading = Background.start(() -> terminal.read(ByteBuffer.allocate(9)))) {
            reading.awaitAsleep();
            PtyFdTest.write(master, "ab");
            reading.expectRunning(Duration.ofMillis(50));
            PtyFdTest.write(master, "c");
            assertThat(reading.result()).isEqualTo(3);
        }
    }

    @Test
    void readWithoutMinimum_returnsEndAfterTimeout() throws Exception {
        apply(fresh.raw().withMinimum(0).withTimeout(1));
        assertThat(terminal.read(ByteBuffer.allocate(9))).isEqualTo(-1);
        PtyFdTest.write(master, "x");
        assertThat(PtyFdTest.read(terminal, 1)).isEqualTo("x");
    }

    @ParameterizedTest
    @EnumSource
    void flush_discardsInputAndOthersKeepIt(When when) throws Exception {
        PtyFdTest.write(master, "typed\n");
        PtyFdTest.read(master, 7); // the echo shows that the input has arrived
        fresh.withEcho(false).apply(terminal, when);
        assertThat(Termios.of(terminal).hasEcho()).isFalse();
        terminal.setBlocking(false);
        assertThat(terminal.read(ByteBuffer.allocate(9))).isEqualTo(when == When.FLUSH ? 0 : 6);
    }

    @Test
    void noTerminal_failsWithEnotty() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            int fd = pipe.reader().fileno();
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> Termios.of(pipe.reader()))
                    .withMessageContaining("ioctl(fd=" + fd + ", TCGETS)")
                    .withMessageContaining("ENOTTY");
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> fresh.apply(pipe.reader(), When.FLUSH))
                    .withMessageContaining("ioctl(fd=" + fd + ", TCSETSF)")
                    .withMessageContaining("ENOTTY");
        }
    }

    @Test
    void closedDescriptor_throwsClosedChannelException() throws Exception {
        terminal.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> Termios.of(terminal));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> fresh.apply(terminal, When.NOW));
    }

    @Test
    void settings_areAnImmutableValue() throws Exception {
        Termios again = Termios.of(terminal);
        assertThat(again).isEqualTo(fresh).hasSameHashCodeAs(fresh).isNotSameAs(fresh);
        assertThat(fresh).isNotEqualTo("settings").isNotEqualTo(null);
        assertThat(List.of(
                        fresh.withEcho(false),
                        fresh.withSpeed(9600),
                        fresh.withStopBits(2),
                        fresh.withSoftwareFlowControl(true),
                        fresh.withMinimum(7)))
                .doesNotContain(fresh)
                .doesNotHaveDuplicates();
        fresh.raw();
        assertThat(fresh).as("unchanged").isEqualTo(again);
    }

    @Test
    void toString_namesTheMainSettings() {
        assertThat(fresh.toString()).startsWith("Termios[38400 baud, 8N1, canonical, echo, signals, c_iflag=0x");
        assertThat(fresh.raw()
                        .withSpeed(9600)
                        .withDataBits(7)
                        .withParity(Parity.EVEN)
                        .withStopBits(2)
                        .withHardwareFlowControl(true)
                        .withSoftwareFlowControl(true)
                        .withLocal(true)
                        .toString())
                .startsWith("Termios[9600 baud, 7E2, minimum 1, timeout 0, hardware flow control,"
                        + " software flow control, local, c_iflag=0x");
    }
}
