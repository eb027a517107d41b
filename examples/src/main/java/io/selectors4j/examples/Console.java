package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.StdinFd;
import io.selectors4j.tty.Key;
import io.selectors4j.tty.KeyReader;
import io.selectors4j.tty.LineReader;
import io.selectors4j.tty.RawMode;
import io.selectors4j.tty.Terminal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The standard input and output of an operator, who types commands. In a terminal, the line that is being typed can be
/// edited, and output is printed above it. Other input, such as a pipe, a file or `/dev/null`, is read line by line.
final class Console implements Transcript, Closeable {

    private static final int READ_SIZE = 4096; // bytes

    private final Transcript plain;
    private final StdinFd stdin;
    private final TextLines lines;
    private final @Nullable Editor editor;
    private boolean interrupted;
    private String end = "";

    private Console(Transcript plain, StdinFd stdin, TextLines lines, @Nullable Editor editor) {
        this.plain = plain;
        this.stdin = stdin;
        this.lines = lines;
        this.editor = editor;
    }

    /// The editor of a line in a terminal.
    ///
    /// @param redraw signals after which the screen may show something else
    private record Editor(Fd tty, Fd stdout, RawMode raw, SignalFd redraw, KeyReader keys, LineReader line) {

        static Editor open(Fd tty, Fd stdout) throws IOException {
            SignalFd redraw = SignalFd.open("SIGWINCH", "SIGCONT");
            try {
                RawMode raw = Terminal.suspendableRawMode(tty);
                LineReader line = new LineReader("> ", Terminal.windowSize(tty).columns());
                return new Editor(tty, stdout, raw, redraw, new KeyReader(), line);
            } catch (Throwable t) {
                redraw.close();
                throw t;
            }
        }

        /// Writes the output of the line. The standard output is blocking, so this writes all of it.
        void write() throws IOException {
            stdout.write(UTF_8.encode(line.takeOutput()));
        }

        void close() throws IOException {
            line.erase();
            try (raw;
                    redraw) {
                write();
            }
        }
    }

    /// Opens the console.
    ///
    /// @param plain prints lines, as long as no line is edited
    /// @param limit the maximum length of a line in bytes
    static Console open(Transcript plain, int limit) throws IOException {
        StdinFd stdin = StdinFd.open();
        try {
            Fd stdout = Fd.stdout();
            boolean terminal = Terminal.isTerminal(stdin) && Terminal.isTerminal(stdout);
            return new Console(plain, stdin, new TextLines(limit), terminal ? Editor.open(stdin, stdout) : null);
        } catch (Throwable t) {
            stdin.close();
            throw t;
        }
    }

    /// Returns the descriptor to wait for, and to pass to [#read].
    Pollable input() {
        return stdin;
    }

    /// Returns the descriptor that is ready when the line has to be drawn again, or null.
    @Nullable
    Pollable redraw() {
        return editor == null ? null : editor.redraw;
    }

    /// Returns how long to wait for more input; null for no limit. After it, call [#timedOut].
    @Nullable
    Duration timeout() {
        return editor == null || !stdin.isOpen() ? null : editor.keys.timeout();
    }

    /// Draws the line again.
    void draw() throws IOException {
        if (editor != null) {
            editor.redraw.read(ByteBuffer.allocate(1));
            editor.line.resize(Terminal.windowSize(editor.tty).columns());
            editor.write();
        }
    }

    /// Reads what was typed.
    ///
    /// @return the complete lines
    List<String> read() throws IOException {
        ByteBuffer typed = ByteBuffer.allocate(READ_SIZE);
        List<String> commands = new ArrayList<>();
        try {
            int count = stdin.read(typed);
            typed.flip();
            if (editor != null) {
                commands.addAll(edit(editor, editor.keys.decode(typed)));
            } else {
                commands.addAll(lines.process(typed));
                commands.addAll(count < 0 ? lines.processEnd() : List.of());
            }
            end = count < 0 ? "the console is closed" : end;
        } catch (NativeIOException e) { // EIO: the terminal has hung up
            end = "the console is closed after " + e.getMessage();
        }
        return commands;
    }

    /// Processes the end of [#timeout].
    void timedOut() throws IOException {
        if (editor != null) {
            edit(editor, editor.keys.timedOut());
        }
    }

    private List<String> edit(Editor editor, List<Key> keys) throws IOException {
        List<String> commands = new ArrayList<>();
        for (Key key : keys) {
            switch (editor.line.accept(key)) {
                case EDITING -> {}
                case LINE -> commands.add(editor.line.line());
                case INTERRUPTED -> interrupted = true;
                case END -> end = "the console is closed";
            }
        }
        editor.write();
        return commands;
    }

    /// Returns whether Control-C was pressed in a terminal, which then sends no signal.
    boolean isInterrupted() {
        return interrupted;
    }

    /// Returns why the input has ended; empty if it has not.
    String end() {
        return end;
    }

    /// Prints a line, above the one that is being edited.
    @Override
    public void line(String text) {
        if (editor == null || !stdin.isOpen()) {
            plain.line(text);
            return;
        }
        editor.line.print(text);
        try {
            editor.write();
        } catch (IOException e) {
            end = "the console is closed after " + e.getMessage();
        }
    }

    /// Ends the input, which also unregisters it, and restores the terminal. Lines are still printed.
    @Override
    public void close() throws IOException {
        if (stdin.isOpen()) {
            try (stdin) {
                if (editor != null) {
                    editor.close();
                }
            }
        }
    }
}
