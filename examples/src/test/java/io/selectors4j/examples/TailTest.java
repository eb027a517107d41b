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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The program that follows files, in a process of its own. What a test does next it does when the last thing was seen.
@Execution(ExecutionMode.CONCURRENT)
class TailTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

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

    /// Ends it, and makes sure that it has printed this and nothing else.
    private static void assertPrinted(Child tail, List<String> out, List<String> err) throws Exception {
        tail.out.await(out.getLast());
        tail.signal("TERM");
        assertThat(tail.exitCode()).isEqualTo(143);
        assertThat(tail.out.all()).isEqualTo(out);
        assertThat(tail.err.all()).isEqualTo(err);
    }

    private static String says(Path file, String what) {
        return "tail: " + file + ": " + what;
    }

    @Test
    void printsTheLastTenLinesAndWhatIsAppended() throws Exception {
        Path file = file("log");
        write(file, numbers(1, 15));
        try (Child tail = Child.start("tail", file.toString())) {
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
    void aSignalEndsIt(String signal, int code) throws Exception {
        write(file("log"), "one\n");
        try (Child tail = Child.start("tail", file("log").toString())) {
            tail.out.await("one");
            tail.signal(signal);
            assertThat(tail.exitCode()).isEqualTo(code);
            assertThat(tail.err.all()).isEmpty();
        }
    }

    @Test
    void aTruncatedFileIsReadFromItsBegin() throws Exception {
        Path file = file("log");
        write(file, "old 1\nold 2\n");
        try (Child tail = Child.start("tail", file.toString())) {
            tail.out.await("old 2");
            write(file, "", TRUNCATE_EXISTING, WRITE);
            tail.err.await(says(file, "file truncated"));
            write(file, "new 1\nnew 2\nnew 3\n", APPEND);
            tail.out.await("new 3");
            write(file, "short\n", TRUNCATE_EXISTING, WRITE);
            assertPrinted(
                    tail,
                    List.of("old 1", "old 2", "new 1", "new 2", "new 3", "short"),
                    List.of(says(file, "file truncated"), says(file, "file truncated")));
        }
    }

    /// Whoever writes to the old file may go on with that for a while.
    @Test
    void aRotatedFileIsReadToItsEndBeforeTheNewOne() throws Exception {
        Path file = file("log");
        write(file, "one\n");
        try (Child tail = Child.start("tail", file.toString());
                FileChannel old = FileChannel.open(file, APPEND)) {
            tail.out.await("one");
            for (int round = 0; round < 3; round++) {
                Files.move(file, file("log." + round));
                tail.err.awaitMany("loss", says(file, "has become inaccessible: no such file")::equals, round + 1);
                if (round == 0) {
                    old.write(US_ASCII.encode("two\n"));
                    tail.out.await("two");
                    old.write(US_ASCII.encode("three\n"));
                }
                write(file, "new " + round + "\n", CREATE_NEW, WRITE);
                tail.out.await("new " + round);
                write(file("log." + round), "nobody reads this any more\n", APPEND);
                write(file, "more " + round + "\n", APPEND);
                tail.out.await("more " + round);
            }
            String lost = says(file, "has become inaccessible: no such file");
            String found = says(file, "has appeared; following the new file");
            assertPrinted(
                    tail,
                    List.of("one", "two", "three", "new 0", "more 0", "new 1", "more 1", "new 2", "more 2"),
                    List.of(lost, found, lost, found, lost, found));
        }
    }

    @Test
    void aFileThatIsReplacedIsNoticed() throws Exception {
        Path file = file("log");
        write(file, "one\n");
        try (Child tail = Child.start("tail", file.toString())) {
            tail.out.await("one");
            write(file("other"), "the other one\n");
            Files.move(file("other"), file, REPLACE_EXISTING);
            tail.out.await("the other one");
            write(file, "more\n", APPEND);
            assertPrinted(
                    tail,
                    List.of("one", "the other one", "more"),
                    List.of(says(file, "has been replaced; following the new file")));
        }
    }

    /// A new file can get the inode of the deleted one.
    @Test
    void aFileThatIsDeletedAndMadeAnewIsFollowed() throws Exception {
        Path file = file("log");
        write(file, "0\n");
        try (Child tail = Child.start("tail", file.toString())) {
            for (int round = 1; round <= 3; round++) {
                tail.out.await("" + (round - 1));
                Files.delete(file);
                tail.err.awaitMany("loss", says(file, "has become inaccessible: no such file")::equals, round);
                write(file, round + "\n", CREATE, WRITE);
            }
            tail.out.await("3");
            Files.delete(file);
            write(file, "4\n", CREATE_NEW, WRITE); // perhaps before it has looked
            tail.out.await("4");
            write(file, "5\n", APPEND);
            tail.out.await("5");
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
            assertThat(tail.out.all()).containsExactly("0", "1", "2", "3", "4", "5");
        }
    }

    @Test
    void aFileThatComesBackIsReadOn() throws Exception {
        Path file = file("log");
        write(file, "one\n");
        try (Child tail = Child.start("tail", file.toString())) {
            tail.out.await("one");
            Files.move(file, file("away"));
            tail.err.await(says(file, "has become inaccessible: no such file"));
            write(file("away"), "two\n", APPEND);
            tail.out.await("two");
            Files.move(file("away"), file);
            tail.err.await(says(file, "has appeared again"));
            write(file, "three\n", APPEND);
            assertPrinted(
                    tail,
                    List.of("one", "two", "three"),
                    List.of(says(file, "has become inaccessible: no such file"), says(file, "has appeared again")));
        }
    }

    @Test
    void aFileThatDoesNotExistYetIsWaitedFor() throws Exception {
        Path file = file("log");
        try (Child tail = Child.start("tail", file.toString())) {
            tail.err.await(says(file, "cannot be opened: no such file"));
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
    void aFileIsFollowedThroughASymbolicLink() throws Exception {
        Path link = file("current");
        Path elsewhere = Files.createDirectory(file("elsewhere"));
        write(elsewhere.resolve("a"), "a 1\n");
        write(elsewhere.resolve("b"), "b 1\n");
        Files.createSymbolicLink(link, elsewhere.resolve("a"));
        try (Child tail = Child.start("tail", link.toString())) {
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
                    List.of(says(link, "has been replaced; following the new file")));
        }
    }

    @Test
    void severalFilesHaveHeaders() throws Exception {
        Path a = file("a");
        Path b = file("b");
        Path later = file("later");
        Path refused = Files.createDirectory(file("directory"));
        write(a, numbers(1, 12));
        write(b, "b 1\n");
        try (Child tail =
                Child.start("tail", a.toString(), refused.toString(), b.toString(), later.toString(), a.toString())) {
            tail.out.awaitMany("12", "12"::equals, 2);
            write(b, "b 2\n", APPEND);
            tail.out.await("b 2");
            write(b, "b 3\n", APPEND);
            tail.out.await("b 3");
            write(later, "later 1\n");
            tail.out.await("later 1");
            Files.move(b, file("b.1")); // the file that is named twice stays watched by both
            tail.err.await(says(b, "has become inaccessible: no such file"));
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
                            says(refused, "not a regular file"),
                            says(later, "cannot be opened: no such file"),
                            says(later, "has appeared; following the new file"),
                            says(b, "has become inaccessible: no such file"));
        }
    }

    @Test
    void whenItsDirectoryHasGoneAFileIsNotFollowedAnyMore() throws Exception {
        Path a = Files.createDirectory(file("one")).resolve("a");
        Path b = Files.createDirectory(file("two")).resolve("b");
        write(a, "a\n");
        write(b, "b\n");
        try (Child tail = Child.start("tail", a.toString(), b.toString())) {
            tail.out.await("b");
            Files.delete(a);
            Files.delete(a.getParent());
            tail.err.await(says(a, "not followed any more: its directory has gone"));
            write(b, "last\n", APPEND);
            Files.move(b.getParent(), file("three"));
            assertThat(tail.exitCode()).isEqualTo(1);
            assertThat(tail.out.all()).endsWith("b", "last");
            assertThat(tail.err.all().getLast())
                    .isEqualTo("./demo: " + says(b, "not followed any more: its directory has gone"));
        }
    }

    @Test
    void everyByteIsCopied() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(1).nextBytes(bytes);
        write(file("log"), "!");
        try (PipeFd.Pipe pipe = PipeFd.open();
                Child tail = Child.startWriting(
                        pipe.writer().redirectTo(), "tail", file("log").toString())) {
            assertThat(pipe.reader().read(ByteBuffer.allocate(1))).isEqualTo(1);
            for (int from = 0; from < bytes.length; from += 10_000) {
                try (FileChannel log = FileChannel.open(file("log"), APPEND)) {
                    log.write(ByteBuffer.wrap(bytes, from, 10_000));
                }
            }
            ByteBuffer copied = ByteBuffer.allocate(bytes.length);
            while (copied.hasRemaining() && Await.readable(pipe.reader(), PATIENCE)) {
                assertThat(pipe.reader().read(copied)).isPositive();
            }
            assertThat(copied.flip()).isEqualTo(ByteBuffer.wrap(bytes));
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
            assertThat(Await.readable(pipe.reader(), Duration.ZERO)).isFalse();
        }
    }

    @Test
    void aFileIsAStandardOutputToo() throws Exception {
        write(file("log"), "one\n");
        Path copy = file("copy");
        try (Child tail = Child.startWriting(
                ProcessBuilder.Redirect.to(copy.toFile()),
                "tail",
                file("log").toString(),
                file("end").toString())) {
            tail.err.await(says(file("end"), "cannot be opened: no such file"));
            write(file("log"), "two\n", APPEND);
            Files.move(file("log"), file("log.1"));
            tail.err.await(says(file("log"), "has become inaccessible: no such file")); // so it has been read
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
            assertThat(copy).hasContent("==> " + file("log") + " <==\none\ntwo\n");
        }
    }

    /// It is not waiting for its reader when the signal comes.
    @Test
    void aSignalEndsItWhileNobodyReads() throws Exception {
        write(file("log"), "x".repeat(1_000_000));
        try (PipeFd.Pipe pipe = PipeFd.open();
                Child tail = Child.startWriting(
                        pipe.writer().redirectTo(), "tail", file("log").toString())) {
            ByteBuffer piece = ByteBuffer.allocate(1);
            assertThat(pipe.reader().read(piece)).isEqualTo(1);
            // Until the pipe is full for a selector, and nothing is read from it.
            while (Await.writable(pipe.writer(), Duration.ZERO)) {
                Thread.onSpinWait();
            }
            tail.signal("TERM");
            assertThat(tail.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void itEndsWhenItsReaderHasGone() throws Exception {
        write(file("log"), "one\n");
        try (FileFd reader = fifo();
                Child tail = Child.startWriting(
                        ProcessBuilder.Redirect.to(file("fifo").toFile()),
                        "tail",
                        file("log").toString())) {
            assertThat(Await.readable(reader, PATIENCE)).isTrue();
            closeEarly(reader);
            assertThat(tail.exitCode()).isEqualTo(1);
            assertThat(tail.err.all()).hasSize(1);
            assertThat(tail.err.all().getFirst()).isEqualTo("./demo: tail: nobody reads the standard output any more");
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
