package io.selectors4j.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The process of a [Contender], which does a round for each line that it is sent, and answers with a line of
/// `name=value` pairs. It idles in between, and ends when its standard input does.
public final class Worker implements Closeable {

    private static final int PATIENCE = 10; // seconds

    private final Contender contender;
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    private Worker(Contender contender, Process process) {
        this.contender = contender;
        this.process = process;
        questions = process.outputWriter();
        answers = process.inputReader();
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

    /// The process's number.
    public long pid() {
        return process.pid();
    }

    /// Has it do a round.
    ///
    /// @param question what to do
    /// @return what came of it, by name
    public Map<String, Double> ask(String question) throws IOException {
        questions.write(question);
        questions.newLine();
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(contender.name() + " ended when it was asked for: " + question);
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String pair : answer.strip().split(" +", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IOException(contender.name() + " answered: " + answer);
            }
            figures.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
        }
        return figures;
    }

    @Override
    public void close() throws IOException {
        try (answers) {
            questions.close();
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
