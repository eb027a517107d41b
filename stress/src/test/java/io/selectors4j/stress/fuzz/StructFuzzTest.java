package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.Itimerspec;
import io.selectors4j.internal.linux.Siginfo;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.linux.TermiosStruct;
import io.selectors4j.internal.linux.WinsizeStruct;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PathNames;
import io.selectors4j.internal.posix.Timespec;
import io.selectors4j.internal.posix.UnixIoctl;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.os.EpollEvent;
import io.selectors4j.os.PollEvent;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.Termios;
import io.selectors4j.tty.WindowSize;
import io.selectors4j.watch.InotifyFd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/// Random bytes in place of structs of fixed size: each field has C's offset, and every value is accepted.
@Tag("ci")
@ExtendWith(Fuzzing.class)
class StructFuzzTest {

    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int MAX_EVENTS = 8;
    private static final Path DIRECTORY = Path.of("/tmp");
    private static final int DIRECTORY_LENGTH = "/tmp/".length();
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

    /// The structs and arrays of this system.
    private static final List<Fuzzing.Target> TARGETS = Platform.IS_WINDOWS
            ? List.of(StructFuzzTest::strings, StructFuzzTest::numbers, PollFdsModel::check, FdSetsModel::check)
            : List.of(
                    StructFuzzTest::termios,
                    StructFuzzTest::windowSize,
                    StructFuzzTest::siginfo,
                    StructFuzzTest::times,
                    StructFuzzTest::epollEvents,
                    StructFuzzTest::strings,
                    StructFuzzTest::numbers,
                    PollFdsModel::check,
                    FdSetsModel::check);

    private static PtyFd.@Nullable Pair terminal;

    @BeforeAll
    static void open() throws IOException {
        if (!Platform.IS_WINDOWS) {
            terminal = PtyFd.open();
        }
    }

    @AfterAll
    static void close() throws IOException {
        if (terminal != null) {
            terminal.close();
        }
    }

    @FuzzTest
    void randomBytes_areStructs(byte[] bytes) throws Exception {
        Fuzzing.run(bytes, input -> TARGETS.get(input.below(TARGETS.size())).run(input));
    }

    /// Fills a struct.
    ///
    /// @return the same bytes
    private static ByteBuffer fill(Memory struct, Input input) {
        byte[] bytes = Arrays.copyOf(input.rest(), (int) struct.segment().byteSize());
        struct.segment().copyFrom(MemorySegment.ofArray(bytes));
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    /// Random settings, which a terminal accepts.
    private static void termios(Input input) throws IOException {
        TermiosStruct struct = new TermiosStruct();
        fill(struct, input);
        int fd = terminal.terminal().fileno();
        long request = TermiosConstants.CURRENT.tcsets2();
        assertThat(UnixIoctl.ioctl(ErrnoCapture.current(), fd, request, struct)).isZero();
        Termios settings = Termios.of(terminal.master());
        assertThat(settings.minimum()).isBetween(0, 255);
        assertThat(settings.timeout()).isBetween(0, 255);
        assertThat(settings.dataBits()).isBetween(5, 8);
        assertThat(settings.stopBits()).isBetween(1, 2);
        assertThat(settings.parity()).isNotNull();
        assertThat(settings.toString()).contains(settings.outputSpeed() + " baud");
        settings.apply(terminal.terminal(), Termios.When.NOW);
        assertThat(Termios.of(terminal.terminal())).isEqualTo(settings).hasSameHashCodeAs(settings);
        assertThat(settings.withEcho(settings.hasEcho()).withCanonical(settings.isCanonical()))
                .isEqualTo(settings);
        assertThat(settings.withMinimum(settings.minimum()).withTimeout(settings.timeout()))
                .isEqualTo(settings);
        assertThat(settings.withDataBits(settings.dataBits()).withStopBits(settings.stopBits()))
                .isEqualTo(settings);
        assertThat(settings.withSpeed(9600).outputSpeed()).isEqualTo(9600);
        assertThat(settings.raw().isCanonical()).isFalse();
    }

    private static void windowSize(Input input) throws IOException {
        WinsizeStruct struct = new WinsizeStruct();
        ByteBuffer bytes = fill(struct, input);
        WindowSize size = new WindowSize(struct.get(0), struct.get(1), struct.get(2), struct.get(3));
        assertThat(size.rows()).isEqualTo(Short.toUnsignedInt(bytes.getShort(0)));
        assertThat(size.yPixels()).isEqualTo(Short.toUnsignedInt(bytes.getShort(6)));
        Terminal.setWindowSize(terminal.master(), size);
        assertThat(Terminal.windowSize(terminal.terminal())).isEqualTo(size);
        WinsizeStruct again = new WinsizeStruct(size.rows(), size.columns(), size.xPixels(), size.yPixels());
        assertThat(again.segment().mismatch(struct.segment())).isEqualTo(-1);
    }

    private static void siginfo(Input input) {
        Siginfo struct = new Siginfo();
        assertThat(struct.segment().byteSize()).isEqualTo(128);
        ByteBuffer bytes = fill(struct, input);
        assertThat(struct.code()).isEqualTo(bytes.getInt(8));
        assertThat(struct.pid()).isEqualTo(bytes.getInt(16));
        assertThat(struct.status()).isEqualTo(bytes.getInt(24));
    }

    /// A kernel returns less than a second of nanoseconds.
    private static void times(Input input) {
        long seconds = input.longNumber();
        long nanos = Math.floorMod(input.number(), NANOS_PER_SECOND);
        Itimerspec setting = new Itimerspec();
        setting.segment().setAtIndex(ValueLayout.JAVA_LONG, 0, seconds);
        setting.segment().setAtIndex(ValueLayout.JAVA_LONG, 1, nanos);
        assertThat(setting.interval()).isEqualTo(Duration.ofSeconds(seconds, nanos));
        assertThat(setting.value()).isEqualTo(Duration.ZERO);
        Timespec time = new Timespec();
        time.segment().copyFrom(setting.segment().asSlice(0, time.segment().byteSize()));
        assertThat(time.seconds()).isEqualTo(seconds);
        assertThat(time.nanos()).isEqualTo(nanos);
        long span = input.longNumber() & Long.MAX_VALUE;
        assertThat(new Itimerspec().set(span, 1).value()).isEqualTo(Duration.ofNanos(span));
        assertThat(time.set(span).seconds()).isEqualTo(span / NANOS_PER_SECOND);
    }

    private static void epollEvents(Input input) {
        int size = PACKED ? 12 : 16;
        EpollEventArray array = new EpollEventArray(MAX_EVENTS);
        assertThat(array.segment().byteSize()).isEqualTo((long) MAX_EVENTS * size);
        ByteBuffer bytes = fill(array, input);
        EpollEventArray copy = new EpollEventArray(MAX_EVENTS);
        for (int i = 0; i < MAX_EVENTS; i++) {
            assertThat(array.events(i)).isEqualTo(bytes.getInt(i * size));
            assertThat(array.data(i)).isEqualTo(bytes.getLong(i * size + size - Long.BYTES));
            assertThat(new EpollEvent(array.data(i), array.events(i)).toString())
                    .contains("data=" + array.data(i));
            copy.set(i, array.events(i), array.data(i));
            assertThat(copy.events(i)).isEqualTo(array.events(i));
            assertThat(copy.data(i)).isEqualTo(array.data(i));
        }
        if (PACKED) {
            assertThat(copy.segment().mismatch(array.segment())).isEqualTo(-1);
        }
    }

    /// Strings with and without a zero byte.
    private static void strings(Input input) {
        byte[] bytes = input.rest();
        CString string = new CString(bytes.length);
        string.segment().copyFrom(MemorySegment.ofArray(bytes));
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        byte[] text = Arrays.copyOf(bytes, end);
        assertThat(string.text()).isEqualTo(CString.decode(text));
        boolean name =
                !Platform.IS_WINDOWS && end > 0 && new String(text, StandardCharsets.ISO_8859_1).indexOf('/') < 0;
        if (name) {
            // Each file name is encoded unchanged.
            CString path = PathNames.encode(DIRECTORY.resolve(PathNames.decode(text)));
            assertThat(path.segment().asSlice(DIRECTORY_LENGTH, end).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(text);
            assertThat(path.length()).isEqualTo(DIRECTORY_LENGTH + end);
        }
    }

    /// Numbers with and without names.
    private static void numbers(Input input) {
        int number = input.number();
        assertThat(new NativeIOException("call()", number).getMessage()).contains("(" + number + ")");
        assertThat(PollFlags.toString("POLL", number)).isNotEmpty();
        assertThat(new PollEvent(number, number).toString()).contains("fd=" + number);
        assertThat(InotifyFd.maskToString(number)).isNotEmpty();
        Ints ints = new Ints(number, ~number);
        assertThat(ints.get(0)).isEqualTo(number);
        assertThat(ints.get(1)).isEqualTo(~number);
        if (!Platform.IS_WINDOWS) { // where WSAPoll returns other flags than it takes
            int flags = number & 0xFFFF;
            assertThat(PollFlags.fromSystem(PollFlags.toSystem(flags))).isEqualTo(flags);
        }
    }
}
