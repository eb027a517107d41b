package io.selectors4j.tty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.tty.LineReader.Status;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The keys of a test, and the row of the line that a terminal shows after them.
class LineReaderTest {

    private static final String ESC = "\u001b";
    private static final String LEFT = ESC + "[D";
    private static final String RIGHT = ESC + "[C";
    private static final String UP = ESC + "[A";
    private static final String DOWN = ESC + "[B";
    private static final String HOME = ESC + "[H";
    private static final String DELETE = ESC + "[3~";
    private static final String BACKSPACE = "\u007f";

    private final KeyReader keys = new KeyReader();
    private LineReader reader = new LineReader("> ", 40);
    private final Row row = new Row();

    /// The last row of a terminal that knows the sequences of [LineReader]. A wide character has two cells.
    private static final class Row {

        private StringBuilder cells = new StringBuilder();
        private int cursor;
        private int lines;

        void show(String output) {
            int index = 0;
            while (index < output.length()) {
                int character = output.codePointAt(index);
                index += Character.charCount(character);
                if (character == '\r') {
                    cursor = 0;
                } else if (character == '\n') {
                    cells.setLength(0);
                    lines++;
                } else if (character == ESC.charAt(0)) {
                    int end = index + 1;
                    while (!Character.isLetter(output.charAt(end))) {
                        end++;
                    }
                    String number = output.substring(index + 1, end);
                    switch (output.charAt(end)) {
                        case 'K' -> cells.setLength(Math.min(cells.length(), cursor));
                        case 'C' -> cursor += Integer.parseInt(number);
                        case 'H', 'J' -> cells.setLength(0);
                        default -> throw new AssertionError(output);
                    }
                    index = end + 1;
                } else {
                    for (int i = CharacterWidth.of(character); i > 0; i--) {
                        set(i == 1 ? 'W' : 'w', character);
                    }
                }
            }
        }

        private void set(char wide, int character) {
            while (cells.length() <= cursor) {
                cells.append(' ');
            }
            cells.setCharAt(cursor++, CharacterWidth.of(character) == 2 ? wide : (char) character);
        }
    }

    private Status type(String input) {
        Status last = Status.EDITING;
        for (Key key : keys.decode(ByteBuffer.wrap(input.getBytes(UTF_8)))) {
            last = reader.accept(key);
        }
        row.show(reader.takeOutput());
        return last;
    }

    private void expect(String text, int cursor) {
        assertThat(reader.text()).isEqualTo(text);
        assertThat(row.cells.toString().stripTrailing()).isEqualTo(("> " + text).stripTrailing());
        assertThat(row.cursor).isEqualTo(2 + cursor);
    }

    @Nested
    class Editing {

        @Test
        void typedText_isInsertedAtTheCursor() {
            type("hello");
            expect("hello", 5);
            type(LEFT + LEFT + "XY");
            expect("helXYlo", 5);
            type(HOME + "1" + ESC + "[F2");
            expect("1helXYlo2", 9);
            type(RIGHT + LEFT + "\u0001" + "\u0006" + "\u0002" + "\u0005");
            expect("1helXYlo2", 9);
        }

        @Test
        void deletion_worksInBothDirections() {
            type("abcdef" + BACKSPACE);
            expect("abcde", 5);
            type(LEFT + LEFT + DELETE);
            expect("abce", 3);
            type("\u0004");
            expect("abc", 3);
            type(DELETE + "\b");
            expect("ab", 2);
            type(HOME + BACKSPACE);
            expect("ab", 0);
        }

        @Test
        void deletedText_isInsertedByControlY() {
            type("one two  three");
            type("\u0017");
            expect("one two  ", 9);
            type("\u0015");
            expect("", 0);
            type("\u0019\u0019");
            expect("one two  one two  ", 18);
            type(HOME + ESC + "f" + "\u000b");
            expect("one", 3);
            type(HOME + "\u0019");
            expect(" two  one two  one", 15);
            type(ESC + "d");
            expect(" two  one two  ", 15);
            type(ESC + BACKSPACE + ESC + "b" + ESC + "d");
            expect(" two   ", 6);
        }

        @Test
        void wordKeys_moveByWords() {
            type("one  two" + ESC + "[1;5D");
            expect("one  two", 5);
            type(ESC + "b");
            expect("one  two", 0);
            type(ESC + "[1;5C");
            expect("one  two", 3);
            type(ESC + ESC + "[C");
            expect("one  two", 8);
        }

        @Test
        void pastedText_hasNoLineEnds() {
            assertThat(type(ESC + "[200~one\r\ntwo\rthree\tx\u0003" + ESC + "[201~"))
                    .isSameAs(Status.EDITING);
            expect("one two three x", 15);
        }

        @Test
        void otherKeys_doNothing() {
            type("a");
            type("\t" + ESC + "[5~" + ESC + "[15~" + ESC + "x" + "\u0012" + ESC + "[I" + "\u0000");
            keys.decode(ByteBuffer.wrap(new byte[] {0x1b}));
            keys.timedOut().forEach(key -> assertThat(reader.accept(key)).isSameAs(Status.EDITING));
            expect("a", 1);
            assertThat(reader.takeOutput()).isEmpty();
        }

        @Test
        void hugeText_isNotInserted() {
            String part = "x".repeat(4000);
            for (int i = 0; i < 20; i++) {
                type(ESC + "[200~" + part + ESC + "[201~");
            }
            assertThat(reader.text()).hasSize(64_000);
        }
    }

    @Nested
    class Ends {

        @Test
        void enter_completesTheLine() {
            assertThat(reader.line()).isEmpty();
            assertThat(type("hello\r")).isSameAs(Status.LINE);
            assertThat(reader.line()).isEqualTo("hello");
            expect("", 0);
            assertThat(row.lines).isEqualTo(1);
            assertThat(type("\n")).isSameAs(Status.LINE);
            assertThat(reader.line()).isEmpty();
        }

        @Test
        void controlC_dropsTheLine() {
            assertThat(type("hello\u0003")).isSameAs(Status.INTERRUPTED);
            expect("", 0);
            assertThat(reader.history()).isEmpty();
        }

        @Test
        void controlD_isTheEndOfAnEmptyLineOnly() {
            assertThat(type("a" + HOME + "\u0004")).isSameAs(Status.EDITING);
            assertThat(type("\u0004")).isSameAs(Status.END);
        }
    }

    @Nested
    class History {

        @Test
        void cursorKeys_goThroughTheHistory() {
            type("one\rtwo\rtwo\r\rnew");
            assertThat(reader.history()).containsExactly("one", "two");
            type(UP);
            expect("two", 3);
            type("\u0010" + UP);
            expect("one", 3);
            type(DOWN + "\u000e" + DOWN);
            expect("new", 3);
            type(UP + "!\r");
            assertThat(reader.line()).isEqualTo("two!");
            assertThat(reader.history()).containsExactly("one", "two", "two!");
        }

        @Test
        void history_isLimited() {
            IntStream.range(0, 600).forEach(i -> reader.addHistory("line " + i));
            assertThat(reader.history()).hasSize(500).startsWith("line 100").endsWith("line 599");
            type(UP);
            expect("line 599", 8);
        }
    }

    @Nested
    class Screen {

        @ParameterizedTest
        @CsvSource({"日本語, 6, wWwWwW", "é, 1, é", "e\u0301x, 2, ex", "😀, 2, wW", "a\u200bb, 2, ab"})
        void width_isThatOfTheTerminal(String text, int columns, String cells) {
            type(text);
            assertThat(row.cells.substring(2)).isEqualTo(cells);
            assertThat(row.cursor).isEqualTo(2 + columns);
            assertThat(CharacterWidth.of(text)).isEqualTo(columns);
        }

        @Test
        void combiningMark_movesWithItsCharacter() {
            type("ae\u0301b" + LEFT + LEFT + "X");
            assertThat(reader.text()).isEqualTo("aXe\u0301b");
            type(DELETE);
            assertThat(reader.text()).isEqualTo("aXb");
            type("o\u0308" + BACKSPACE + BACKSPACE);
            assertThat(reader.text()).isEqualTo("ab");
        }

        @Test
        void longLine_scrolls() {
            type("0123456789".repeat(5));
            assertThat(row.cells.toString())
                    .isEqualTo("> " + "0123456789".repeat(5).substring(13));
            assertThat(row.cursor).isEqualTo(39);
            type(HOME);
            assertThat(row.cells.toString())
                    .isEqualTo("> " + "0123456789".repeat(4).substring(0, 37));
            assertThat(row.cursor).isEqualTo(2);
        }

        @Test
        void resize_drawsTheLineAgain() {
            type("0123456789".repeat(3));
            reader.resize(20);
            type("");
            assertThat(row.cells.toString())
                    .isEqualTo("> " + "0123456789".repeat(3).substring(13));
            reader.resize(11);
            type("");
            assertThat(row.cells.toString()).isEqualTo("0123456789"); // no room for the prompt
            reader.resize(0);
            type("");
            expect("0123456789".repeat(3), 30);
            assertThatThrownBy(() -> reader.resize(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new LineReader("", -1)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void print_keepsTheLine() {
            type("typed" + LEFT);
            row.show("");
            reader.print("one\ntwo");
            String output = reader.takeOutput();
            assertThat(output).startsWith("\r" + ESC + "[Kone\r\ntwo\r\n\r> typed");
            row.show(output);
            expect("typed", 4);
            reader.erase();
            row.show(reader.takeOutput());
            assertThat(row.cells.toString()).isEmpty();
            assertThat(row.cursor).isZero();
        }

        @Test
        void prompt_canChange() {
            type("x");
            reader.setPrompt("name: ");
            row.show(reader.takeOutput());
            assertThat(row.cells.toString()).isEqualTo("name: x");
        }

        @Test
        void controlL_clearsTheScreen() {
            type("x\u000c");
            expect("x", 1);
        }
    }

    /// Any keys leave the cursor in the text and on the row.
    @Test
    void anyKeys_keepTheCursorInTheRow() {
        Random random = new Random(1);
        List<String> pieces = List.of(
                "a",
                "日",
                "e\u0301",
                "😀",
                " ",
                LEFT,
                RIGHT,
                HOME,
                ESC + "[F",
                UP,
                DOWN,
                DELETE,
                BACKSPACE,
                "\u000b",
                "\u0015",
                "\u0017",
                "\u0019",
                ESC + "b",
                ESC + "f",
                ESC + "d",
                "\r",
                "\u0003");
        for (int round = 0; round < 200; round++) {
            reader = new LineReader("> ", 1 + random.nextInt(30));
            for (int i = 0; i < 100; i++) {
                int columns = 1 + random.nextInt(30);
                if (random.nextInt(10) == 0) {
                    reader.resize(columns);
                }
                type(pieces.get(random.nextInt(pieces.size())));
            }
            reader.resize(30);
            type("");
            assertThat(row.cursor).isBetween(2, 29);
            assertThat(row.cells.length()).isLessThan(30);
        }
    }
}
