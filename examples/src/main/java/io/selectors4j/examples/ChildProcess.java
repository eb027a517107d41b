package io.selectors4j.examples;

import io.selectors4j.Readiness;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalInt;

/// A child process that echoes a line and exits: a source for its output and one for its exit.
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
        output.writer().close(); // otherwise the pipe would not reach its end when the child exits
        pidfd = PidFd.of(process);
    }

    List<ReadySource> sources() {
        return List.of(
                ReadySource.readable("output", output.reader(), this::sayHello, _ -> Hello.from(output.reader())),
                ReadySource.readable("pidfd", pidfd, ReadySource.NONE, this::status, this));
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
            process.destroyForcibly(); // has no effect after the exit
        }
    }
}
