package io.selectors4j.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs a server and both clients against it in one process, and checks what came back.
final class OneGo {

    private static final List<String> CLIENTS = List.of("multiclient", "slow client");

    private OneGo() {}

    /// Runs them all.
    ///
    /// @param server the server to run
    /// @param setting where; its transcript gets all the lines, its stop ends the server
    /// @param patience how long to wait for the clients
    /// @return what was sent and came back, all of it equal
    /// @throws IOException if something went wrong; the message says what
    static List<Echo> run(Program.Body server, Setting setting, Duration patience) throws IOException {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("demo-", 0).factory());
        Setting ofServer = speaking("server     ", setting, setting.port());
        Future<?> serving = threads.submit(() -> {
            try {
                server.run(ofServer);
            } finally {
                ofServer.listening().complete(0); // has no effect but where the server failed before it listened
            }
            return null;
        });
        try {
            int port = await("the server", ofServer.listening(), patience);
            if (port == 0) {
                await("the server", serving, patience); // throws what went wrong
            }
            Setting first = speaking(CLIENTS.get(0), setting, port);
            Setting second = speaking(CLIENTS.get(1), setting, port);
            List<Callable<List<Echo>>> clients =
                    List.of(() -> SelectEchoMulticlient.run(first), () -> SelectEchoSlowClient.run(second));
            List<Future<List<Echo>>> ended = threads.invokeAll(clients, patience.toMillis(), TimeUnit.MILLISECONDS);

            List<Echo> echoes = new ArrayList<>();
            for (int i = 0; i < ended.size(); i++) {
                for (Echo echo : await("the " + CLIENTS.get(i), ended.get(i), patience)) {
                    echo.check();
                    echoes.add(echo);
                }
            }
            setting.stop().request();
            await("the server", serving, patience);
            return echoes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Setting speaking(String speaker, Setting setting, int port) {
        return new Setting(setting.host(), port, setting.out().of(speaker), setting.stop());
    }

    private static <T> T await(String who, Future<T> future, Duration patience)
            throws IOException, InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | CancellationException e) {
            throw new IOException(who + " has not ended after " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(who + " failed: " + e.getCause(), e);
        }
    }
}
