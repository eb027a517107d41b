package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The output of a child process: `cat` between two pipes.
final class ChildOutputSource implements ReadySource {

    private final PipeFd.Pipe input = PipeFd.open();
    private final PipeFd.Pipe output = PipeFd.open();
    private final Process process;
    private int written;

    ChildOutputSource() throws IOException {
        process = new ProcessBuilder("cat")
                .redirectInput(input.reader().redirectFrom())
                .redirectOutput(output.writer().redirectTo())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        input.reader().close();
        output.writer().close();
    }

    @Override
    public Pollable pollable() {
        return output.reader();
    }

    @Override
    public void fire() throws IOException {
        written += input.writer().write(ByteBuffer.allocate(1));
    }

    @Override
    public void consume() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(written);
        while (all.hasRemaining()) {
            output.reader().read(all); // blocks until the child has written
        }
        written = 0;
    }

    @Override
    public void close() throws IOException {
        try (input;
                output) {
            process.destroyForcibly();
        }
    }
}
