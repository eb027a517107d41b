package io.selectors4j.tty;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Edits a line at a terminal in raw mode. Keys go in, and a line and the output for the screen come out: this class
/// reads and writes no descriptor, never waits, and works with any selector.
///
/// ```java
/// LineReader line = new LineReader("> ", Terminal.windowSize(stdin).columns());
/// stdout.write(UTF_8.encode(line.takeOutput()));
/// // for each key of a KeyReader
/// if (line.accept(key) == LineReader.Status.LINE) {
///     process(line.line());
/// }
/// stdout.write(UTF_8.encode(line.takeOutput()));
/// ```
///
/// | Key | Effect |
/// |---|---|
/// | a character, pasted text | inserts it; line ends in pasted text become spaces |
/// | Backspace, Delete | deletes the character to the left, to the right |
/// | Left, Right, Control-B, Control-F | moves by a character |
/// | Alt-B, Alt-F, Control-Left, Control-Right | moves by a word |
/// | Home, End, Control-A, Control-E | moves to the begin or end of the line |
/// | Up, Down, Control-P, Control-N | replaces the line by the previous or next one of the history |
/// | Control-U, Control-K | deletes to the begin or end of the line |
/// | Control-W, Alt-Backspace, Alt-D | deletes the word to the left, to the right |
/// | Control-Y | inserts what was deleted last by one of these |
/// | Control-L | clears the screen |
/// | Enter | ends the line: [Status#LINE] |
/// | Control-C | drops the line: [Status#INTERRUPTED] |
/// | Control-D | deletes to the right, or in an empty line: [Status#END] |
///
/// Other keys do nothing.
///
/// ## Screen
/// The line takes one row, and scrolls sideways if it is longer. The prompt is left out if it would leave less than ten
/// columns. Characters that East Asian fonts show in two columns, and emoji, count as two; combining marks and format
/// characters as none, and move with the character before them. That is an approximation: terminals do not agree on the
/// width of some characters. Control characters are not inserted. The output uses CR, LF, and the sequences of ECMA-48
/// for "cursor right" and "erase", which all terminals of today have.
///
/// A reader belongs to one thread at a time.
///
/// Source: readline(3), whose keys these are; ECMA-48.
public final class LineReader {

    private static final int LONGEST_HISTORY = 500;
    private static final int LONGEST_LINE = 1 << 16;
    private static final int LEAST_COLUMNS = 10;
    private static final String ERASE_TO_END = "\u001b[K";
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

    /// What a key has done.
    public enum Status {
        /// The line is being edited.
        EDITING,
        /// A line is complete: [LineReader#line]. The next one begins.
        LINE,
        /// Control-C. The line was dropped, and the next one begins.
        INTERRUPTED,
        /// Control-D in an empty line: the end of the input.
        END
    }

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder output = new StringBuilder();
    private final List<String> history = new ArrayList<>();

    private String prompt;
    private int columns;

    /// The index in the text before which the cursor is.
    private int cursor;

    /// The index of the first character on the screen.
    private int first;

    /// The index in the history of the line that is shown; its size for the new line.
    private int historyIndex;

    /// The new line, while one of the history is shown.
    private String newLine = "";

    private String deleted = "";
    private String line = "";

    /// Creates a reader, whose first output is the prompt.
    ///
    /// @param prompt the text before the line, without control characters
    /// @param columns the width of the window; 0 if it is not known, which counts as 80
    /// @throws IllegalArgumentException if the width is negative
    public LineReader(String prompt, int columns) {
        this.prompt = Objects.requireNonNull(prompt, "prompt");
        this.columns = requireColumns(columns);
        draw();
    }

    private static int requireColumns(int columns) {
        if (columns < 0) {
            throw new IllegalArgumentException("negative width " + columns);
        }
        return columns == 0 ? 80 : columns;
    }

    /// Processes a key.
    ///
    /// @param key the key
    /// @return what it has done
    public Status accept(Key key) {
        switch (Objects.requireNonNull(key, "key").code()) {
            case ENTER -> {
                return endLine();
            }
            case CHARACTER, PASTE -> {
                return acceptText(key);
            }
            case BACKSPACE -> delete(key.alt() ? wordLeft() : left(), cursor, key.alt());
            case DELETE -> delete(cursor, right(), false);
            case LEFT -> cursor = key.control() || key.alt() ? wordLeft() : left();
            case RIGHT -> cursor = key.control() || key.alt() ? wordRight() : right();
            case HOME -> cursor = 0;
            case END -> cursor = text.length();
            case UP -> showHistory(historyIndex - 1);
            case DOWN -> showHistory(historyIndex + 1);
            default -> {
                return Status.EDITING;
            }
        }
        draw();
        return Status.EDITING;
    }

    private Status acceptText(Key key) {
        if (key.code() == Key.Code.PASTE || key.isText()) {
            insert(key.text());
        } else if (key.control() && !key.alt()) {
            return acceptControl(key.text());
        } else if (key.alt() && !key.control()) {
            switch (key.text()) {
                case "b" -> cursor = wordLeft();
                case "f" -> cursor = wordRight();
                case "d" -> delete(cursor, wordRight(), true);
                default -> {
                    return Status.EDITING;
                }
            }
        }
        draw();
        return Status.EDITING;
    }

    private Status acceptControl(String letter) {
        switch (letter) {
            case "a" -> cursor = 0;
            case "b" -> cursor = left();
            case "c" -> {
                output.append("^C\r\n");
                begin();
                return Status.INTERRUPTED;
            }
            case "d" -> {
                if (text.isEmpty()) {
                    output.append("\r\n");
                    return Status.END;
                }
                delete(cursor, right(), false);
            }
            case "e" -> cursor = text.length();
            case "f" -> cursor = right();
            case "k" -> delete(cursor, text.length(), true);
            case "l" -> output.append(CLEAR_SCREEN);
            case "n" -> showHistory(historyIndex + 1);
            case "p" -> showHistory(historyIndex - 1);
            case "u" -> delete(0, cursor, true);
            case "w" -> delete(wordLeft(), cursor, true);
            case "y" -> insert(deleted);
            default -> {
                return Status.EDITING;
            }
        }
        draw();
        return Status.EDITING;
    }

    private Status endLine() {
        line = text.toString();
        addHistory(line);
        cursor = text.length();
        draw();
        output.append("\r\n");
        begin();
        return Status.LINE;
    }

    /// Begins an empty line.
    private void begin() {
        text.setLength(0);
        cursor = 0;
        first = 0;
        newLine = "";
        historyIndex = history.size();
        draw();
    }

    /// Returns the line that was completed last.
    ///
    /// @return the line without its end; empty before the first one
    public String line() {
        return line;
    }

    /// Returns the text that is being edited.
    ///
    /// @return the text
    public String text() {
        return text.toString();
    }

    /// Returns the output for the screen since the last call, and forgets it. Write it to the terminal as UTF-8.
    ///
    /// @return the output; empty if there is none
    public String takeOutput() {
        String taken = output.toString();
        output.setLength(0);
        return taken;
    }

    /// Prints lines above the line that is being edited.
    ///
    /// @param lines the lines, separated by LF
    public void print(String lines) {
        Objects.requireNonNull(lines, "lines");
        output.append('\r')
                .append(ERASE_TO_END)
                .append(lines.replace("\n", "\r\n"))
                .append("\r\n");
        draw();
    }

    /// Changes the width of the window, and draws the line again. Call it after SIGWINCH, and after SIGCONT.
    ///
    /// @param newColumns the width; 0 if it is not known, which counts as 80
    /// @throws IllegalArgumentException if the width is negative
    public void resize(int newColumns) {
        columns = requireColumns(newColumns);
        draw();
    }

    /// Changes the prompt, and draws the line again.
    ///
    /// @param newPrompt the text before the line, without control characters
    public void setPrompt(String newPrompt) {
        prompt = Objects.requireNonNull(newPrompt, "newPrompt");
        draw();
    }

    /// Removes the line from the screen, and leaves the cursor at the begin of the row: for the end of the program.
    public void erase() {
        output.append('\r').append(ERASE_TO_END);
    }

    /// Adds a line to the history, which has the last 500 lines. Each line that Enter completes is added. An empty
    /// line, or one equal to the last one, is not added.
    ///
    /// @param added the line
    public void addHistory(String added) {
        Objects.requireNonNull(added, "added");
        if (!added.isEmpty() && (history.isEmpty() || !history.getLast().equals(added))) {
            if (history.size() == LONGEST_HISTORY) {
                history.removeFirst();
            }
            history.add(added);
        }
        historyIndex = history.size();
    }

    /// Returns the history, for a program that keeps it in a file.
    ///
    /// @return a copy, oldest line first
    public List<String> history() {
        return List.copyOf(history);
    }

    private void showHistory(int index) {
        if (index < 0 || index > history.size() || index == historyIndex) {
            return;
        }
        if (historyIndex == history.size()) {
            newLine = text.toString();
        }
        historyIndex = index;
        text.setLength(0);
        text.append(index == history.size() ? newLine : history.get(index));
        cursor = text.length();
    }

    private void insert(String inserted) {
        StringBuilder printable = new StringBuilder();
        inserted.replace("\r\n", " ").codePoints().forEach(character -> {
            if (character == '\r' || character == '\n' || character == '\t') {
                printable.append(' ');
            } else if (!Character.isISOControl(character)) {
                printable.appendCodePoint(character);
            }
        });
        if (text.length() + printable.length() <= LONGEST_LINE) {
            text.insert(cursor, printable);
            cursor += printable.length();
        }
    }

    private void delete(int from, int to, boolean keep) {
        if (keep && from < to) {
            deleted = text.substring(from, to);
        }
        text.delete(from, to);
        cursor = from;
    }

    /// Returns the index of the character to the left, with its combining marks.
    private int left() {
        int index = cursor;
        while (index > 0) {
            int character = text.codePointBefore(index);
            index -= Character.charCount(character);
            if (CharacterWidth.of(character) > 0) {
                break;
            }
        }
        return index;
    }

    /// Returns the index after the character to the right and its combining marks.
    private int right() {
        int index = cursor;
        while (index < text.length()) {
            int character = text.codePointAt(index);
            if (index > cursor && CharacterWidth.of(character) > 0) {
                break;
            }
            index += Character.charCount(character);
        }
        return index;
    }

    private int wordLeft() {
        int index = cursor;
        boolean inWord = false;
        while (index > 0) {
            int character = text.codePointBefore(index);
            boolean part = !Character.isWhitespace(character);
            if (inWord && !part) {
                break;
            }
            inWord |= part;
            index -= Character.charCount(character);
        }
        return index;
    }

    private int wordRight() {
        int index = cursor;
        boolean inWord = false;
        while (index < text.length()) {
            int character = text.codePointAt(index);
            boolean part = !Character.isWhitespace(character);
            if (inWord && !part) {
                break;
            }
            inWord |= part;
            index += Character.charCount(character);
        }
        return index;
    }

    /// Draws the part of the line that fits, with the cursor in it. The last column stays empty, because terminals
    /// differ in where the cursor is after it.
    private void draw() {
        String shownPrompt = CharacterWidth.of(prompt) + LEAST_COLUMNS <= columns ? prompt : "";
        int room = Math.max(1, columns - CharacterWidth.of(shownPrompt) - 1);
        first = Math.clamp(Math.min(first, firstBefore(text.length(), room)), firstBefore(cursor, room), cursor);
        int end = first;
        int width = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            width += CharacterWidth.of(character);
            if (width > room) {
                break;
            }
            end += Character.charCount(character);
        }
        output.append('\r')
                .append(shownPrompt)
                .append(text, first, end)
                .append(ERASE_TO_END)
                .append('\r');
        int column = CharacterWidth.of(shownPrompt) + CharacterWidth.of(text.substring(first, cursor));
        if (column > 0) {
            output.append("\u001b[").append(column).append('C');
        }
    }

    /// Returns the index of the first of the characters that fit before another one.
    private int firstBefore(int last, int room) {
        int index = last;
        int width = 0;
        while (index > 0) {
            int character = text.codePointBefore(index);
            width += CharacterWidth.of(character);
            if (width > room) {
                break;
            }
            index -= Character.charCount(character);
        }
        return index;
    }
}
