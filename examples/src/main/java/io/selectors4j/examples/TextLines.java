package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Makes lines of the bytes that come from somebody who types: with telnet, whose commands it drops, with nc, at a terminal.
/// A line ends with LF or CRLF. What is too long is cut; control characters are left out, since others will see the line.
final class TextLines {

    // RFC 854
    private static final int IAC = 255;
    private static final int DONT = 254;
    private static final int WILL = 251;
    private static final int SB = 250;
    private static final int SE = 240;

    /// Where in the stream of telnet the next byte is.
    private enum Place {
        TEXT,
        /// Behind IAC.
        COMMAND,
        /// Behind IAC WILL and the like.
        OPTION,
        /// Behind IAC SB, until IAC SE.
        NEGOTIATION,
        /// Behind IAC there.
        END_OF_NEGOTIATION
    }

    private final int limit;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Place place = Place.TEXT;
    private int last;
    private String end = "\n";

    /// @param limit the longest line, in bytes
    TextLines(int limit) {
        this.limit = limit;
    }

    /// Takes bytes.
    ///
    /// @return the lines that they complete, without their ends; can be added to
    List<String> take(ByteBuffer bytes) {
        List<String> lines = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int b = Byte.toUnsignedInt(bytes.get());
            if (!isText(b)) {
                continue;
            }
            if (b == '\n') {
                end = last == '\r' ? "\r\n" : "\n";
                lines.add(text());
            } else if (line.size() < limit) {
                line.write(b);
            }
            last = b;
        }
        return lines;
    }

    /// Takes the end.
    ///
    /// @return the line that has no end, if there is one
    List<String> takeEnd() {
        return line.size() == 0 ? List.of() : List.of(text());
    }

    /// What the last line ended with, to answer with the same.
    String lineEnd() {
        return end;
    }

    private String text() {
        String text = line.toString(UTF_8).replaceAll("[\\p{Cc}&&[^\t]]", "");
        line.reset();
        return text;
    }

    private boolean isText(int b) {
        boolean text = false;
        switch (place) {
            case TEXT -> {
                text = b != IAC;
                place = text ? Place.TEXT : Place.COMMAND;
            }
            case COMMAND -> {
                text = b == IAC; // doubled, it stands for itself
                place = b == SB ? Place.NEGOTIATION : b >= WILL && b <= DONT ? Place.OPTION : Place.TEXT;
            }
            case OPTION -> place = Place.TEXT;
            case NEGOTIATION -> place = b == IAC ? Place.END_OF_NEGOTIATION : Place.NEGOTIATION;
            case END_OF_NEGOTIATION -> place = b == SE ? Place.TEXT : Place.NEGOTIATION;
        }
        return text;
    }
}
