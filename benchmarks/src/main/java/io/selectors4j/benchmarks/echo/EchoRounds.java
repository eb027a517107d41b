package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.Spread;
import java.util.HashMap;
import java.util.Map;

/// What servers came to, turn by turn, and altogether.
final class EchoRounds {

    private final Rounds turns = new Rounds();
    private final Map<String, Sum> sums = new HashMap<>();

    private record Sum(double nanos, double messages) {

        Sum plus(Sum other) {
            return new Sum(nanos + other.nanos, messages + other.messages);
        }
    }

    /// Notes a turn.
    ///
    /// @param server whose
    /// @param figures what [EchoTurns#turn] has returned
    void add(String server, Map<String, Double> figures) {
        turns.add(server, figures);
        Sum sum = new Sum(figures.getOrDefault("user_nanos", 0.0), figures.getOrDefault("messages", 0.0));
        sums.merge(server, sum, Sum::plus);
    }

    /// The turns.
    Rounds turns() {
        return turns;
    }

    /// A server's time in user mode by message in comparison with another one's: the ratio of all turns together, and between
    /// which two values the middle half of the turns' ratios lies.
    Spread userRatio(String server, String base) {
        Spread ratios = turns.ratio(server, base, "user");
        double whole = byMessage(server) / byMessage(base);
        return new Spread(Math.min(ratios.low(), whole), whole, Math.max(ratios.high(), whole));
    }

    private double byMessage(String server) {
        Sum sum = sums.get(server);
        if (sum == null) {
            throw new IllegalArgumentException("no turns of " + server);
        }
        return sum.nanos / sum.messages;
    }
}
