package io.selectors4j.tty;

/// The window size of a terminal: `struct winsize`. The kernel stores it without using it; the terminal emulator sets
/// it.
///
/// Source: ioctl_tty(2).
///
/// @param rows the number of lines, 0 if not set
/// @param columns the number of characters in a line, 0 if not set
/// @param xPixels the width in pixels, usually 0
/// @param yPixels the height in pixels, usually 0
public record WindowSize(int rows, int columns, int xPixels, int yPixels) {

    private static final int MAX = 65_535;

    /// Creates a size.
    ///
    /// @throws IllegalArgumentException if a number is not in 0 to 65535
    public WindowSize {
        require("rows", rows);
        require("columns", columns);
        require("xPixels", xPixels);
        require("yPixels", yPixels);
    }

    /// Creates a size in characters, with 0 pixels.
    ///
    /// @param rows the number of lines
    /// @param columns the number of characters in a line
    /// @throws IllegalArgumentException if a number is not in 0 to 65535
    public WindowSize(int rows, int columns) {
        this(rows, columns, 0, 0);
    }

    private static void require(String name, int value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException(name + " not in 0 to " + MAX + ": " + value);
        }
    }
}
