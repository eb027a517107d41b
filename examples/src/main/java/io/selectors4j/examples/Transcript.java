package io.selectors4j.examples;

import java.io.PrintStream;

/// The output of a program, line by line. Any thread may print.
@FunctionalInterface
interface Transcript {

    /// Prints a line.
    void line(String text);

    /// Returns a transcript that flushes the stream after each line.
    static Transcript to(PrintStream stream) {
        return text -> {
            stream.println(text);
            stream.flush();
        };
    }

    /// Returns a transcript that prints here, with the name of the program before each line.
    default Transcript of(String program) {
        return text -> line((program + " | " + text).stripTrailing());
    }
}
