package io.selectors4j.examples;

import io.selectors4j.fd.SocketFd;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A server that runs in a thread of the test, on a port of its own. Closing it stops the server, and fails if that did
/// not end as it should.
final class Running implements Closeable {

    private static final int PATIENCE_SECONDS = 120;

    final Setting setting;
    private final FutureTask<Void> task;

    private Running(Program.Body body, Setting setting) {
        this.setting = setting;
        task = new FutureTask<>(() -> {
            try {
                body.run(setting);
            } catch (IOException | RuntimeException e) {
                setting.listening().completeExceptionally(e);
                throw e;
            }
            return null;
        });
    }

    static Running start(Program.Body body, String host, Transcript out) throws Exception {
        Running running = new Running(body, new Setting(host, 0, out, new Stop()));
        Thread.ofPlatform().daemon().name("server").start(running.task);
        running.port(); // waits until it listens
        return running;
    }

    static Running start(Program program, Transcript out) throws Exception {
        return start(program.main()::run, "localhost", out);
    }

    int port() throws Exception {
        return setting.listening().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    Peer connect() throws Exception {
        SocketFd socket = new Setting(setting.host(), port(), setting.out(), setting.stop()).connect();
        return new Peer(socket);
    }

    @Override
    public void close() throws IOException {
        setting.stop().request();
        try {
            task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the server did not end well", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        setting.stop().close();
    }
}
