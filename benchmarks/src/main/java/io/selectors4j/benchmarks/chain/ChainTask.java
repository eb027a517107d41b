package io.selectors4j.benchmarks.chain;

import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The chain in Java. A round is `PIPES ACTIVE WRITES PASSES`, as for `chain.c`: so many pipes, bytes in so many of them at
/// the start, so many bytes written in all, and every pipe registered anew so many times before.
abstract class ChainTask implements Task {

    private final WarmUp warmUp;

    /// The byte that is handed on: outside of the heap, so that nobody has to copy it there.
    final ByteBuffer one = ByteBuffer.allocateDirect(1);

    /// How many pipes there are.
    int pipes;

    /// How many bytes are to be written in this round, how many were, and how many were read.
    long writes;

    long written;
    long read;

    ChainTask(String warmUpMillis) {
        warmUp = new WarmUp(warmUpMillis);
    }

    @Override
    public String round(String... args) throws Exception {
        int wanted = Integer.parseInt(args[0]);
        int active = Integer.parseInt(args[1]);
        writes = Long.parseLong(args[2]);
        int passes = Integer.parseInt(args[3]);
        if (wanted != pipes) {
            closePipes();
            openPipes(wanted);
            pipes = wanted;
        }
        warmUp.with(() -> once(active, passes));
        return once(active, passes);
    }

    private String once(int active, int passes) throws IOException {
        long start = System.nanoTime();
        for (int pass = 0; pass < passes; pass++) {
            registerAnew();
        }
        long registered = System.nanoTime();
        written = 0;
        read = 0;
        for (int i = 0; i < active; i++) {
            write((int) ((long) i * pipes / active));
        }
        while (read < written) {
            select();
        }
        long end = System.nanoTime();
        double registrations = (double) passes * pipes;
        return "register=" + (registered - start) / registrations
                + " run=" + (double) (end - registered) / read
                + " events=" + read;
    }

    /// Takes a byte out of a pipe, and puts it into the next one unless there were enough.
    final void handOn(int index) throws IOException {
        read(index);
        if (written < writes) {
            write(index + 1 == pipes ? 0 : index + 1);
        }
    }

    /// Opens and registers pipes.
    abstract void openPipes(int count) throws IOException;

    /// Unregisters and closes all pipes.
    abstract void closePipes() throws IOException;

    /// Unregisters every pipe, and registers it again.
    abstract void registerAnew() throws IOException;

    /// Writes a byte, and adds to [#written].
    abstract void write(int index) throws IOException;

    /// Reads a byte, and adds to [#read].
    abstract void read(int index) throws IOException;

    /// Waits, and hands on whatever is ready.
    abstract void select() throws IOException;
}
