package io.selectors4j.tty;

import io.selectors4j.tty.Key.Code;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decodes the input of a terminal in raw mode into keys. Bytes go in, keys come out: this class reads no descriptor,
/// never waits, and works with any selector.
///
/// ```java
/// KeyReader reader = new KeyReader();
/// ByteBuffer buffer = ByteBuffer.allocate(1024);
/// while (true) {
///     List<Key> keys = List.of();
///     if (selector.select(reader.timeout()).isEmpty()) {
///         keys = reader.timedOut();
///     } else if (stdin.read(buffer.clear()) >= 0) {
///         keys = reader.decode(buffer.flip());
///     }
///     keys.forEach(IO::println);
/// }
/// ```
///
/// The bytes may be cut at any place. Characters are UTF-8; each ill-formed sequence becomes U+FFFD. Escape sequences
/// are those of xterm, which other terminals imitate, and those of the Linux console:
///
/// - CSI or SS3 and a letter: the cursor keys, Home, End, F1 to F4
/// - CSI, a number and `~`: Home, Insert, Delete, End, Page up, Page down, F1 to F12
/// - a second parameter for modifiers
/// - Escape before another key: Alt
///
/// A sequence that is none of these is one [Code#UNKNOWN] key; a terminal sends it as a whole.
///
/// ## Escape
/// The key Escape sends the byte with which sequences begin. It is a key of its own if no other byte follows within
/// [#ESCAPE_TIMEOUT]. The caller waits: if [#timeout] is not null, it passes this timeout to the select, and calls
/// [#timedOut] if no input has come.
///
/// ## Bracketed paste
/// A terminal that was sent [#ENABLE_PASTE] marks pasted text. It is delivered as [Code#PASTE] keys, each of at most
/// 4,096 characters, and not as keys that were typed. Line ends in it are those of the terminal, usually CR.
///
/// A reader belongs to one thread at a time.
///
/// Source: xterm's "XTerm Control Sequences", console_codes(4), utf-8(7), ECMA-48.
public final class KeyReader {

    /// How long a terminal, also one behind a network, may take for the rest of a sequence: 100 ms.
    public static final Duration ESCAPE_TIMEOUT = Duration.ofMillis(100);

    /// Switches bracketed paste mode of the terminal on.
    public static final String ENABLE_PASTE = "\u001b[?2004h";

    /// Switches bracketed paste mode of the terminal off.
    public static final String DISABLE_PASTE = "\u001b[?2004l";

    static final int ESC = 0x1b;
    static final int DEL = 0x7f;

    private static final int REPLACEMENT = 0xFFFD;
    private static final int LONGEST_SEQUENCE = 64;
    private static final int LONGEST_PASTE = 4096;
    private static final int LARGEST_PARAMETER = 0x10FFFF;
    private static final int LARGEST_MODIFIERS = 16;
    private static final String PASTE_BEGIN = "[200~";
    private static final String PASTE_END = "\u001b[201~";

    private static final List<Code> FUNCTIONS = List.of(
            Code.F1, Code.F2, Code.F3, Code.F4, Code.F5, Code.F6, Code.F7, Code.F8, Code.F9, Code.F10, Code.F11,
            Code.F12);

    private enum State {
        GROUND,
        /// After ESC.
        ESCAPE,
        /// After ESC `[`: parameters, and a final character.
        CSI,
        /// After ESC `O`.
        SS3,
        /// After ESC `[[`: a function key of the Linux console.
        CONSOLE,
        /// In pasted text.
        PASTE
    }

    /// The characters after ESC, or the pasted text.
    private final StringBuilder sequence = new StringBuilder();

    private State state = State.GROUND;

    /// Whether two ESC come before the sequence.
    private boolean alt;

    private List<Key> keys = new ArrayList<>();

    /// The number of bytes that the current character of UTF-8 still lacks.
    private int missing;

    /// The bits of these bytes so far.
    private int codePoint;

    /// The range of the next byte.
    private int smallest;

    private int largest;

    /// Creates a reader.
    public KeyReader() {}

    /// Decodes bytes.
    ///
    /// @param bytes the input, which is consumed
    /// @return the keys that are complete, in a new list; the rest of a sequence is kept for the next call
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    public List<Key> decode(ByteBuffer bytes) {
        Objects.requireNonNull(bytes, "bytes");
        while (bytes.hasRemaining()) {
            decode(Byte.toUnsignedInt(bytes.get()));
        }
        return takeKeys();
    }

    /// Returns how long to wait for the rest of a sequence.
    ///
    /// @return [#ESCAPE_TIMEOUT] if an Escape is undecided; null to wait without a limit
    public @Nullable Duration timeout() {
        return isUndecided() ? ESCAPE_TIMEOUT : null;
    }

    /// Decides an Escape after [#timeout], or at the end of the input: no further byte belongs to it. Does nothing if
    /// no Escape is undecided.
    ///
    /// @return the keys, in a new list
    public List<Key> timedOut() {
        if (isUndecided()) {
            endSequence();
        }
        return takeKeys();
    }

    /// Returns whether the time decides what a sequence is.
    private boolean isUndecided() {
        return state != State.GROUND && state != State.PASTE && missing == 0;
    }

    private List<Key> takeKeys() {
        List<Key> taken = keys;
        keys = new ArrayList<>();
        return taken;
    }

    /// Decodes a byte of UTF-8. An ill-formed sequence ends before the first byte that cannot continue it.
    private void decode(int b) {
        if (missing > 0 && b >= smallest && b <= largest) {
            codePoint = codePoint << 6 | (b & 0x3f);
            smallest = 0x80;
            largest = 0xbf;
            if (--missing == 0) {
                accept(codePoint);
            }
            return;
        }
        if (missing > 0) {
            missing = 0;
            accept(REPLACEMENT);
        }
        if (b < 0x80) {
            accept(b);
        } else if (b >= 0xc2 && b <= 0xf4) {
            missing = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
            codePoint = b & (0x3f >> missing);
            smallest = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80; // no longer form of a shorter sequence
            largest = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf; // no surrogates, nothing above U+10FFFF
        } else {
            accept(REPLACEMENT);
        }
    }

    private void accept(int character) {
        switch (state) {
            case GROUND -> {
                if (character == ESC) {
                    begin(State.ESCAPE);
                } else {
                    keys.add(Key.ofCharacter(character, false));
                }
            }
            case ESCAPE -> acceptAfterEscape(character);
            case CSI -> acceptCsi(character);
            case SS3 -> acceptSs3(character);
            case CONSOLE -> {
                Code code = character >= 'A' && character <= 'E' ? function(character - 'A') : Code.UNKNOWN;
                if (code == Code.UNKNOWN) {
                    restart(character);
                } else {
                    end(Key.of(code));
                }
            }
            case PASTE -> acceptPasted(character);
        }
    }

    private void begin(State next) {
        state = next;
        sequence.setLength(0);
        alt = false;
    }

    private void acceptAfterEscape(int character) {
        switch (character) {
            case '[' -> state = State.CSI;
            case 'O' -> state = State.SS3;
            case ESC -> {
                if (alt) {
                    keys.add(Key.of(Code.ESCAPE));
                }
                alt = true;
                return;
            }
            default -> {
                if (alt) {
                    keys.add(Key.of(Code.ESCAPE));
                }
                state = State.GROUND;
                keys.add(Key.ofCharacter(character, true));
                return;
            }
        }
        sequence.append((char) character);
    }

    private void acceptCsi(int character) {
        boolean first = sequence.length() == 1;
        if (character < ' ' || character >= DEL || sequence.length() == LONGEST_SEQUENCE) {
            restart(character);
            return;
        }
        sequence.append((char) character);
        if (first && character == '[') {
            state = State.CONSOLE;
        } else if (character >= '@' && sequence.toString().equals(PASTE_BEGIN)) {
            begin(State.PASTE);
        } else if (character >= '@') {
            end(csiKey(sequence.substring(1, sequence.length() - 1), (char) character));
        }
    }

    private void acceptSs3(int character) {
        boolean digit = character >= '0' && character <= '9';
        if (character <= ' ' || character >= DEL || sequence.length() == LONGEST_SEQUENCE) {
            restart(character);
            return;
        }
        sequence.append((char) character);
        if (!digit) {
            String modifiers = sequence.substring(1, sequence.length() - 1);
            end(
                    character == 'M'
                            ? Key.of(Code.ENTER)
                            : letterKey((char) character, modifiers.isEmpty() ? 1 : parse(modifiers)));
        }
    }

    private void acceptPasted(int character) {
        sequence.appendCodePoint(character);
        int length = sequence.length();
        if (character == '~'
                && length >= PASTE_END.length()
                && sequence.indexOf(PASTE_END, length - PASTE_END.length()) >= 0) {
            addPasted(length - PASTE_END.length());
            state = State.GROUND;
        } else if (length >= LONGEST_PASTE) {
            int escape = sequence.lastIndexOf("\u001b"); // perhaps the beginning of the end
            addPasted(escape > length - PASTE_END.length() ? escape : length);
        }
    }

    private void addPasted(int length) {
        if (length > 0) {
            keys.add(new Key(Code.PASTE, sequence.substring(0, length), false, false, false));
        }
        sequence.delete(0, length);
    }

    /// Ends an incomplete sequence before a character that does not belong to it.
    private void restart(int character) {
        endSequence();
        accept(character);
    }

    /// Ends a sequence without its final character.
    private void endSequence() {
        switch (state) {
            case GROUND, PASTE -> {}
            case ESCAPE -> end(Key.of(Code.ESCAPE));
            case CSI, SS3, CONSOLE -> end(sequence.length() == 1 ? Key.ofCharacter(sequence.charAt(0), true) : null);
        }
    }

    /// Ends a sequence with its key; null for an unknown one.
    private void end(@Nullable Key key) {
        state = State.GROUND;
        keys.add((key != null ? key : new Key(Code.UNKNOWN, sequence.toString(), false, false, false)).withAlt(alt));
    }

    /// Returns the key of a sequence that CSI begins, or null.
    private static @Nullable Key csiKey(String parameters, char end) {
        int[] numbers = new int[3];
        String[] texts = parameters.isEmpty() ? new String[0] : parameters.split(";", -1);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i >= texts.length || texts[i].isEmpty() ? 1 : parse(texts[i]);
        }
        int modifiers = numbers[1];
        if (texts.length > numbers.length
                || numbers[0] < 0
                || numbers[2] < 0
                || modifiers < 1
                || modifiers > LARGEST_MODIFIERS) {
            return null;
        }
        return switch (end) {
            case 'Z' -> Key.of(Code.TAB).withModifiers(2);
            case '~' ->
                numbers[0] == 27 && texts.length == 3
                        ? Key.ofCharacter(numbers[2], false).withModifiers(modifiers)
                        : numberKey(numbers[0], modifiers);
            case 'u' -> Key.ofCharacter(numbers[0], false).withModifiers(modifiers);
            default -> numbers[0] == 1 && texts.length < 3 ? letterKey(end, modifiers) : null;
        };
    }

    /// Returns the number of a parameter, or -1.
    private static int parse(String digits) {
        int number = 0;
        for (int i = 0; i < digits.length() && number >= 0; i++) {
            int digit = digits.charAt(i) - '0';
            number = digit < 0 || digit > 9 || number > LARGEST_PARAMETER / 10 ? -1 : 10 * number + digit;
        }
        boolean surrogate = number >= Character.MIN_SURROGATE && number <= Character.MAX_SURROGATE;
        return number <= LARGEST_PARAMETER && !surrogate ? number : -1;
    }

    private static @Nullable Key letterKey(char letter, int modifiers) {
        Code code = switch (letter) {
            case 'A' -> Code.UP;
            case 'B' -> Code.DOWN;
            case 'C' -> Code.RIGHT;
            case 'D' -> Code.LEFT;
            case 'F' -> Code.END;
            case 'H' -> Code.HOME;
            case 'P', 'Q', 'R', 'S' -> function(letter - 'P');
            default -> Code.UNKNOWN;
        };
        return key(code, modifiers);
    }

    private static @Nullable Key numberKey(int number, int modifiers) {
        Code code = switch (number) {
            case 1, 7 -> Code.HOME;
            case 2 -> Code.INSERT;
            case 3 -> Code.DELETE;
            case 4, 8 -> Code.END;
            case 5 -> Code.PAGE_UP;
            case 6 -> Code.PAGE_DOWN;
            case 11, 12, 13, 14, 15 -> function(number - 11);
            case 17, 18, 19, 20, 21 -> function(number - 17 + 5);
            case 23, 24 -> function(number - 23 + 10);
            default -> Code.UNKNOWN;
        };
        return key(code, modifiers);
    }

    private static @Nullable Key key(Code code, int modifiers) {
        boolean known = code != Code.UNKNOWN && modifiers >= 1 && modifiers <= LARGEST_MODIFIERS;
        return known ? Key.of(code).withModifiers(modifiers) : null;
    }

    /// Returns a function key.
    ///
    /// @param index 0 for F1
    private static Code function(int index) {
        return FUNCTIONS.get(index);
    }
}
