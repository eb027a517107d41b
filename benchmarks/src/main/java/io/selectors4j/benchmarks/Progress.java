package io.selectors4j.benchmarks;

import java.io.PrintStream;

/// Tells a person what is going on: one line that is overwritten, on a terminal; otherwise a line for each part.
public final class Progress {

    private static final String ERASE = "\r\033[K";

    private final PrintStream out;
    private final boolean overwrites;
    private String part = "";

    public Progress(PrintStream out, boolean overwrites) {
        this.out = out;
        this.overwrites = overwrites;
    }

    /// A larger part begins.
    public void part(String name) {
        part = name;
        if (overwrites) {
            step("");
        } else {
            out.println(name);
        }
    }

    /// A step of the part begins.
    public void step(String what) {
        if (overwrites) {
            out.print(ERASE + part + (what.isEmpty() ? "" : ": " + what));
            out.flush();
        }
    }

    /// All is done.
    public void done() {
        if (overwrites) {
            out.print(ERASE);
            out.flush();
        }
    }
}
