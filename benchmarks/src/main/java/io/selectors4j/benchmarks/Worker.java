package io.selectors4j.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The process of a [Contender]. For each line of its standard input, it runs a round and prints a line of `name=value`
/// pairs. It is idle in between, and ends at the end of its standard input.
public final class Worker implements Closeable {

    private static final int EXIT_TIMEOUT_SECONDS = 10;

    private final Contender contender;
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader responses;

    private Worker(Contender contender, Process process) {
        this.contender = contender;
        this.process = process;
        requests = process.outputWriter();
        responses = process.inputReader();
    }

    /// Starts the process.
    public static Worker start(Contender contender) throws IOException {
        return new Worker(
                contender,
                new ProcessBuilder(contender.command())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    public Contender contender() {
        return contender;
    }

    /// Returns the process id.
    public long pid() {
        return process.pid();
    }

    /// Runs a round.
    ///
    /// @param request the arguments of the round
    /// @return the figures, by name
    public Map<String, Double> request(String request) throws IOException {
        requests.write(request);
        requests.newLine();
        requests.flush();
        String response = responses.readLine();
        if (response == null) {
            throw new IOException(contender.name() + " ended instead of running: " + request);
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String pair : response.strip().split(" +", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IOException(contender.name() + " printed no figures: " + response);
            }
            figures.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
        }
        return figures;
    }

    @Override
    public void close() throws IOException {
        try (responses) {
            requests.close();
            if (!process.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
