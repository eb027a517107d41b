package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Splits the input of telnet, nc or a terminal into lines. A line ends with LF or CRLF. Removes telnet commands, and
/// control characters, which could change the terminals of other users. Truncates long lines.
final class TextLines {

    // RFC 854
    private static final int IAC = 255;
    private static final int DONT = 254;
    private static final int WILL = 251;
    private static final int SB = 250;
    private static final int SE = 240;

    /// The state of the telnet protocol before the next byte.
    private enum State {
        TEXT,
        /// After IAC.
        COMMAND,
        /// After IAC WILL, WONT, DO or DONT.
        OPTION,
        /// After IAC SB, until IAC SE.
        SUBNEGOTIATION,
        /// After IAC in a subnegotiation.
        SUBNEGOTIATION_COMMAND
    }

    private final int limit;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private State state = State.TEXT;
    private int last;
    private String lineEnd = "\n";

    /// @param limit the maximum length of a line in bytes
    TextLines(int limit) {
        this.limit = limit;
    }

    /// Processes bytes.
    ///
    /// @return a modifiable list of the completed lines, without line ends
    List<String> process(ByteBuffer bytes) {
        List<String> lines = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int b = Byte.toUnsignedInt(bytes.get());
            if (!isText(b)) {
                continue;
            }
            if (b == '\n') {
                lineEnd = last == '\r' ? "\r\n" : "\n";
                lines.add(text());
            } else if (line.size() < limit) {
                line.write(b);
            }
            last = b;
        }
        return lines;
    }

    /// Processes the end of input.
    ///
    /// @return the last line, if it has no line end
    List<String> processEnd() {
        return line.size() == 0 ? List.of() : List.of(text());
    }

    /// Returns the line end of the last line, for replies.
    String lineEnd() {
        return lineEnd;
    }

    private String text() {
        String text = line.toString(UTF_8).replaceAll("[\\p{Cc}&&[^\t]]", "");
        line.reset();
        return text;
    }

    private boolean isText(int b) {
        boolean text = false;
        switch (state) {
            case TEXT -> {
                text = b != IAC;
                state = text ? State.TEXT : State.COMMAND;
            }
            case COMMAND -> {
                text = b == IAC; // IAC IAC is the byte 255
                state = b == SB ? State.SUBNEGOTIATION : b >= WILL && b <= DONT ? State.OPTION : State.TEXT;
            }
            case OPTION -> state = State.TEXT;
            case SUBNEGOTIATION -> state = b == IAC ? State.SUBNEGOTIATION_COMMAND : State.SUBNEGOTIATION;
            case SUBNEGOTIATION_COMMAND -> state = b == SE ? State.TEXT : State.SUBNEGOTIATION;
        }
        return text;
    }
}
