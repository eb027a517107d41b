package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.Spread;
import java.util.HashMap;
import java.util.Map;

/// The figures of servers, by turn and in total.
final class EchoRounds {

    private final Rounds turns = new Rounds();
    private final Map<String, Sum> sums = new HashMap<>();

    private record Sum(double nanos, double messages) {

        Sum plus(Sum other) {
            return new Sum(nanos + other.nanos, messages + other.messages);
        }
    }

    /// Adds the figures of a turn.
    ///
    /// @param server the server's name
    /// @param figures the figures that [io.selectors4j.benchmarks.load.Turns#turn] returned
    void add(String server, Map<String, Double> figures) {
        turns.add(server, figures);
        Sum sum = new Sum(figures.getOrDefault("user_nanos", 0.0), figures.getOrDefault("messages", 0.0));
        sums.merge(server, sum, Sum::plus);
    }

    /// Returns the figures by turn.
    Rounds turns() {
        return turns;
    }

    /// Returns the ratio of a server's user time per message to another server's: the ratio of the totals, with the
    /// quartiles of the ratios within each turn.
    Spread userRatio(String server, String base) {
        Spread ratios = turns.ratio(server, base, "user");
        double total = perMessage(server) / perMessage(base);
        return new Spread(Math.min(ratios.low(), total), total, Math.max(ratios.high(), total));
    }

    private double perMessage(String server) {
        Sum sum = sums.get(server);
        if (sum == null) {
            throw new IllegalArgumentException("no turns of " + server);
        }
        return sum.nanos / sum.messages;
    }
}
