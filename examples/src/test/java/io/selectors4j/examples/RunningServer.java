package io.selectors4j.examples;

import io.selectors4j.fd.SocketFd;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A server in a thread of the test, on a free port. Closing stops the server, and fails if it ends with an exception
/// or does not end.
final class RunningServer implements Closeable {

    private static final int TIMEOUT_SECONDS = 20;

    final Settings settings;
    private final FutureTask<Void> task;

    private RunningServer(Program.Body body, Settings settings) {
        this.settings = settings;
        task = new FutureTask<>(() -> {
            try {
                body.run(settings);
            } catch (IOException | RuntimeException e) {
                settings.listening().completeExceptionally(e);
                throw e;
            }
            return null;
        });
    }

    static RunningServer start(Program.Body body, String host, Transcript out) throws Exception {
        RunningServer running = new RunningServer(body, new Settings(host, 0, out, new StopRequest()));
        Thread.ofPlatform().daemon().name("server").start(running.task);
        running.port(); // waits until it listens
        return running;
    }

    static RunningServer start(Program program, Transcript out) throws Exception {
        return start(program.main()::run, "localhost", out);
    }

    int port() throws Exception {
        return settings.listening().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    TcpClient connect() throws Exception {
        SocketFd socket = new Settings(settings.host(), port(), settings.out(), settings.stop()).connect();
        return new TcpClient(socket);
    }

    @Override
    public void close() throws IOException {
        settings.stop().request();
        try {
            task.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the server has failed or has not ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        settings.stop().close();
    }
}
