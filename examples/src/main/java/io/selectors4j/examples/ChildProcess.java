package io.selectors4j.examples;

import io.selectors4j.Readiness;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalInt;

/// A child process that repeats a line and exits: its end and its output.
final class ChildProcess implements Closeable {

    private static final List<String> COMMAND = List.of("sh", "-c", "read line; echo \"$line\"; exit 7");

    private final PipeFd.Pipe output = PipeFd.open();
    private final Process process;
    private final PidFd pidfd;

    ChildProcess() throws IOException {
        process = new ProcessBuilder(COMMAND)
                .redirectOutput(output.writer().redirectTo())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output.writer().close(); // so that the pipe is at its end when the child has ended
        pidfd = PidFd.of(process);
    }

    List<Kind> kinds() {
        return List.of(
                Kind.readable("output", output.reader(), this::sayHello, _ -> Hello.from(output.reader())),
                Kind.readable("pidfd", pidfd, Kind.NONE, this::status, this));
    }

    private void sayHello() throws IOException {
        try (OutputStream input = process.getOutputStream()) {
            input.write(Hello.bytes().array());
        }
    }

    private String status(Readiness readiness) throws IOException {
        OptionalInt status = pidfd.exitValue();
        return status.isPresent() ? "exit status " + status.getAsInt() : "ended";
    }

    @Override
    public void close() throws IOException {
        try (pidfd) {
            process.destroyForcibly(); // has no effect if it has ended
        }
    }
}
