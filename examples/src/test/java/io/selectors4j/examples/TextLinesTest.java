package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextLinesTest {

    private static List<String> lines(int limit, ByteBuffer bytes) {
        return new TextLines(limit).process(bytes);
    }

    @Test
    void line_endsWithLfOrCrlf() {
        TextLines lines = new TextLines(100);
        assertThat(lines.process(UTF_8.encode("one\ntwo\r"))).containsExactly("one");
        assertThat(lines.lineEnd()).isEqualTo("\n");
        assertThat(lines.process(UTF_8.encode("\n\nthr\u00e9\u00e9"))).containsExactly("two", "");
        assertThat(lines.process(UTF_8.encode("\r\n"))).containsExactly("thr\u00e9\u00e9");
        assertThat(lines.lineEnd()).isEqualTo("\r\n");
        assertThat(lines.processEnd()).isEmpty();
    }

    @Test
    void endOfInput_completesTheLastLine() {
        TextLines lines = new TextLines(100);
        assertThat(lines.process(UTF_8.encode("half"))).isEmpty();
        assertThat(lines.processEnd()).containsExactly("half");
        assertThat(lines.processEnd()).isEmpty();
    }

    @Test
    void longLine_isTruncated() {
        assertThat(lines(4, UTF_8.encode("12345678\n1234\n123\n"))).containsExactly("1234", "1234", "123");
    }

    @Test
    void controlCharacters_areRemoved() {
        assertThat(lines(100, UTF_8.encode("a\u001b[31mb\u0000\u0007\r\tc\u009b\n")))
                .containsExactly("a[31mb\tc");
    }

    @Test
    void invalidUtf8_isReplaced() {
        assertThat(lines(100, ISO_8859_1.encode("\u00e9!\n"))).containsExactly("\ufffd!");
    }

    /// Splits the input at each position.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ff\u00fb\u0001hello\r\n", // IAC WILL ECHO
                "he\u00ff\u00fd\u0003llo\r\n", // IAC DO SUPPRESS-GO-AHEAD
                "he\u00ff\u00f4llo\n", // IAC IP
                "he\u00ff\u00fa\u001f\u0000\u00ff\u00ff\u0000\n\u0018\u00ff\u00f0llo\n", // IAC SB NAWS 255 10 IAC SE
                "hello\u00ff\u00fe\u0018\n", // IAC DONT TERMINAL-TYPE
            })
    void telnetCommands_areRemoved(String sent) {
        for (int cut = 0; cut <= sent.length(); cut++) {
            TextLines lines = new TextLines(100);
            List<String> processed = new ArrayList<>(lines.process(ISO_8859_1.encode(sent.substring(0, cut))));
            processed.addAll(lines.process(ISO_8859_1.encode(sent.substring(cut))));
            assertThat(processed).as("cut at " + cut).containsExactly("hello");
        }
    }

    @Test
    void endlessSubnegotiation_isNotStored() {
        TextLines lines = new TextLines(100);
        lines.process(ISO_8859_1.encode("hello\u00ff\u00fa"));
        for (int i = 0; i < 1000; i++) {
            assertThat(lines.process(UTF_8.encode("more\n".repeat(100)))).isEmpty();
        }
        assertThat(lines.processEnd()).containsExactly("hello");
    }
}
