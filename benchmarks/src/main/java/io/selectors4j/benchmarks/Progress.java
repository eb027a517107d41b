package io.selectors4j.benchmarks;

import java.io.PrintStream;

/// Reports progress: on a terminal, one line that is overwritten; otherwise, one line for each part.
public final class Progress {

    private static final String ERASE = "\r\033[K";

    private final PrintStream out;
    private final boolean overwrites;
    private String part = "";

    public Progress(PrintStream out, boolean overwrites) {
        this.out = out;
        this.overwrites = overwrites;
    }

    /// Begins a part.
    public void part(String name) {
        part = name;
        if (overwrites) {
            step("");
        } else {
            out.println(name);
        }
    }

    /// Begins a step of the part.
    public void step(String name) {
        if (overwrites) {
            out.print(ERASE + part + (name.isEmpty() ? "" : ": " + name));
            out.flush();
        }
    }

    /// Ends the report and clears the line.
    public void done() {
        if (overwrites) {
            out.print(ERASE);
            out.flush();
        }
    }
}
