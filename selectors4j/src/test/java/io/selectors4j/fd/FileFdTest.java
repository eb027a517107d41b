package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileFdTest {

    @TempDir
    private Path directory;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(FileFd fd) throws Exception {
        ByteBuffer target = ByteBuffer.allocate(100);
        int count = fd.read(target);
        return count < 0 ? "end" : StandardCharsets.UTF_8.decode(target.flip()).toString();
    }

    private static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }

    @ParameterizedTest
    @CsvSource({
        "O_RDONLY, 0",
        "O_WRONLY, 1",
        "O_RDWR, 2",
        "O_CREAT, 0100",
        "O_EXCL, 0200",
        "O_NOCTTY, 0400",
        "O_TRUNC, 01000",
        "O_APPEND, 02000",
        "O_NONBLOCK, 04000"
    })
    void constants_matchHeader(String name, String octal) throws Exception {
        assertThat(FileFd.class.getField(name).getInt(null)).isEqualTo(Integer.parseInt(octal, 8));
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void fifo_transfersBetweenEnds() throws Exception {
        Path fifo = directory.resolve("fifo");
        FileFd.mkfifo(fifo, 0600);
        // Opening one end waits until the other is opened.
        try (Background<FileFd> opening = Background.start(() -> FileFd.open(fifo, FileFd.O_WRONLY))) {
            opening.awaitAsleep();
            try (FileFd reader = FileFd.open(fifo, FileFd.O_RDONLY);
                    FileFd writer = opening.result()) {
                assertThat(reader.isBlocking()).isTrue();
                writer.write(bytes("through"));
                assertThat(read(reader)).isEqualTo("through");
                writer.close();
                assertThat(read(reader)).isEqualTo("end");
            }
        }
    }

    @Test
    void nonBlockingFifo_doesNotWait() throws Exception {
        Path fifo = directory.resolve("fifo");
        FileFd.mkfifo(fifo, 0600);
        assertErrno("ENXIO", () -> FileFd.open(fifo, FileFd.O_WRONLY | FileFd.O_NONBLOCK));
        try (FileFd reader = FileFd.open(fifo, FileFd.O_RDONLY | FileFd.O_NONBLOCK);
                FileFd writer = FileFd.open(fifo, FileFd.O_WRONLY | FileFd.O_NONBLOCK)) {
            assertThat(reader.isBlocking()).isFalse();
            assertThat(reader.read(ByteBuffer.allocate(1))).isZero();
            writer.write(bytes("x"));
            assertThat(read(reader)).isEqualTo("x");
        }
    }

    @Test
    void mkfifo_setsMode_existingPathFails() throws Exception {
        Path fifo = directory.resolve("fifo");
        FileFd.mkfifo(fifo, 0400);
        assertThat(Files.getPosixFilePermissions(fifo)).isEqualTo(PosixFilePermissions.fromString("r--------"));
        assertErrno("EEXIST", () -> FileFd.mkfifo(fifo, 0400));
        assertErrno("ENOENT", () -> FileFd.mkfifo(directory.resolve("none/fifo"), 0400));
    }

    @Test
    void regularFile_isReadAndWritten() throws Exception {
        Path file = directory.resolve("file");
        try (FileFd fd = FileFd.open(file, FileFd.O_WRONLY | FileFd.O_CREAT | FileFd.O_EXCL, 0640)) {
            assertThat(Libc.isCloseOnExec(fd.fileno())).isTrue();
            fd.write(bytes("one"));
        }
        assertThat(Files.getPosixFilePermissions(file))
                .containsAll(PosixFilePermissions.fromString("rw-------"))
                .doesNotContainAnyElementsOf(PosixFilePermissions.fromString("--x--x--x"));
        assertErrno("EEXIST", () -> FileFd.open(file, FileFd.O_WRONLY | FileFd.O_CREAT | FileFd.O_EXCL));
        try (FileFd fd = FileFd.open(file, FileFd.O_WRONLY | FileFd.O_APPEND)) {
            fd.write(bytes("two"));
        }
        try (FileFd fd = FileFd.open(file, FileFd.O_RDWR);
                FileFd copy = fd.dup()) {
            assertThat(read(fd)).isEqualTo("onetwo");
            assertThat(read(copy)).as("the position is shared").isEqualTo("end");
        }
        FileFd.open(file, FileFd.O_WRONLY | FileFd.O_TRUNC).close();
        assertThat(file).isEmptyFile();
    }

    @Test
    void devices_areReadAndWritten() throws Exception {
        try (FileFd none = FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR)) {
            assertThat(none.write(bytes("gone"))).isEqualTo(4);
            assertThat(read(none)).isEqualTo("end");
        }
        try (FileFd zeros = FileFd.open(Path.of("/dev/zero"), FileFd.O_RDONLY)) {
            ByteBuffer target = ByteBuffer.allocateDirect(5);
            assertThat(zeros.read(target)).isEqualTo(5);
        }
    }

    @Test
    void openFailure_namesPath() {
        Path missing = directory.resolve("missing");
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> FileFd.open(missing, FileFd.O_RDONLY))
                .withMessageContaining(missing.toString())
                .withMessageContaining("ENOENT");
        assertErrno("EISDIR", () -> FileFd.open(directory, FileFd.O_RDWR));
        assertErrno("ENOTDIR", () -> FileFd.open(Path.of("/dev/null/x"), FileFd.O_RDONLY));
    }

    @Test
    void relativePath_opens_emptyPathFails() throws Exception {
        try (FileFd here = FileFd.open(Path.of("."), FileFd.O_RDONLY)) {
            assertErrno("EISDIR", () -> here.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void nonAsciiName_opensIfLocaleHasIt() throws Exception {
        // The locale determines the characters of paths; the module tests run this in a locale that has them.
        Charset encoding = Charset.forName(System.getProperty("sun.jnu.encoding"));
        String name = encoding.newEncoder().canEncode("grüße-文-😀") ? "grüße-文-😀" : "greetings";
        Path file = Files.writeString(directory.resolve(name), "found");
        try (FileFd fd = FileFd.open(file, FileFd.O_RDONLY)) {
            assertThat(read(fd)).isEqualTo("found");
        }
        Path fifo = directory.resolve(name + ".fifo");
        FileFd.mkfifo(fifo, 0600);
        assertThat(fifo).exists();
    }

    @Test
    void otherFileSystem_isRefused() throws Exception {
        Path archive = directory.resolve("archive.zip");
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = Files.writeString(zip.getPath("/etc"), "x");
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> FileFd.open(inside, FileFd.O_RDONLY));
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> FileFd.mkfifo(zip.getPath("/fifo"), 0600))
                    .withMessage("a path of another file system than the default one: /fifo");
        }
    }

    /// A Java path keeps bytes of a name that do not decode to characters; its string does not.
    @Test
    void undecodableName_keepsItsBytes(@TempDir Path directory) throws Exception {
        Path odd = directory.resolve(Path.of(URI.create("file:///a%ff")).getFileName());
        FileFd.mkfifo(odd, 0600);
        assertThat(Files.exists(odd)).isTrue();
        FileFd.open(odd, FileFd.O_RDWR).close();
    }
}
