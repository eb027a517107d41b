package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.JdkChannels;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.StdinFd;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.os.Poll;
import io.selectors4j.os.Select;
import io.selectors4j.os.SignalMask;
import io.selectors4j.testing.Expect;
import io.selectors4j.tty.Terminal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Facilities of Linux, macOS and the BSDs, and their refusal on Windows, where only sockets are supported.
@Tag("system")
@Timeout(Expect.TEST_SECONDS)
class UnixFacilitiesTest {

    private static final Os OS = Platform.CURRENT.os();

    @TempDir
    static Path directory;

    private static Path file;

    /// Sets close-on-exec: asm-generic/ioctls.h, sys/filio.h.
    private static final long FIOCLEX =
            OS == Os.LINUX && Platform.CURRENT.arch() != Arch.PPC64LE ? 0x5451 : 0x2000_6601;

    private static PartialFacility ofUnix(String title, String refusal, ThrowingCallable code) {
        return new PartialFacility(title, OS != Os.WINDOWS, code, refusal);
    }

    @BeforeAll
    static void createFile() throws IOException {
        file = Files.write(directory.resolve("file"), new byte[] {1});
    }

    private static Stream<PartialFacility> calls() {
        String sockets = "Windows waits for sockets only: ";
        String channels = sockets + "the channels of sockets, and those of Pipe, are pollable";
        String dontwait = "Windows has no MSG_DONTWAIT: use setBlocking(false)";
        String pairs = "Windows has no socketpair(): only SocketFd.pair(STREAM) is supported there";
        return Stream.of(
                ofUnix("PipeFd.open", sockets + "SocketFd.pair(STREAM) replaces a pipe", () -> {
                    try (PipeFd.Pipe pipe = PipeFd.open()) {
                        assertThat(pipe.writer().write(ByteBuffer.allocate(1))).isEqualTo(1);
                    }
                }),
                ofUnix("FileFd.open", sockets + "a FileChannel reads and writes files", () -> {
                    try (FileFd opened = FileFd.open(file, FileFd.O_RDONLY)) {
                        assertThat(opened.read(ByteBuffer.allocate(2))).isEqualTo(1);
                    }
                }),
                ofUnix(
                        "Fd.ioctl",
                        sockets + "its methods set the properties of a socket",
                        () -> PartialFacility.withSocket(
                                socket -> assertThat(socket.ioctl(FIOCLEX)).isZero())),
                ofUnix(
                        "SocketFd.sendMessage",
                        "Windows has no sendmsg(); send and sendTo transfer the bytes",
                        () -> PartialFacility.withSocket(socket -> assertThat(socket.sendMessage(
                                        new ByteBuffer[] {ByteBuffer.allocate(1)}, null, List.of(), 0))
                                .isTrue())),
                ofUnix(
                        "SocketFd.receiveMessage",
                        "Windows has no recvmsg(); receive and receiveFrom transfer the bytes",
                        () -> PartialFacility.withSocket(socket -> assertThat(socket.receiveMessage(
                                        new ByteBuffer[] {ByteBuffer.allocate(1)},
                                        new ReceivedMessage(),
                                        SocketFd.MSG_DONTWAIT))
                                .isFalse())),
                ofUnix("FileFd.mkfifo", sockets + "SocketFd.createServer() replaces a FIFO", () -> {
                    FileFd.mkfifo(directory.resolve("fifo"), 0600);
                    assertThat(directory.resolve("fifo")).exists();
                }),
                ofUnix(
                        "Fd.stdin",
                        sockets + "a thread can read System.in",
                        () -> assertThat(Fd.stdin().fileno()).isZero()),
                ofUnix("StdinFd.open", sockets + "a thread can read System.in", () -> {
                    try (StdinFd stdin = StdinFd.open()) {
                        assertThat(stdin.isOpen()).isTrue();
                    }
                }),
                ofUnix(
                        "Fd.stdout",
                        sockets + "a thread can write to System.out",
                        () -> assertThat(Fd.stdout().fileno()).isOne()),
                ofUnix(
                        "Fd.stderr",
                        sockets + "a thread can write to System.err",
                        () -> assertThat(Fd.stderr().fileno()).isEqualTo(2)),
                ofUnix("JdkChannels of a FileChannel", channels, () -> {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                        assertThat(JdkChannels.pollable(channel).fileno()).isNotNegative();
                    }
                }),
                ofUnix("JdkChannels of a FileInputStream", channels, () -> {
                    try (FileInputStream stream = new FileInputStream(file.toFile())) {
                        assertThat(JdkChannels.pollable(stream).fileno()).isNotNegative();
                    }
                }),
                ofUnix("JdkChannels of a FileOutputStream", channels, () -> {
                    try (FileOutputStream stream = new FileOutputStream(file.toFile(), true)) {
                        assertThat(JdkChannels.pollable(stream).fileno()).isNotNegative();
                    }
                }),
                ofUnix("JdkChannels of a RandomAccessFile", channels, () -> {
                    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
                        assertThat(JdkChannels.pollable(opened).fileno()).isNotNegative();
                    }
                }),
                ofUnix(
                        "JdkChannels of a FileDescriptor",
                        channels,
                        () -> assertThat(JdkChannels.pollable(FileDescriptor.in).fileno())
                                .isZero()),
                ofUnix(
                        "SignalFd.open",
                        "Windows has no signals: Runtime.addShutdownHook() runs code when the process ends",
                        () -> {
                            try (SignalFd signals = SignalFd.open("SIGWINCH")) {
                                assertThat(signals.signals()).containsExactly("SIGWINCH");
                            }
                        }),
                ofUnix(
                        "Select with a SignalMask",
                        "Windows has no signals: a wait is ended by a socket or wakeup()",
                        () -> {
                            SignalMask mask = SignalMask.blocking("SIGWINCH");
                            assertThat(Select.select(List.of(), List.of(), List.of(), Duration.ZERO, mask)
                                            .isEmpty())
                                    .isTrue();
                        }),
                new PartialFacility(
                        "Poll with a SignalMask",
                        OS != Os.WINDOWS && OS != Os.MACOS,
                        () -> {
                            SignalMask mask = SignalMask.blocking("SIGWINCH");
                            assertThat(Poll.create().poll(Duration.ZERO, mask)).isEmpty();
                        },
                        OS == Os.MACOS
                                ? "poll() takes no signal mask, and ppoll() is missing on macOS: Select takes one"
                                : "Windows has no signals: a wait is ended by a socket or wakeup()"),
                ofUnix(
                        "Poll with POLLPRI",
                        "WSAPoll() cannot wait for urgent data (POLLPRI); Select can",
                        () -> PartialFacility.withSocket(socket -> {
                            Poll poll = Poll.create();
                            poll.register(socket, Poll.POLLPRI);
                            assertThat(poll.poll(Duration.ZERO)).isEmpty();
                        })),
                ofUnix(
                        "SocketFd.receive with MSG_DONTWAIT",
                        dontwait,
                        () -> PartialFacility.withSocket(
                                socket -> assertThat(socket.receive(ByteBuffer.allocate(1), SocketFd.MSG_DONTWAIT))
                                        .isZero())),
                ofUnix(
                        "SocketFd.send with MSG_DONTWAIT",
                        dontwait,
                        () -> PartialFacility.withSocket(
                                socket -> assertThat(socket.send(ByteBuffer.allocate(1), SocketFd.MSG_DONTWAIT))
                                        .isOne())),
                ofUnix("SocketFd.receiveFrom with MSG_DONTWAIT", dontwait, () -> {
                    try (SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
                        assertThat(udp.receiveFrom(ByteBuffer.allocate(1), SocketFd.MSG_DONTWAIT))
                                .isNull();
                    }
                }),
                ofUnix(
                        "Fd.dup2",
                        "Windows assigns the numbers of sockets: dup() duplicates one",
                        () -> PartialFacility.withSocket(socket -> socket.dup2(socket.fileno()))),
                ofUnix(
                        "Fd.isBlocking",
                        "Windows does not tell the blocking mode of a socket: the SocketFd that set it knows it",
                        () -> PartialFacility.withSocket(socket -> {
                            try (Fd borrowed = Fd.borrow(socket.fileno())) {
                                assertThat(borrowed.isBlocking()).isTrue();
                            }
                        })),
                ofUnix("SocketFd.pair of datagrams", pairs, () -> {
                    try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
                        assertThat(pair.first().type()).isEqualTo(SocketFd.Type.DATAGRAM);
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void call_worksOrNamesWhatIsMissing(PartialFacility call) {
        call.run();
    }

    /// Linux and the BSDs have such sockets. Winsock and macOS refuse them.
    @Test
    void seqpacket_isOpenedOrRefusedByTheSystem() throws IOException {
        ThrowingCallable open = () -> SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.SEQPACKET)
                .close();
        if (OS == Os.WINDOWS || OS == Os.MACOS) {
            assertThatThrownBy(open).isInstanceOf(NativeIOException.class).hasMessageContaining("SEQPACKET");
        } else {
            assertThatCode(open).doesNotThrowAnyException();
        }
    }

    @Test
    void streamPair_existsOnAllSystems() throws IOException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            assertThat(pair.first().write(ByteBuffer.allocate(3))).isEqualTo(3);
            assertThat(pair.second().read(ByteBuffer.allocate(4))).isEqualTo(3);
        }
    }

    @Test
    void channelsOfAPipe_arePollableOnAllSystems() throws Exception {
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink();
                Selector<String> selector = Selector.open()) {
            selector.register(JdkChannels.pollable(source), Interest.READ, "pipe");
            sink.write(ByteBuffer.allocate(1));
            assertThat(selector.select(Expect.PATIENCE)).hasSize(1);
        }
    }

    @Test
    void socket_isNoTerminal() throws IOException {
        PartialFacility.withSocket(
                socket -> assertThat(Terminal.isTerminal(socket)).isFalse());
    }

    @Test
    void fdOfNoSocket_isNotOpenOnWindows() throws IOException {
        if (OS == Os.WINDOWS) {
            assertThatThrownBy(() -> Fd.borrow(0))
                    .isInstanceOf(NativeIOException.class)
                    .hasMessageContaining("WSAENOTSOCK");
        } else {
            assertThat(Fd.borrow(0).isOpen()).isTrue();
        }
    }
}
