package io.selectors4j.examples;

import java.io.PrintStream;

/// Where a program says what it does, line by line. From any thread.
@FunctionalInterface
interface Transcript {

    /// Says one line.
    void line(String text);

    /// A transcript that is seen at once, also where the stream is a file or a pipe.
    static Transcript to(PrintStream stream) {
        return text -> {
            stream.println(text);
            stream.flush();
        };
    }

    /// The same transcript, where each line begins with the name of who speaks.
    default Transcript of(String speaker) {
        return text -> line((speaker + " | " + text).stripTrailing());
    }
}
