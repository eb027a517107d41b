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

    ChildSources() throws IOException {}

    List<ReadySource> sources() {
        return List.of(
                ReadySource.readable("output", child.stdout(), this::sayHello, _ -> Hello.from(child.stdout())),
                ReadySource.readable("pidfd", child.pidfd(), ReadySource.NONE, this::status, child));
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
