package io.selectors4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What contenders answered to the same question, several times in turn: A B A B…
public final class Rounds {

    private final Map<String, List<Map<String, Double>>> answers = new LinkedHashMap<>();

    /// Asks workers in turn.
    ///
    /// @param workers who is asked
    /// @param question what
    /// @param count how often
    /// @param progress is told of each turn
    public static Rounds of(List<Worker> workers, String question, int count, Progress progress) throws IOException {
        Rounds rounds = new Rounds();
        for (int i = 0; i < count; i++) {
            for (Worker worker : workers) {
                progress.step(worker.contender().name() + ", round " + (i + 1) + " of " + count);
                rounds.add(worker.contender().name(), worker.ask(question));
            }
        }
        return rounds;
    }

    /// Notes what a contender came to in its next round.
    public void add(String contender, Map<String, Double> figures) {
        answers.computeIfAbsent(contender, _ -> new ArrayList<>()).add(figures);
    }

    /// Makes sure that everybody did the work.
    ///
    /// @param figure which of the figures tells how much was done
    /// @param least how much it has to be in every round
    /// @return this
    public Rounds requireAtLeast(String figure, double least) throws IOException {
        for (String contender : answers.keySet()) {
            for (double done : figures(contender, figure)) {
                if (done < least) {
                    throw new IOException(contender + " did less than " + least + " " + figure + ": " + done);
                }
            }
        }
        return this;
    }

    /// What a contender came to.
    ///
    /// @param contender its name
    /// @param figure which of its figures
    public Spread of(String contender, String figure) {
        return Spread.of(figures(contender, figure));
    }

    /// What a contender came to in comparison with another one, turn by turn.
    ///
    /// @param contender its name
    /// @param base the other one's
    /// @param figure which of their figures
    public Spread ratio(String contender, String base, String figure) {
        List<Double> ours = figures(contender, figure);
        List<Double> theirs = figures(base, figure);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
        }
        return Spread.of(ratios);
    }

    /// What all of them came to.
    ///
    /// @param situation of the rows
    /// @param figure which figure
    /// @param base whom the ratios are to; without ratios if it is not among them
    /// @return a row for each contender
    public List<Result.Row> rows(String situation, String figure, String base) {
        List<Result.Row> rows = new ArrayList<>();
        for (String contender : answers.keySet()) {
            boolean compared = answers.containsKey(base) && !contender.equals(base);
            rows.add(new Result.Row(
                    situation, contender, of(contender, figure), compared ? ratio(contender, base, figure) : null));
        }
        return rows;
    }

    private List<Double> figures(String contender, String figure) {
        List<Double> figures = new ArrayList<>();
        for (Map<String, Double> answer : answers.getOrDefault(contender, List.of())) {
            Double value = answer.get(figure);
            if (value == null) {
                throw new IllegalArgumentException(contender + " says nothing of " + figure + ": " + answer);
            }
            figures.add(value);
        }
        return figures;
    }
}
