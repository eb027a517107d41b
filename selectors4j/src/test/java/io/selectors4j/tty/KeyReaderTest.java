package io.selectors4j.tty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.tty.Key.Code;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyReaderTest {

    private static final String ESC = "\u001b";

    private final KeyReader reader = new KeyReader();

    private List<Key> decode(String input) {
        return reader.decode(ByteBuffer.wrap(input.getBytes(UTF_8)));
    }

    private List<Key> decode(byte[] input) {
        return reader.decode(ByteBuffer.wrap(input));
    }

    private static String names(List<Key> keys) {
        return keys.stream().map(Key::toString).collect(Collectors.joining(" "));
    }

    @Nested
    class Characters {

        @Test
        void text_isOneKeyForEachCharacter() {
            List<Key> keys = decode("aÄ€😀A ");
            assertThat(keys).extracting(Key::text).containsExactly("a", "Ä", "€", "😀", "A", " ");
            assertThat(keys).allSatisfy(key -> {
                assertThat(key.isText()).isTrue();
                assertThat(key.code()).isSameAs(Code.CHARACTER);
            });
        }

        /// As the Unicode Standard recommends. Java's decoder has one replacement.
        @Test
        void surrogate_isReplacedByteByByte() {
            assertThat(decode(HexFormat.of().parseHex("eda080")))
                    .extracting(Key::text)
                    .containsExactly("\ufffd", "\ufffd", "\ufffd");
        }

        @Test
        void controlCharacters_haveTheirLetters() {
            assertThat(names(decode("\0\u0001\u0003\u001a\u001c\u001d\u001e\u001f")))
                    .isEqualTo("Control-@ Control-a Control-c Control-z Control-\\ Control-] Control-^ Control-_");
            assertThat(names(decode("\r\n\t\b\u007f"))).isEqualTo("ENTER ENTER TAB Control-BACKSPACE BACKSPACE");
            Key interrupt = decode("\u0003").getFirst();
            assertThat(interrupt.isControl('c')).isTrue();
            assertThat(interrupt.isControl('d')).isFalse();
            assertThat(interrupt.isText()).isFalse();
        }

        /// The replacement characters are those that Java's decoder has, too.
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "80",
                    "ff",
                    "c0af",
                    "c3",
                    "c341",
                    "c3c3a9",
                    "e080af",
                    "e282",
                    "e28241",
                    "f09f98",
                    "f09f9841",
                    "f08080af",
                    "f4908080",
                    "f8888080",
                    "e2c3a9",
                    "c31b5b41"
                })
        void illFormedBytes_areReplaced(String hex) {
            byte[] bytes = HexFormat.of().parseHex(hex + "5a");
            String expected = new String(bytes, UTF_8).replace(ESC + "[A", "");
            String text = decode(bytes).stream().map(Key::text).collect(Collectors.joining());
            assertThat(text).isEqualTo(expected).endsWith("Z").contains("\ufffd");
        }
    }

    @Nested
    class Sequences {

        @ParameterizedTest
        @CsvSource({
            "[A, UP",
            "[B, DOWN",
            "[C, RIGHT",
            "[D, LEFT",
            "[H, HOME",
            "[F, END",
            "OA, UP",
            "OB, DOWN",
            "OC, RIGHT",
            "OD, LEFT",
            "OH, HOME",
            "OF, END",
            "OM, ENTER",
            "OP, F1",
            "OQ, F2",
            "OR, F3",
            "OS, F4",
            "[P, F1",
            "[1~, HOME",
            "[2~, INSERT",
            "[3~, DELETE",
            "[4~, END",
            "[5~, PAGE_UP",
            "[6~, PAGE_DOWN",
            "[7~, HOME",
            "[8~, END",
            "[11~, F1",
            "[12~, F2",
            "[13~, F3",
            "[14~, F4",
            "[15~, F5",
            "[17~, F6",
            "[18~, F7",
            "[19~, F8",
            "[20~, F9",
            "[21~, F10",
            "[23~, F11",
            "[24~, F12",
            "[[A, F1",
            "[[B, F2",
            "[[C, F3",
            "[[D, F4",
            "[[E, F5",
            "[Z, Shift-TAB",
            "[1;2A, Shift-UP",
            "[1;3D, Alt-LEFT",
            "[1;5C, Control-RIGHT",
            "[1;6H, Control-Shift-HOME",
            "[1;8F, Control-Alt-Shift-END",
            "[1;9A, Alt-UP",
            "[1;5P, Control-F1",
            "[1;2S, Shift-F4",
            "O5P, Control-F1",
            "[3;5~, Control-DELETE",
            "[15;2~, Shift-F5",
            "[24;7~, Control-Alt-F12",
            "[27;5;105~, Control-i",
            "[105;5u, Control-i",
            "[97;3u, Alt-a",
            "[13;5u, Control-ENTER",
            "[65;2u, A",
            "[27u, ESCAPE"
        })
        void sequence_isItsKey(String sequence, String key) {
            assertThat(names(decode(ESC + sequence))).isEqualTo(key);
            assertThat(names(decode(ESC + ESC + sequence))).contains("Alt-");
            assertThat(reader.timeout()).isNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[I",
                    "[O",
                    "[12;40R",
                    "[?1;2c",
                    "[<0;3;4M",
                    "[9~",
                    "[99~",
                    "[1;17A",
                    "[1;0A",
                    "[1;2;3A",
                    "[5A",
                    "[55296u",
                    "[1114112u",
                    "[99999999999u",
                    "[;;;;u",
                    "[ q",
                    "Oj",
                    "O17P"
                })
        void otherSequence_isUnknown(String sequence) {
            assertThat(decode(ESC + sequence + "x"))
                    .containsExactly(
                            new Key(Code.UNKNOWN, sequence, false, false, false),
                            new Key(Code.CHARACTER, "x", false, false, false));
        }

        @Test
        void escapeBeforeAKey_isAlt() {
            assertThat(names(decode(ESC + "a" + ESC + "é" + ESC + "\r" + ESC + "\u007f" + ESC + "\u0003")))
                    .isEqualTo("Alt-a Alt-é Alt-ENTER Alt-BACKSPACE Control-Alt-c");
            assertThat(names(decode(ESC + ESC + "[A"))).isEqualTo("Alt-UP");
            assertThat(names(decode(ESC + ESC + "a"))).isEqualTo("ESCAPE Alt-a");
            assertThat(names(decode(ESC + ESC + ESC + "OA"))).isEqualTo("ESCAPE Alt-UP");
        }

        @Test
        void brokenSequence_endsBeforeTheNextKey() {
            assertThat(names(decode(ESC + "[1;" + ESC + "[A"))).isEqualTo("UNKNOWN [1; UP");
            assertThat(names(decode(ESC + "[\r"))).isEqualTo("Alt-[ ENTER");
            assertThat(names(decode(ESC + "O\u0003"))).isEqualTo("Alt-O Control-c");
            assertThat(names(decode(ESC + "[é"))).isEqualTo("Alt-[ é");
            assertThat(names(decode(ESC + "[[x"))).isEqualTo("UNKNOWN [[ x");
        }

        @Test
        void endlessSequence_isCut() {
            List<Key> keys = decode(ESC + "[" + "1".repeat(1000));
            assertThat(keys.getFirst().code()).isSameAs(Code.UNKNOWN);
            assertThat(keys).hasSize(1 + 1000 - 63);
        }
    }

    @Nested
    class Escape {

        @Test
        void loneEscape_waitsForTheTimeout() {
            assertThat(reader.timeout()).isNull();
            assertThat(decode(ESC)).isEmpty();
            assertThat(reader.timeout()).isEqualTo(KeyReader.ESCAPE_TIMEOUT);
            assertThat(names(reader.timedOut())).isEqualTo("ESCAPE");
            assertThat(reader.timeout()).isNull();
            assertThat(reader.timedOut()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"[, Alt-[", "O, Alt-O", "'', ESCAPE", "[1;5, 'UNKNOWN [1;5'", "[[, 'UNKNOWN [['"})
        void incompleteSequence_endsAtTheTimeout(String sequence, String key) {
            assertThat(decode(ESC + sequence)).isEmpty();
            assertThat(names(reader.timedOut())).isEqualTo(key);
            assertThat(names(decode("A"))).isEqualTo("A");
        }

        @Test
        void doubleEscape_isAltEscapeAtTheTimeout() {
            decode(ESC + ESC);
            assertThat(names(reader.timedOut())).isEqualTo("Alt-ESCAPE");
        }

        @Test
        void incompleteCharacter_hasNoTimeout() {
            assertThat(decode(new byte[] {0x1b, (byte) 0xc3})).isEmpty();
            assertThat(reader.timeout()).isNull();
            assertThat(reader.timedOut()).isEmpty();
            assertThat(names(decode(new byte[] {(byte) 0xa9}))).isEqualTo("Alt-é");
        }
    }

    @Nested
    class Paste {

        @Test
        void pastedText_isOneKey() {
            assertThat(decode("a" + ESC + "[200~one\r" + ESC + "[A\u0003é" + ESC + "[201~b"))
                    .containsExactly(
                            new Key(Code.CHARACTER, "a", false, false, false),
                            new Key(Code.PASTE, "one\r" + ESC + "[A\u0003é", false, false, false),
                            new Key(Code.CHARACTER, "b", false, false, false));
        }

        @Test
        void emptyPaste_isNoKey() {
            assertThat(decode(ESC + "[200~" + ESC + "[201~")).isEmpty();
            assertThat(names(decode("x"))).isEqualTo("x");
        }

        @Test
        void longPaste_comesInParts() {
            String text = "0123456789".repeat(2000);
            List<Key> keys = new ArrayList<>(decode(ESC + "[200~" + text + ESC + "[201~"));
            assertThat(keys)
                    .hasSizeGreaterThan(3)
                    .allSatisfy(key -> assertThat(key.text()).hasSizeLessThanOrEqualTo(4096));
            assertThat(keys.stream().map(Key::text).collect(Collectors.joining()))
                    .isEqualTo(text);
        }

        @Test
        void endMarkerAcrossParts_isFound() {
            for (int length = 4080; length < 4110; length++) {
                String text = "x".repeat(length);
                List<Key> keys = decode(ESC + "[200~" + text + ESC + "[201~z");
                assertThat(keys.getLast().text()).isEqualTo("z");
                assertThat(keys.stream().map(Key::text).collect(Collectors.joining()))
                        .isEqualTo(text + "z");
            }
        }
    }

    @Nested
    class AnyInput {

        private static final String PIECES =
                "a é 😀 \u001b [ O [A [1;5C [200~ [201~ [[B ~ 1 ; \r \u0003 \u007f \u0000 R u 27;5;9~";

        private byte[] randomInput(Random random) {
            String[] pieces = PIECES.split(" ", -1);
            StringBuilder input = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                input.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = input.toString().getBytes(UTF_8);
            for (int i = 0; i < random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            return bytes;
        }

        /// All cuts between bytes give the same keys.
        @Test
        void cutInput_hasTheSameKeys() {
            Random random = new Random(1);
            for (int round = 0; round < 2000; round++) {
                byte[] bytes = randomInput(random);
                KeyReader whole = new KeyReader();
                List<Key> expected = new ArrayList<>(whole.decode(ByteBuffer.wrap(bytes)));
                expected.addAll(whole.timedOut());
                KeyReader cut = new KeyReader();
                List<Key> keys = new ArrayList<>();
                for (byte each : bytes) {
                    keys.addAll(cut.decode(ByteBuffer.wrap(new byte[] {each})));
                }
                keys.addAll(cut.timedOut());
                assertThat(keys).isEqualTo(expected);
            }
        }
    }
}
