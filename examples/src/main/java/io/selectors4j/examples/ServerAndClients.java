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

/// Runs an echo server and both clients in one process, and checks the echoed bytes.
final class ServerAndClients {

    private static final List<String> CLIENTS = List.of("multiclient", "slow client");

    private ServerAndClients() {}

    /// Runs the server and the clients.
    ///
    /// @param settings the address, the output of all programs, and the stop request that ends the server
    /// @param timeout the maximum time for each program
    /// @return the result of each connection, with equal bytes sent and received
    /// @throws IOException if a program fails; the message has the reason
    static List<EchoResult> run(Program.Body server, Settings settings, Duration timeout) throws IOException {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("demo-", 0).factory());
        Settings serverSettings = settingsOf("server     ", settings, settings.port());
        Future<?> serving = threads.submit(() -> {
            try {
                server.run(serverSettings);
            } finally {
                serverSettings.listening().complete(0); // has an effect only if the server failed before it listened
            }
            return null;
        });
        try {
            int port = await("the server", serverSettings.listening(), timeout);
            if (port == 0) {
                await("the server", serving, timeout); // throws its exception
            }
            Settings first = settingsOf(CLIENTS.get(0), settings, port);
            Settings second = settingsOf(CLIENTS.get(1), settings, port);
            List<Callable<List<EchoResult>>> clients =
                    List.of(() -> SelectEchoMulticlient.run(first), () -> SelectEchoSlowClient.run(second));
            List<Future<List<EchoResult>>> ended =
                    threads.invokeAll(clients, timeout.toMillis(), TimeUnit.MILLISECONDS);

            List<EchoResult> results = new ArrayList<>();
            for (int i = 0; i < ended.size(); i++) {
                for (EchoResult result : await("the " + CLIENTS.get(i), ended.get(i), timeout)) {
                    result.check();
                    results.add(result);
                }
            }
            settings.stop().request();
            await("the server", serving, timeout);
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Settings settingsOf(String program, Settings settings, int port) {
        return new Settings(settings.host(), port, settings.out().of(program), settings.stop());
    }

    /// Returns the result of a program.
    static <T> T await(String program, Future<T> future, Duration timeout) throws IOException, InterruptedException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | CancellationException e) {
            throw new IOException(program + " has not ended after " + timeout.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(program + " failed: " + e.getCause(), e);
        }
    }
}
