package io.selectors4j.examples;

import io.selectors4j.Readiness;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.process.ChildProcessBuilder.Redirect;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/// A child process that echoes a line and exits: a source for its output and one for its exit.
final class ChildSources {

    private final ChildProcess child = ChildProcess.builder("sh", "-c", "read line; echo \"$line\"; exit 7")
            .stderr(Redirect.INHERIT)
            .start();

    private int open = 2;

    ChildSources() throws IOException {}

    List<ReadySource> sources() {
        return List.of(
                ReadySource.readable(
                        "output", child.stdout(), this::sayHello, _ -> Hello.from(child.stdout()), this::closeOne),
                ReadySource.readable("pidfd", child.pidfd(), ReadySource.NONE, this::status, this::closeOne));
    }

    /// Closes one of the sources. The second one closes the child.
    private void closeOne() throws IOException {
        if (--open == 0) {
            child.close();
        }
    }

    private void sayHello() throws IOException {
        child.stdin().write(Hello.bytes());
        child.stdin().close();
    }

    private String status(Readiness readiness) throws IOException {
        OptionalInt status = child.exitValue();
        return status.isPresent() ? "exit status " + status.getAsInt() : "ended";
    }
}
