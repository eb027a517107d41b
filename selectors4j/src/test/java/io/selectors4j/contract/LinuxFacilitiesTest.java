package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.DatagramBatch;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.RawSocketAddress;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.Systemd;
import io.selectors4j.fd.TcpInfo;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.fd.Transfer;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.IoUringMessage;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.testing.Expect;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.SerialPort;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.Termios;
import io.selectors4j.tty.WindowSize;
import io.selectors4j.watch.InotifyFd;
import io.selectors4j.watch.InotifyTree;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Facilities of Linux, and their refusal on other systems.
@Tag("system")
@Timeout(Expect.TEST_SECONDS)
class LinuxFacilitiesTest {

    private static final Os OS = Platform.CURRENT.os();

    static final String SELECTOR = "Selector.open() uses the best interface of each system";

    @TempDir
    static Path directory;

    /// Code that needs a descriptor of a terminal.
    private interface TerminalCode {
        void run(Fd tty) throws IOException;
    }

    private static PartialFacility ofLinux(String title, String facility, String alternative, ThrowingCallable code) {
        String refusal = facility + " is a facility of Linux, and this is " + Platform.CURRENT;
        return new PartialFacility(
                title, OS == Os.LINUX, code, alternative.isEmpty() ? refusal : refusal + "; " + alternative);
    }

    /// Runs code with a terminal, or with a socket where the library has no terminals.
    private static void withTerminal(TerminalCode code) throws IOException {
        if (OS != Os.LINUX) {
            PartialFacility.withSocket(code::run);
            return;
        }
        try (PtyFd.Pair pair = PtyFd.open()) {
            code.run(pair.terminal());
        }
    }

    private static void sendFile() throws IOException {
        PartialFacility.withSocket(socket -> {
            try (Fd file = OS == Os.LINUX ? FileFd.memfd("file") : Fd.borrow(socket.fileno())) {
                assertThat(socket.sendFile(file, 0, 1)).isZero();
            }
        });
    }

    /// Transfers nothing between a file and a pipe, or between sockets where the library has neither.
    private static void transfer(FileTransfer code) throws IOException {
        if (OS == Os.LINUX) {
            try (FileFd file = FileFd.memfd("file")) {
                assertThat(code.run(file, file)).isZero();
            }
            return;
        }
        PartialFacility.withSocket(socket -> code.run(socket, socket));
    }

    private interface FileTransfer {
        long run(Fd source, Fd target) throws IOException;
    }

    private static void splice(boolean copies) throws IOException {
        if (OS != Os.LINUX) {
            PartialFacility.withSocket(socket -> splice(copies, socket, socket));
            return;
        }
        try (PipeFd.Pipe first = PipeFd.open();
                PipeFd.Pipe second = PipeFd.open()) {
            assertThat(splice(copies, first.reader(), second.writer())).isZero();
        }
    }

    private static long splice(boolean copies, Fd source, Fd target) throws IOException {
        long here = Transfer.CURRENT_POSITION;
        return copies
                ? Transfer.tee(source, target, 1, Transfer.SPLICE_F_NONBLOCK)
                : Transfer.splice(source, here, target, here, 1, Transfer.SPLICE_F_NONBLOCK);
    }

    private static Stream<PartialFacility> calls() {
        return Stream.of(
                ofLinux(
                        "ChildProcessBuilder.start",
                        "ChildProcess",
                        "ProcessBuilder starts processes on all systems",
                        () -> ChildProcess.builder("true").start().close()),
                ofLinux("EventFd.open", "eventfd", "Selector.wakeup() wakes a waiting thread", () -> {
                    try (EventFd counter = EventFd.open(7)) {
                        assertThat(counter.read()).isEqualTo(7);
                    }
                }),
                ofLinux("TimerFd.open", "timerfd", "select and Await have timeouts", () -> {
                    try (TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC)) {
                        timer.set(Duration.ofNanos(1));
                        assertThat(timer.read()).isPositive();
                    }
                }),
                ofLinux(
                        "TimerFd.Clock.now",
                        "a clock of timerfd",
                        "System.nanoTime() and java.time.Clock tell the time",
                        () -> assertThat(TimerFd.Clock.MONOTONIC.now()).isPositive()),
                ofLinux("PidFd.open", "pidfd", "ProcessHandle.onExit() completes when a process ends", () -> {
                    try (PidFd process = PidFd.open(ProcessHandle.current().pid())) {
                        assertThat(process.isOpen()).isTrue();
                    }
                }),
                ofLinux("InotifyFd.open", "inotify", "java.nio.file.WatchService watches directories", () -> {
                    try (InotifyFd inotify = InotifyFd.open()) {
                        assertThat(inotify.isOpen()).isTrue();
                    }
                }),
                ofLinux("InotifyTree.open", "inotify", "java.nio.file.WatchService watches directories", () -> {
                    try (InotifyTree tree = InotifyTree.open(directory, InotifyFd.IN_CREATE)) {
                        assertThat(tree.isOpen()).isTrue();
                    }
                }),
                ofLinux("FileFd.memfd", "memfd", "Files.createTempFile() creates a file", () -> {
                    try (FileFd memfd = FileFd.memfd("missing")) {
                        assertThat(memfd.isOpen()).isTrue();
                    }
                }),
                ofLinux("Epoll.create", "epoll", SELECTOR, () -> {
                    try (Epoll epoll = Epoll.create()) {
                        assertThat(epoll.fileno()).isNotNegative();
                    }
                }),
                ofLinux(
                        "Epoll.fromFd",
                        "epoll",
                        SELECTOR,
                        () -> assertThat(Epoll.fromFd(Integer.MAX_VALUE).fileno())
                                .isEqualTo(Integer.MAX_VALUE)),
                ofLinux(
                        "IoUringMessage",
                        "io_uring",
                        SELECTOR,
                        () -> assertThat(new IoUringMessage(ByteBuffer.allocateDirect(1)))
                                .isNotNull()),
                ofLinux(
                        "SocketFd.sendFile",
                        "sendfile with an offset",
                        "Transfer.copy() copies on all systems",
                        LinuxFacilitiesTest::sendFile),
                ofLinux(
                        "Transfer.sendFile",
                        "sendfile with an offset",
                        "Transfer.copy() copies on all systems",
                        () -> transfer((source, target) -> Transfer.sendFile(source, 0, target, 1))),
                ofLinux(
                        "Transfer.copyFileRange",
                        "copy_file_range",
                        "Transfer.copy() copies on all systems",
                        () -> transfer((source, target) -> Transfer.copyFileRange(source, 0, target, 0, 1))),
                ofLinux("Transfer.splice", "splice", "Transfer.copy() copies on all systems", () -> splice(false)),
                ofLinux("Transfer.tee", "tee", "Transfer.copy() copies on all systems", () -> splice(true)),
                ofLinux(
                        "DatagramBatch.allocate",
                        "recvmmsg",
                        "SocketFd.receiveFrom() and sendTo() transfer one datagram",
                        () -> assertThat(DatagramBatch.allocate(2, 9).capacity())
                                .isEqualTo(2)),
                ofLinux(
                        "Systemd.sendNotification",
                        "sd_notify",
                        "",
                        () -> assertThat(Systemd.sendNotification("READY=1")).isFalse()),
                ofLinux(
                        "SocketFd.peerCredentials",
                        "SO_PEERCRED",
                        "",
                        () -> PartialFacility.withSocket(
                                socket -> assertThat(socket.peerCredentials().pid())
                                        .isEqualTo(ProcessHandle.current().pid()))),
                ofLinux(
                        "SerialPort.setExclusive",
                        "the ioctl TIOCEXCL that this library knows",
                        "",
                        () -> withTerminal(tty -> SerialPort.setExclusive(tty, true))),
                ofLinux("TcpInfo.of", "TCP_INFO", "", () -> {
                    try (SocketFd tcp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
                        assertThat(TcpInfo.of(tcp).state()).isEqualTo(TcpInfo.State.CLOSE);
                    }
                }),
                ofLinux(
                        "RawSocketAddress.netlink",
                        "netlink",
                        "",
                        () -> assertThat(RawSocketAddress.netlink(0, 0)).isNotNull()),
                ofLinux(
                        "RawSocketAddress.unixAbstract",
                        "the abstract namespace of Unix sockets",
                        "a path is an address on all systems",
                        () -> assertThat(RawSocketAddress.unixAbstract(new byte[1]))
                                .isNotNull()),
                ofLinux("PtyFd.open", "the file system devpts", "", () -> {
                    try (PtyFd.Pair pair = PtyFd.open()) {
                        assertThat(Terminal.isTerminal(pair.terminal())).isTrue();
                    }
                }),
                ofLinux(
                        "Termios.of",
                        "termios2",
                        "",
                        () -> withTerminal(tty -> assertThat(Termios.of(tty)).isNotNull())),
                ofLinux(
                        "Terminal.rawMode",
                        "termios2",
                        "",
                        () -> withTerminal(tty -> Terminal.rawMode(tty).close())),
                ofLinux(
                        "Terminal.suspendableRawMode",
                        "termios2",
                        "",
                        () -> withTerminal(
                                tty -> Terminal.suspendableRawMode(tty).close())),
                ofLinux(
                        "Terminal.windowSize",
                        "the ioctl TIOCGWINSZ that this library knows",
                        "",
                        () -> withTerminal(
                                tty -> assertThat(Terminal.windowSize(tty)).isEqualTo(new WindowSize(0, 0)))),
                ofLinux(
                        "Terminal.setWindowSize",
                        "the ioctl TIOCSWINSZ that this library knows",
                        "",
                        () -> withTerminal(tty -> Terminal.setWindowSize(tty, new WindowSize(24, 80)))));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void call_worksOrNamesWhatIsMissing(PartialFacility call) {
        call.run();
    }
}
