package io.selectors4j.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The workers of several contenders.
public final class Workers implements Closeable {

    private final Map<Contender, Worker> workers = new LinkedHashMap<>();

    private Workers() {}

    /// Starts all workers, or none if one fails.
    public static Workers start(List<Contender> contenders) throws IOException {
        Workers started = new Workers();
        try {
            for (Contender contender : contenders) {
                started.workers.put(contender, Worker.start(contender));
            }
        } catch (IOException e) {
            try (started) {
                throw e;
            }
        }
        return started;
    }

    /// Returns all contenders.
    public List<Contender> contenders() {
        return List.copyOf(workers.keySet());
    }

    /// Returns all workers.
    public List<Worker> all() {
        return List.copyOf(workers.values());
    }

    /// Returns the worker of a contender.
    public Worker of(Contender contender) {
        Worker worker = workers.get(contender);
        if (worker == null) {
            throw new IllegalArgumentException(contender.name() + " has no worker");
        }
        return worker;
    }

    @Override
    public void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (Worker worker : workers.values()) {
            try {
                worker.close();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }
}
