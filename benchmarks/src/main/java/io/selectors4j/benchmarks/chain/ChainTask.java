package io.selectors4j.benchmarks.chain;

import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The chain in Java. The arguments of a round are `PIPES ACTIVE WRITES PASSES`, as for `chain.c`: the number of pipes,
/// the number of pipes with a byte at the start, the number of bytes to write, and how often each pipe is registered
/// again before.
abstract class ChainTask implements Task {

    private final WarmUp warmUp;

    /// The byte that is passed along: in native memory, so that no copy is needed.
    final ByteBuffer one = ByteBuffer.allocateDirect(1);

    /// The number of pipes.
    int pipes;

    /// The number of bytes to write in this round, of bytes written, and of bytes read.
    long writes;

    long written;
    long read;

    ChainTask(String warmUpMillis) {
        warmUp = new WarmUp(warmUpMillis);
    }

    @Override
    public String round(String... args) throws Exception {
        int requested = Integer.parseInt(args[0]);
        int active = Integer.parseInt(args[1]);
        writes = Long.parseLong(args[2]);
        int passes = Integer.parseInt(args[3]);
        if (requested != pipes) {
            closePipes();
            openPipes(requested);
            pipes = requested;
        }
        warmUp.with(() -> once(active, passes));
        return once(active, passes);
    }

    private String once(int active, int passes) throws IOException {
        long start = System.nanoTime();
        for (int pass = 0; pass < passes; pass++) {
            registerAgain();
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

    /// Reads a byte from a pipe, and writes it to the next one unless enough bytes were written.
    final void passOn(int index) throws IOException {
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
    abstract void registerAgain() throws IOException;

    /// Writes a byte, and adds to [#written].
    abstract void write(int index) throws IOException;

    /// Reads a byte, and adds to [#read].
    abstract void read(int index) throws IOException;

    /// Waits, and passes on the bytes of all ready pipes.
    abstract void select() throws IOException;
}
