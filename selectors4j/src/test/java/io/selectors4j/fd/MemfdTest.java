package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Anonymous files in memory: memfd_create(2).
class MemfdTest {

    private static Path path(FileFd memfd) {
        return Path.of("/proc/self/fd/" + memfd.fileno());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(FileFd fd) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        int count = fd.read(target);
        return count < 0 ? "end" : new String(target.array(), 0, count, StandardCharsets.UTF_8);
    }

    @Test
    void memfd_keepsData_isCloseOnExec() throws Exception {
        try (FileFd memfd = FileFd.memfd("notes")) {
            assertThat(Libc.isCloseOnExec(memfd.fileno())).isTrue();
            assertThat(memfd.isBlocking()).isTrue();
            assertThat(memfd).hasToString("FileFd[fd=" + memfd.fileno() + "]");
            assertThat(read(memfd)).isEqualTo("end");
            assertThat(memfd.write(bytes("written"))).isEqualTo(7);
            assertThat(read(memfd))
                    .as("the position is after the written bytes")
                    .isEqualTo("end");
            try (FileFd again = FileFd.open(path(memfd), FileFd.O_RDONLY)) {
                assertThat(read(again)).isEqualTo("written");
            }
            assertThat(Files.readString(path(memfd))).isEqualTo("written");
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void data_liveAsLongAsDuplicate() throws Exception {
        try (FileFd memfd = FileFd.memfd("notes");
                FileFd copy = memfd.dup()) {
            memfd.write(bytes("x"));
            memfd.close();
            assertThat(Files.readString(path(copy))).isEqualTo("x");
        }
    }

    @Test
    void sameName_isAnotherFile() throws Exception {
        try (FileFd one = FileFd.memfd("same");
                FileFd two = FileFd.memfd("same")) {
            one.write(bytes("one"));
            assertThat(Files.size(path(two))).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "with space", "a/b"})
    void name_isShownInProc(String name) throws Exception {
        try (FileFd memfd = FileFd.memfd(name)) {
            assertThat(Files.readSymbolicLink(path(memfd))).hasToString("/memfd:" + name + " (deleted)");
        }
    }

    @Test
    void nameOver249Bytes_isRefused() throws Exception {
        FileFd.memfd("n".repeat(249)).close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileFd.memfd("n".repeat(250)))
                .withMessageContaining("250");
        // The limit counts bytes; the number of bytes of a character depends on the locale.
        Charset encoding = Charset.forName(System.getProperty("sun.jnu.encoding"));
        String umlauts = "ü".repeat(249);
        if (umlauts.getBytes(encoding).length > 249) {
            assertThatIllegalArgumentException().isThrownBy(() -> FileFd.memfd(umlauts));
        } else {
            FileFd.memfd(umlauts).close();
        }
    }

    @Test
    void zeroCharacterInName_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileFd.memfd("a\0b"))
                .withMessageContaining("a?b");
    }
}
