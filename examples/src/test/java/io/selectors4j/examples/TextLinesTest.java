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
        return new TextLines(limit).take(bytes);
    }

    @Test
    void aLineEndsWithLfOrCrlf() {
        TextLines lines = new TextLines(100);
        assertThat(lines.take(UTF_8.encode("one\ntwo\r"))).containsExactly("one");
        assertThat(lines.lineEnd()).isEqualTo("\n");
        assertThat(lines.take(UTF_8.encode("\n\nthr\u00e9\u00e9"))).containsExactly("two", "");
        assertThat(lines.take(UTF_8.encode("\r\n"))).containsExactly("thr\u00e9\u00e9");
        assertThat(lines.lineEnd()).isEqualTo("\r\n");
        assertThat(lines.takeEnd()).isEmpty();
    }

    @Test
    void theEndTakesAHalfLine() {
        TextLines lines = new TextLines(100);
        assertThat(lines.take(UTF_8.encode("half"))).isEmpty();
        assertThat(lines.takeEnd()).containsExactly("half");
        assertThat(lines.takeEnd()).isEmpty();
    }

    @Test
    void aLongLineIsCut() {
        assertThat(lines(4, UTF_8.encode("12345678\n1234\n123\n"))).containsExactly("1234", "1234", "123");
    }

    @Test
    void controlCharactersAreLeftOut() {
        assertThat(lines(100, UTF_8.encode("a\u001b[31mb\u0000\u0007\r\tc\u009b\n")))
                .containsExactly("a[31mb\tc");
    }

    @Test
    void whatIsNoUtf8IsReplaced() {
        assertThat(lines(100, ISO_8859_1.encode("\u00e9!\n"))).containsExactly("\ufffd!");
    }

    /// The commands arrive in pieces, cut at every place.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ff\u00fb\u0001hello\r\n", // IAC WILL ECHO
                "he\u00ff\u00fd\u0003llo\r\n", // IAC DO SUPPRESS-GO-AHEAD
                "he\u00ff\u00f4llo\n", // IAC IP
                "he\u00ff\u00fa\u001f\u0000\u00ff\u00ff\u0000\n\u0018\u00ff\u00f0llo\n", // IAC SB NAWS 255 10 IAC SE
                "hello\u00ff\u00fe\u0018\n", // IAC DONT TERMINAL-TYPE
            })
    void telnetNegotiationIsDropped(String sent) {
        for (int cut = 0; cut <= sent.length(); cut++) {
            TextLines lines = new TextLines(100);
            List<String> taken = new ArrayList<>(lines.take(ISO_8859_1.encode(sent.substring(0, cut))));
            taken.addAll(lines.take(ISO_8859_1.encode(sent.substring(cut))));
            assertThat(taken).as("cut at " + cut).containsExactly("hello");
        }
    }

    @Test
    void aNegotiationThatNeverEndsTakesNoMemory() {
        TextLines lines = new TextLines(100);
        lines.take(ISO_8859_1.encode("hello\u00ff\u00fa"));
        for (int i = 0; i < 1000; i++) {
            assertThat(lines.take(UTF_8.encode("more\n".repeat(100)))).isEmpty();
        }
        assertThat(lines.takeEnd()).containsExactly("hello");
    }
}
