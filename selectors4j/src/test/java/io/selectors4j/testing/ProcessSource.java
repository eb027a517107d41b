package io.selectors4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Pollable;
import io.selectors4j.fd.PidFd;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// A process that ends when its standard input ends.
final class ProcessSource implements ReadySource {

    private final Process process = new ProcessBuilder("cat").start();
    private final PidFd pidfd = PidFd.of(process);

    ProcessSource() throws IOException {}

    @Override
    public Pollable pollable() {
        return pidfd;
    }

    @Override
    public void fire() throws Exception {
        process.getOutputStream().close();
        assertThat(process.waitFor(Expect.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Override
    public boolean isLasting() {
        return true;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        pidfd.close();
    }
}
