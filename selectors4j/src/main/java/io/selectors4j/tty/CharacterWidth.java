package io.selectors4j.tty;

/// The number of columns that terminals usually show a character in. Source: wcwidth(3); Unicode Standard Annex 11,
/// East Asian Width, by blocks.
final class CharacterWidth {

    /// The first and last code points of ranges in which nearly all characters are wide.
    private static final int[] WIDE = {
        0x1100, 0x115f, // Hangul initial consonants
        0x231a, 0x231b, // watch, hourglass
        0x2e80, 0x303e, // CJK radicals, punctuation
        0x3041, 0xa4cf, // kana, CJK, Yi
        0xa960, 0xa97c, // Hangul
        0xac00, 0xd7a3, // Hangul
        0xf900, 0xfaff, // CJK compatibility
        0xfe30, 0xfe6b, // CJK compatibility forms, small forms
        0xff01, 0xff60, // full-width forms
        0xffe0, 0xffe6, // full-width signs
        0x1f300, 0x1f64f, // symbols, emoticons
        0x1f680, 0x1f6ff, // transport symbols
        0x1f900, 0x1f9ff, // more symbols
        0x1fa70, 0x1faff, // more symbols
        0x20000, 0x3fffd // CJK
    };

    private CharacterWidth() {}

    /// Returns the width of a character: 0, 1 or 2.
    static int of(int character) {
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        for (int i = 0; i < WIDE.length; i += 2) {
            if (character >= WIDE[i] && character <= WIDE[i + 1]) {
                return 2;
            }
        }
        return 1;
    }

    /// Returns the width of a text.
    static int of(String text) {
        int width = 0;
        int index = 0;
        while (index < text.length()) {
            int character = text.codePointAt(index);
            width += of(character);
            index += Character.charCount(character);
        }
        return width;
    }
}
