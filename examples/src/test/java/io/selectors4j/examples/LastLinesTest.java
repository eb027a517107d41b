package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LastLinesTest {

    @TempDir
    Path directory;

    private String lastLines(String content, int count) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), content);
        try (FileChannel channel = FileChannel.open(file)) {
            return content.substring((int) LastLines.position(channel, count));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | ''",
                "'a' | 'a'",
                "'a,' | 'a,'",
                "'a,b' | 'a,b'",
                "'a,b,' | 'a,b,'",
                "'a,b,c' | 'b,c'",
                "'a,b,c,' | 'b,c,'",
                "',' | ','",
                "',,' | ',,'",
                "',,,' | ',,'",
                "'a,,' | 'a,,'",
                "'a,,,' | ',,'",
            })
    void lastTwoLines_areFound(String content, String expected) throws IOException {
        assertThat(lastLines(content.replace(',', '\n'), 2)).isEqualTo(expected.replace(',', '\n'));
    }

    /// The file is read in blocks of 8192 bytes from its end.
    @ParameterizedTest
    @ValueSource(ints = {8190, 8191, 8192, 8193, 16383, 16384, 16385, 100_000})
    void line_mayBeginAnywhereInABlock(int length) throws IOException {
        for (String end : new String[] {"", "\n"}) {
            String last = "x".repeat(length) + end;
            assertThat(lastLines("before\n" + last, 1)).isEqualTo(last);
            assertThat(lastLines(last, 1)).isEqualTo(last);
        }
    }

    @Test
    void manyBlocksOfLineEnds_areCounted() throws IOException {
        byte[] ends = new byte[50_000];
        Arrays.fill(ends, (byte) '\n');
        String content = new String(ends, US_ASCII);
        assertThat(lastLines(content, 1)).hasSize(1);
        assertThat(lastLines(content, 20_000)).hasSize(20_000);
        assertThat(lastLines(content, 49_999)).hasSize(49_999);
        assertThat(lastLines(content, 50_001)).hasSize(50_000);
    }
}
