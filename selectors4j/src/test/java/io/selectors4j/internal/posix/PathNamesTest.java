package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathNamesTest {

    @TempDir
    private Path directory;

    private static byte[] bytes(CString string) {
        byte[] all = string.segment().toArray(ValueLayout.JAVA_BYTE);
        assertThat(all[all.length - 1]).isZero();
        byte[] text = new byte[all.length - 1];
        System.arraycopy(all, 0, text, 0, text.length);
        return text;
    }

    @Test
    void invalidBytes_arePreserved() throws Exception {
        byte[] name = {'a', ' ', '%', '/' - 1, (byte) 0xff, (byte) 0xc3, 'z'};
        Path path = PathNames.decode(name);
        assertThat(path.isAbsolute()).isFalse();
        assertThat(path.getNameCount()).isEqualTo(1);
        Path file = Files.createFile(directory.resolve(path));
        assertThat(file.toUri().getRawPath()).endsWith("/a%20%25.%FF%C3z");
        assertThat(bytes(PathNames.encode(file))).endsWith(name);
        assertThat(PathNames.decode(name)).isEqualTo(file.getFileName());

        Path below = Files.createDirectory(directory.resolve(PathNames.decode(new byte[] {(byte) 0xfe})));
        assertThat(bytes(PathNames.encode(below))).endsWith((byte) '/', (byte) 0xfe);
        assertThat(bytes(PathNames.encode(Path.of(URI.create("file:///%FE"))))).containsExactly('/', 0xfe);
    }

    @Test
    void characters_arePreserved() {
        Path path = PathNames.decode("grüße".getBytes(StandardCharsets.UTF_8));
        // In a locale that lacks these characters, such as C, the conversion makes the path absolute.
        assertThat(bytes(PathNames.encode(path))).endsWith("grüße".getBytes(StandardCharsets.UTF_8));
        assertThat(PathNames.decode(new byte[] {'x'})).isEqualTo(Path.of("x"));
        assertThat(bytes(PathNames.encode(Path.of("/a/b")))).isEqualTo("/a/b".getBytes(StandardCharsets.UTF_8));
        assertThat(bytes(PathNames.encode(Path.of("")))).containsExactly('.');
        assertThat(bytes(PathNames.encode(Path.of("/")))).containsExactly('/');
    }

    @Test
    void replacementCharacter_isPreserved() {
        byte[] name = "\uFFFD".getBytes(StandardCharsets.UTF_8);
        assertThat(bytes(PathNames.encode(PathNames.decode(name)))).endsWith(name);
    }
}
