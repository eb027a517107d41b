package io.selectors4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The figures of several contenders for the same work, measured in turn: A B A B…
public final class Rounds {

    private final Map<String, List<Map<String, Double>>> rounds = new LinkedHashMap<>();

    /// Runs rounds of all workers in turn.
    ///
    /// @param request the arguments of a round
    /// @param count the number of rounds of each worker
    public static Rounds of(List<Worker> workers, String request, int count, Progress progress) throws IOException {
        Rounds rounds = new Rounds();
        for (int i = 0; i < count; i++) {
            for (Worker worker : workers) {
                progress.step(worker.contender().name() + ", round " + (i + 1) + " of " + count);
                rounds.add(worker.contender().name(), worker.request(request));
            }
        }
        return rounds;
    }

    /// Adds the figures of a contender's next round.
    public void add(String contender, Map<String, Double> figures) {
        rounds.computeIfAbsent(contender, _ -> new ArrayList<>()).add(figures);
    }

    /// Checks that every contender did the work in every round.
    ///
    /// @param figure the figure that counts the work
    /// @param least the smallest valid value
    /// @return this
    public Rounds requireAtLeast(String figure, double least) throws IOException {
        for (String contender : rounds.keySet()) {
            for (double done : figures(contender, figure)) {
                if (done < least) {
                    throw new IOException(contender + " did less than " + least + " " + figure + ": " + done);
                }
            }
        }
        return this;
    }

    /// Returns a figure of a contender.
    public Spread of(String contender, String figure) {
        return Spread.of(figures(contender, figure));
    }

    /// Returns the ratios of a contender's figure to another contender's, within each round.
    public Spread ratio(String contender, String base, String figure) {
        List<Double> ours = figures(contender, figure);
        List<Double> theirs = figures(base, figure);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
        }
        return Spread.of(ratios);
    }

    /// Returns a figure of all contenders.
    ///
    /// @param situation the situation of the rows
    /// @param base the contender to compare with; if it was not measured, the rows have no ratios
    /// @return a row for each contender
    public List<Result.Row> rows(String situation, String figure, String base) {
        List<Result.Row> rows = new ArrayList<>();
        for (String contender : rounds.keySet()) {
            boolean compared = rounds.containsKey(base) && !contender.equals(base);
            rows.add(new Result.Row(
                    situation, contender, of(contender, figure), compared ? ratio(contender, base, figure) : null));
        }
        return rows;
    }

    private List<Double> figures(String contender, String figure) {
        List<Double> figures = new ArrayList<>();
        for (Map<String, Double> round : rounds.getOrDefault(contender, List.of())) {
            Double value = round.get(figure);
            if (value == null) {
                throw new IllegalArgumentException(contender + " has no figure " + figure + ": " + round);
            }
            figures.add(value);
        }
        return figures;
    }
}
