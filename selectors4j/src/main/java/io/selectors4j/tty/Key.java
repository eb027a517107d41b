package io.selectors4j.tty;

import java.util.Objects;

/// A key that was pressed at a terminal, or text that was pasted, as a [KeyReader] decodes it.
///
/// A terminal sends characters and sequences, not keys, so some keys cannot be told apart: Control-I is
/// [Code#TAB], Control-M is [Code#ENTER], and Control-H is [Code#BACKSPACE] with `control`. Shift is part of a
/// character: A, not Shift-a. Most terminals send modifiers with the other keys, as xterm does.
///
/// @param code the kind of key
/// @param text the character of [Code#CHARACTER], of one code point; the text of [Code#PASTE]; the sequence of
///     [Code#UNKNOWN], without the escape character; empty for other keys
/// @param shift whether Shift was pressed; never with a character
/// @param alt whether Alt or Meta was pressed
/// @param control whether Control was pressed; then a letter is lower-case
public record Key(Code code, String text, boolean shift, boolean alt, boolean control) {

    /// The kinds of keys.
    public enum Code {
        /// A character.
        CHARACTER,
        /// Enter or Return: CR or LF.
        ENTER,
        /// Tab.
        TAB,
        /// Backspace: DEL, or BS with `control`.
        BACKSPACE,
        /// Escape, alone.
        ESCAPE,
        /// Cursor up.
        UP,
        /// Cursor down.
        DOWN,
        /// Cursor right.
        RIGHT,
        /// Cursor left.
        LEFT,
        /// Home.
        HOME,
        /// End.
        END,
        /// Insert.
        INSERT,
        /// Delete, the key that deletes to the right.
        DELETE,
        /// Page up.
        PAGE_UP,
        /// Page down.
        PAGE_DOWN,
        /// Function key 1.
        F1,
        /// Function key 2.
        F2,
        /// Function key 3.
        F3,
        /// Function key 4.
        F4,
        /// Function key 5.
        F5,
        /// Function key 6.
        F6,
        /// Function key 7.
        F7,
        /// Function key 8.
        F8,
        /// Function key 9.
        F9,
        /// Function key 10.
        F10,
        /// Function key 11.
        F11,
        /// Function key 12.
        F12,
        /// Pasted text, of a terminal in bracketed paste mode.
        PASTE,
        /// A sequence that is no key of this list, such as a report of the terminal or a mouse event.
        UNKNOWN
    }

    /// Checks that nothing is null.
    public Key {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(text, "text");
    }

    /// Creates a key without modifiers and text.
    static Key of(Code code) {
        return new Key(code, "", false, false, false);
    }

    /// Creates the key of a character, which may be a control character.
    static Key ofCharacter(int character, boolean alt) {
        return switch (character) {
            case '\r', '\n' -> new Key(Code.ENTER, "", false, alt, false);
            case '\t' -> new Key(Code.TAB, "", false, alt, false);
            case '\b' -> new Key(Code.BACKSPACE, "", false, alt, true);
            case KeyReader.ESC -> new Key(Code.ESCAPE, "", false, alt, false);
            case KeyReader.DEL -> new Key(Code.BACKSPACE, "", false, alt, false);
            default -> {
                boolean control = character < ' ';
                // Control and a character of @ to _ send the lower five bits; letters are lower-case here.
                int base = character + '@';
                int shown = !control ? character : base >= 'A' && base <= 'Z' ? Character.toLowerCase(base) : base;
                yield new Key(Code.CHARACTER, Character.toString(shown), false, alt, control);
            }
        };
    }

    /// Returns this key with the modifiers of a sequence of xterm.
    ///
    /// @param parameter 1 and the sum of 1 for Shift, 2 for Alt, 4 for Control, 8 for Meta
    Key withModifiers(int parameter) {
        int bits = Math.max(parameter, 1) - 1;
        boolean typed = code == Code.CHARACTER; // Shift is in the character
        return new Key(
                code, text, shift || (!typed && (bits & 1) != 0), alt || (bits & 10) != 0, control || (bits & 4) != 0);
    }

    /// Returns this key with Alt, if it was pressed.
    Key withAlt(boolean pressed) {
        return pressed ? new Key(code, text, shift, true, control) : this;
    }

    /// Returns whether this is a character without Alt and Control.
    ///
    /// @return whether [#text] is what was typed
    public boolean isText() {
        return code == Code.CHARACTER && !alt && !control;
    }

    /// Returns whether this is Control and a character, such as `isControl('c')`.
    ///
    /// @param character the character, a lower-case letter or one of `@[\]^_`
    /// @return whether Control was pressed with it, and Alt was not
    public boolean isControl(int character) {
        return code == Code.CHARACTER && control && !alt && !text.isEmpty() && text.codePointAt(0) == character;
    }

    /// Returns the modifiers and the key, such as `Control-c`, `Alt-LEFT` or `é`.
    @Override
    public String toString() {
        String name = code == Code.CHARACTER ? text : text.isEmpty() ? code.name() : code + " " + text;
        return (control ? "Control-" : "") + (alt ? "Alt-" : "") + (shift ? "Shift-" : "") + name;
    }
}
