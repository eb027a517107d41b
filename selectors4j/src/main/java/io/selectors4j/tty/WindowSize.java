package io.selectors4j.tty;

/// The size of a terminal's window: `struct winsize`. The kernel keeps it and does not use it; whoever has the window sets
/// it.
///
/// Source: ioctl_tty(2).
///
/// @param rows how many lines of text, 0 if nobody has set it
/// @param columns how many characters in a line, 0 if nobody has set it
/// @param xPixels the width in pixels, mostly 0
/// @param yPixels the height in pixels, mostly 0
public record WindowSize(int rows, int columns, int xPixels, int yPixels) {

    private static final int MOST = 65_535;

    /// Makes a size.
    ///
    /// @throws IllegalArgumentException if a number is not in 0 to 65535
    public WindowSize {
        require("rows", rows);
        require("columns", columns);
        require("xPixels", xPixels);
        require("yPixels", yPixels);
    }

    /// Makes a size in characters, whose size in pixels is 0.
    ///
    /// @param rows how many lines of text
    /// @param columns how many characters in a line
    /// @throws IllegalArgumentException if a number is not in 0 to 65535
    public WindowSize(int rows, int columns) {
        this(rows, columns, 0, 0);
    }

    private static void require(String name, int value) {
        if (value < 0 || value > MOST) {
            throw new IllegalArgumentException(name + " not in 0 to " + MOST + ": " + value);
        }
    }
}
