package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Await;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `./demo tail` in a child process. Each step of a test waits for the output of the step before.
@Tag("ci")
@Execution(ExecutionMode.CONCURRENT)
class TailTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static void write(Path file, String text, OpenOption... options) throws IOException {
        Files.writeString(file, text, options);
    }

    private static String numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> i + "\n").collect(Collectors.joining());
    }

    /// Ends the program and asserts its complete output.
    private static void assertPrinted(DemoProcess tail, List<String> out, List<String> err) throws Exception {
        tail.out.await(out.getLast());
        tail.signal("TERM");
        assertThat(tail.exitCode()).isEqualTo(143);
        assertThat(tail.out.all()).isEqualTo(out);
        assertThat(tail.err.all()).isEqualTo(err);
    }

    private static String message(Path file, String text) {
        return "tail: " + file + ": " + text;
    }

    @Test
    void lastTenLinesAndAppendedLines_arePrinted() throws Exception {
        Path file = file("log");
        write(file, numbers(1, 15));
        try (DemoProcess tail = DemoProcess.start("tail", file.toString())) {
            tail.out.await("15");
            write(file, "16\nhalf a li", APPEND);
            tail.out.await("16");
            write(file, "ne\n17\n", APPEND);
            assertPrinted(
                    tail,
                    List.of("6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "half a line", "17"),
                    List.of());
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void signal_endsTheProgram(String signal, int code) throws Exception {
        write(file("log"), "one\n");
        try (DemoProcess tail = DemoProcess.start("tail", file("log").toString())) {
            tail.out.await("one");
            tail.signal(signal);
            assertThat(tail.exitCode()).isEqualTo(code);
            assertThat(tail.err.all()).isEmpty();
        }
    }

    @Test
    void truncatedFile_isReadFromTheStart() throws Exception {
        Path file = file("log");
        write(file, "old 1\nold 2\n");
        try (DemoProcess tail = DemoProcess.start("tail", file.toString())) {
            tail.out.await("old 2");
            write(file, "", TRUNCATE_EXISTING, WRITE);
            tail.err.await(message(file, "file truncated"));
            write(file, "new 1\nnew 2\nnew 3\n", APPEND);
            tail.out.await("new 3");
            write(file, "short\n", TRUNCATE_EXISTING, WRITE);
            assertPrinted(
                    tail,
                    List.of("old 1", "old 2", "new 1", "new 2", "new 3", "short"),
                    List.of(message(file, "file truncated"), message(file, "file truncated")));
        }
    }

    /// A program may write to the old file for some time after the rotation.
    @Test
    void rotatedFile_isReadToItsEndBeforeTheNewOne() throws Exception {
        Path file = file("log");
        write(file, "one\n");
        try (DemoProcess tail = DemoProcess.start("tail", file.toString());
                FileChannel old = FileChannel.open(file, APPEND)) {
            tail.out.await("one");
            for (int round = 0; round < 3; round++) {
                Files.move(file, file("log." + round));
                tail.err.awaitMany("loss", message(file, "has become inaccessible: no such file")::equals, round + 1);
                if (round == 0) {
                    old.write(US_ASCII.encode("two\n"));
                    tail.out.await("two");
                    old.write(US_ASCII.encode("three\n"));
                }
                write(file, "new " + round + "\n", CREATE_NEW, WRITE);
                tail.out.await("new " + round);
                write(file("log." + round), "no longer read\n", APPEND);
                write(file, "more " + round + "\n", APPEND);
                tail.out.await("more " + round);
            }
            String lost = message(file, "has become inaccessible: no such file");
            String found = message(file, "has appeared; following the new file");
            assertPrinted(
                    tail,
                    List.of("one", "two", "three", "new 0", "more 0", "new 1", "more 1", "new 2", "more 2"),
                    List.of(lost, found, lost, found, lost, found));
        }
    }

    @Test
    void replacedFile_isFollowed() throws Exception {
        Path file = file("log");
        write(file, "one\n");
        try (DemoProcess tail = DemoProcess.start("tail", file.toString())) {
            tail.out.await("one");
            write(file("other"), "other\n");
            Files.move(file("other"), file, REPLACE_EXISTING);
            tail.out.await("other");
            write(file, "more\n", APPEND);
            assertPrinted(
                    tail,
                    List.of("one", "other", "more"),
                    List.of(message(file, "has been replaced; following the new file")));
        }
    }

    /// A new file can get the inode of the deleted one.
    @Test
    void recreatedFile_isFollowed() throws Exception {
        Path file = file("log");
        write(file, "0\n");
        try (DemoProcess tail = DemoProcess.start("tail", file.toString())) {
            for (int round = 1; round <= 3; round++) {
                tail.out.await("" + (round - 1));
                Files.delete(file);
                tail.err.awaitMany("loss", message(file, "has become inaccessible: no such file")::equals, round);
                write(file, round + "\n", CREATE, WRITE);
            }
            tail.out.await("3");
            Files.delete(file);
            write(file, "4\n", CREATE_NEW, WRITE); // possibly before the program has checked the name
            tail.out.await("4");
            write(file, "5\n", APPEND);
            tail.out.await("5");
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
            assertThat(tail.out.all()).containsExactly("0", "1", "2", "3", "4", "5");
        }
    }

    @Test
    void fileRenamedBack_isFollowed() throws Exception {
        Path file = file("log");
        write(file, "one\n");
        try (DemoProcess tail = DemoProcess.start("tail", file.toString())) {
            tail.out.await("one");
            Files.move(file, file("away"));
            tail.err.await(message(file, "has become inaccessible: no such file"));
            write(file("away"), "two\n", APPEND);
            tail.out.await("two");
            Files.move(file("away"), file);
            tail.err.await(message(file, "has appeared again"));
            write(file, "three\n", APPEND);
            assertPrinted(
                    tail,
                    List.of("one", "two", "three"),
                    List.of(
                            message(file, "has become inaccessible: no such file"),
                            message(file, "has appeared again")));
        }
    }

    @Test
    void missingFile_isFollowedWhenCreated() throws Exception {
        Path file = file("log");
        try (DemoProcess tail = DemoProcess.start("tail", file.toString())) {
            tail.err.await(message(file, "cannot be opened: no such file"));
            write(file("another"), "something else\n");
            Files.createDirectory(file);
            Files.delete(file);
            write(file, numbers(1, 20));
            tail.out.await("20");
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
            assertThat(tail.out.all()).hasSize(20);
        }
    }

    @Test
    void symbolicLink_isFollowed() throws Exception {
        Path link = file("current");
        Path elsewhere = Files.createDirectory(file("elsewhere"));
        write(elsewhere.resolve("a"), "a 1\n");
        write(elsewhere.resolve("b"), "b 1\n");
        Files.createSymbolicLink(link, elsewhere.resolve("a"));
        try (DemoProcess tail = DemoProcess.start("tail", link.toString())) {
            tail.out.await("a 1");
            write(elsewhere.resolve("a"), "a 2\n", APPEND);
            tail.out.await("a 2");
            Files.createSymbolicLink(file("next"), elsewhere.resolve("b"));
            Files.move(file("next"), link, REPLACE_EXISTING);
            tail.out.await("b 1");
            write(elsewhere.resolve("a"), "not any more\n", APPEND);
            write(elsewhere.resolve("b"), "b 2\n", APPEND);
            assertPrinted(
                    tail,
                    List.of("a 1", "a 2", "b 1", "b 2"),
                    List.of(message(link, "has been replaced; following the new file")));
        }
    }

    @Test
    void severalFiles_haveHeaders() throws Exception {
        Path a = file("a");
        Path b = file("b");
        Path later = file("later");
        Path refused = Files.createDirectory(file("directory"));
        write(a, numbers(1, 12));
        write(b, "b 1\n");
        try (DemoProcess tail = DemoProcess.start(
                "tail", a.toString(), refused.toString(), b.toString(), later.toString(), a.toString())) {
            tail.out.awaitMany("12", "12"::equals, 2);
            write(b, "b 2\n", APPEND);
            tail.out.await("b 2");
            write(b, "b 3\n", APPEND);
            tail.out.await("b 3");
            write(later, "later 1\n");
            tail.out.await("later 1");
            Files.move(b, file("b.1")); // the file given twice stays followed twice
            tail.err.await(message(b, "has become inaccessible: no such file"));
            List<String> tenOfA = List.of(numbers(3, 12).split("\n", 0));
            assertThat(tail.out.all())
                    .startsWith("==> " + a + " <==")
                    .containsSubsequence(tenOfA)
                    .containsSubsequence(
                            "==> " + b + " <==",
                            "b 1",
                            "",
                            "==> " + a + " <==",
                            "12",
                            "",
                            "==> " + b + " <==",
                            "b 2",
                            "b 3",
                            "",
                            "==> " + later + " <==",
                            "later 1");
            write(a, "13\n", APPEND);
            tail.out.awaitMany("13", "13"::equals, 2);
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
            assertThat(tail.err.all())
                    .containsExactlyInAnyOrder(
                            message(refused, "not a regular file"),
                            message(later, "cannot be opened: no such file"),
                            message(later, "has appeared; following the new file"),
                            message(b, "has become inaccessible: no such file"));
        }
    }

    @Test
    void directoryGone_fileIsNoLongerFollowed() throws Exception {
        Path a = Files.createDirectory(file("one")).resolve("a");
        Path b = Files.createDirectory(file("two")).resolve("b");
        write(a, "a\n");
        write(b, "b\n");
        try (DemoProcess tail = DemoProcess.start("tail", a.toString(), b.toString())) {
            tail.out.await("b");
            Files.delete(a);
            Files.delete(a.getParent());
            tail.err.await(message(a, "no longer followed: its directory is gone"));
            write(b, "last\n", APPEND);
            Files.move(b.getParent(), file("three"));
            assertThat(tail.exitCode()).isEqualTo(1);
            assertThat(tail.out.all()).endsWith("b", "last");
            assertThat(tail.err.all().getLast())
                    .isEqualTo("./demo: " + message(b, "no longer followed: its directory is gone"));
        }
    }

    @Test
    void everyByte_isCopied() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(1).nextBytes(bytes);
        write(file("log"), "!");
        try (PipeFd.Pipe pipe = PipeFd.open();
                DemoProcess tail = DemoProcess.startWriting(
                        pipe.writer().redirectTo(), "tail", file("log").toString())) {
            assertThat(pipe.reader().read(ByteBuffer.allocate(1))).isEqualTo(1);
            for (int from = 0; from < bytes.length; from += 10_000) {
                try (FileChannel log = FileChannel.open(file("log"), APPEND)) {
                    log.write(ByteBuffer.wrap(bytes, from, 10_000));
                }
            }
            ByteBuffer copied = ByteBuffer.allocate(bytes.length);
            while (copied.hasRemaining() && Await.readable(pipe.reader(), TIMEOUT)) {
                assertThat(pipe.reader().read(copied)).isPositive();
            }
            assertThat(copied.flip()).isEqualTo(ByteBuffer.wrap(bytes));
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
            assertThat(Await.readable(pipe.reader(), Duration.ZERO)).isFalse();
        }
    }

    @Test
    void standardOutputMayBeAFile() throws Exception {
        write(file("log"), "one\n");
        Path copy = file("copy");
        try (DemoProcess tail = DemoProcess.startWriting(
                ProcessBuilder.Redirect.to(copy.toFile()),
                "tail",
                file("log").toString(),
                file("end").toString())) {
            tail.err.await(message(file("end"), "cannot be opened: no such file"));
            write(file("log"), "two\n", APPEND);
            Files.move(file("log"), file("log.1"));
            tail.err.await(
                    message(file("log"), "has become inaccessible: no such file")); // the file has been read by then
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
            assertThat(copy).hasContent("==> " + file("log") + " <==\none\ntwo\n");
        }
    }

    /// The program waits in the selector, not in a write, when the signal arrives.
    @Test
    void signalWhileOutputIsFull_endsTheProgram() throws Exception {
        write(file("log"), "x".repeat(1_000_000));
        try (PipeFd.Pipe pipe = PipeFd.open();
                DemoProcess tail = DemoProcess.startWriting(
                        pipe.writer().redirectTo(), "tail", file("log").toString())) {
            ByteBuffer piece = ByteBuffer.allocate(1);
            assertThat(pipe.reader().read(piece)).isEqualTo(1);
            // Wait until the pipe is full, without reading from it.
            while (Await.writable(pipe.writer(), Duration.ZERO)) {
                Thread.onSpinWait();
            }
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void readerClosesThePipe_programFails() throws Exception {
        write(file("log"), "one\n");
        try (FileFd reader = fifo();
                DemoProcess tail = DemoProcess.startWriting(
                        ProcessBuilder.Redirect.to(file("fifo").toFile()),
                        "tail",
                        file("log").toString())) {
            assertThat(Await.readable(reader, TIMEOUT)).isTrue();
            closeEarly(reader);
            assertThat(tail.exitCode()).isEqualTo(1);
            assertThat(tail.err.all()).hasSize(1);
            assertThat(tail.err.all().getFirst())
                    .isEqualTo("./demo: tail: the reader of the standard output has closed it");
        }
    }

    private FileFd fifo() throws IOException {
        FileFd.mkfifo(file("fifo"), 0600);
        return FileFd.open(file("fifo"), FileFd.O_RDONLY | FileFd.O_NONBLOCK);
    }

    private static void closeEarly(FileFd reader) throws IOException {
        reader.close();
    }
}
