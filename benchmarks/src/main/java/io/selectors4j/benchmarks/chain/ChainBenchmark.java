package io.selectors4j.benchmarks.chain;

import io.selectors4j.Backend;
import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.CPrograms;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.ForeignCalls;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.Spread;
import io.selectors4j.benchmarks.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// libevent's own benchmark: N pipes are registered and A of them hold a byte. Each byte that is read is written to the
/// next pipe, until W bytes were written. A contender measures the time to unregister one pipe and register it again,
/// and the time of an event: its share of a select, a read and a write.
///
/// A quick measurement has three of the eight situations. POLL and SELECT scan all N pipes in every select, so they get
/// fewer writes if N is large; the time is per event.
public final class ChainBenchmark implements Benchmark {

    private static final int WRITES = 200_000;
    private static final int REGISTRATIONS = 40_000;

    /// The number of pipes that a contender of linear cost scans in a round.
    private static final int SCANS = 2_000_000;
    private static final int UNCOUNTED = 2;
    private static final int STANDARD_STREAMS = 3;
    private static final String OURS = "EPOLL, handler";
    private static final String C = "C";
    private static final String C_WITH_THREAD = "C, 2 threads";
    private static final String FOREIGN = "bare foreign calls";
    private static final String NIO = "NIO";
    private static final String C_SELECT = "C, select";
    private static final String C_WARM_UP = "100";

    /// @param pipes the number of pipes
    /// @param active the number of bytes in them
    private record Situation(int pipes, int active) {

        private static final List<Situation> ALL = List.of(
                new Situation(100, 1),
                new Situation(100, 100),
                new Situation(1000, 1),
                new Situation(1000, 100),
                new Situation(1000, 1000),
                new Situation(9000, 1),
                new Situation(9000, 100),
                new Situation(9000, 1000));

        static List<Situation> of(Effort effort) {
            return effort.isQuick() ? List.of(ALL.getFirst(), ALL.get(ALL.size() / 2 - 1), ALL.getLast()) : ALL;
        }

        Situation with(Effort effort) {
            return effort.isSmoke() ? new Situation(Math.max(active, pipes / 10), active) : this;
        }

        String request(long writes, int registrations) {
            int passes = Math.max(1, (registrations + pipes - 1) / pipes);
            return pipes + " " + active + " " + Math.max(active, writes) + " " + passes;
        }

        /// Tells whether the pipes fit into the sets of a C program with select(2).
        boolean fitsSelect() {
            return 2 * pipes + STANDARD_STREAMS <= CPrograms.FD_SETSIZE;
        }

        @Override
        public String toString() {
            return active + " of " + pipes;
        }
    }

    /// The situation that is compared with bare foreign calls.
    private static final Situation MANY_PIPES = new Situation(9000, 100);

    @Override
    public String name() {
        return "chain";
    }

    @Override
    public String description() {
        return "bytes passed along a ring of pipes, as in libevent's benchmark, and pipes registered again";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException {
        List<Contender> scalable = new ArrayList<>(peers(effort, true));
        scalable.addAll(ours(Backend.EPOLL, effort));
        List<Contender> linear = new ArrayList<>();
        CPrograms.compile("chain_poll", "-pthread")
                .ifPresent(program -> linear.add(Contender.program("C, poll", program, C_WARM_UP)));
        linear.addAll(ours(Backend.POLL, effort));
        CPrograms.compile("chain_select", "-pthread")
                .ifPresent(program -> linear.add(Contender.program(C_SELECT, program, C_WARM_UP)));
        linear.addAll(ours(Backend.SELECT, effort));
        List<Contender> all = new ArrayList<>(scalable);
        all.addAll(linear);
        String base = scalable.getFirst().name();

        List<Result.Row> registered = new ArrayList<>();
        List<Result.Row> events = new ArrayList<>();
        try (Workers workers = Workers.start(all)) {
            for (Situation situation : Situation.of(effort)) {
                Rounds rounds = rounds(workers, linear, situation, effort, progress);
                registered.addAll(rounds.rows(situation.toString(), "register", base));
                events.addAll(rounds.rows(situation.toString(), "run", base));
            }
        }
        return List.of(
                new Result("chain_run", "One event of the chain: A of N pipes active", "ns", base, events),
                new Result("chain_register", "One pipe unregistered and registered again", "ns", base, registered));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException {
        List<Contender> contenders = new ArrayList<>(peers(effort, false));
        contenders.add(ours(OURS, Backend.EPOLL, "handler", effort));
        List<Rounds> all = new ArrayList<>();
        List<Ratio> ratios = new ArrayList<>();
        try (Workers workers = Workers.start(contenders)) {
            for (Situation situation : Situation.of(effort)) {
                Rounds rounds = rounds(workers, List.of(), situation, effort, progress);
                all.add(rounds);
                if (situation.equals(MANY_PIPES) && ForeignCalls.AVAILABLE) {
                    ratios.add(new Ratio("chain9000.run.vs_bare", rounds.ratio(OURS, FOREIGN, "run")));
                }
            }
        }
        for (String figure : List.of("run", "register")) {
            for (String base : List.of(C, NIO)) {
                if (contenders.stream().anyMatch(contender -> contender.name().equals(base))) {
                    List<Spread> cases = all.stream()
                            .map(rounds -> rounds.ratio(OURS, base, figure))
                            .toList();
                    ratios.add(
                            new Ratio("chain." + figure + ".vs_" + (base.equals(C) ? "c" : "nio"), Spread.mean(cases)));
                }
            }
        }
        return ratios;
    }

    private static Rounds rounds(
            Workers workers, List<Contender> linear, Situation situation, Effort effort, Progress progress)
            throws IOException {
        int registrations = effort.work(REGISTRATIONS);
        long writes = effort.work(WRITES);
        long few = Math.min(writes, effort.work(SCANS) * (long) situation.active() / situation.pipes());
        String request = situation.with(effort).request(writes, registrations);
        String smaller = situation.with(effort).request(few, registrations);
        progress.part("chain, " + situation);
        List<Contender> contenders = contenders(workers, situation.with(effort));
        Rounds rounds = new Rounds();
        for (int i = effort.isSmoke() ? 0 : -UNCOUNTED; i < effort.rounds(); i++) {
            progress.step("round " + Math.max(0, i + 1) + " of " + effort.rounds());
            for (Contender contender : contenders) {
                var figures = workers.of(contender).request(linear.contains(contender) ? smaller : request);
                if (i >= 0) {
                    rounds.add(contender.name(), figures);
                }
            }
        }
        return rounds.requireAtLeast("events", (double) Math.max(situation.active(), few));
    }

    /// Returns the contenders that can watch all pipes of a situation; a message names each that cannot.
    private static List<Contender> contenders(Workers workers, Situation situation) {
        List<Contender> contenders = new ArrayList<>(workers.contenders());
        if (!situation.fitsSelect()
                && contenders.removeIf(contender -> contender.name().equals(C_SELECT))) {
            System.err.println("skipping " + C_SELECT + " with " + situation + " pipes: select(2) is limited to "
                    + CPrograms.FD_SETSIZE + " descriptors");
        }
        return contenders;
    }

    private static List<Contender> peers(Effort effort, boolean all) throws IOException, InterruptedException {
        String warmUp = Integer.toString(effort.warmUpMillis());
        List<Contender> peers = new ArrayList<>();
        Optional<Path> chain = CPrograms.compile("chain", "-pthread");
        chain.ifPresent(program -> peers.add(Contender.program(C, program, C_WARM_UP)));
        if (all) {
            chain.ifPresent(program -> peers.add(Contender.program(C_WITH_THREAD, program, C_WARM_UP, "threads")));
            CPrograms.compile("chain_libevent", "-levent_core")
                    .ifPresent(program -> peers.add(Contender.program("libevent", program, C_WARM_UP)));
        }
        if (ForeignCalls.AVAILABLE) {
            peers.add(Contender.task(FOREIGN, ForeignChain.class, warmUp));
        }
        peers.add(Contender.task(NIO, NioChain.class, "select", warmUp));
        if (all) {
            peers.add(Contender.task("NIO, consumer", NioChain.class, "consumer", warmUp));
        }
        return peers;
    }

    private static List<Contender> ours(Backend backend, Effort effort) {
        return List.of(
                ours(backend + ", handler", backend, "handler", effort),
                ours(backend + ", list", backend, "list", effort));
    }

    private static Contender ours(String name, Backend backend, String form, Effort effort) {
        return Contender.task(name, OurChain.class, backend.name(), form, Integer.toString(effort.warmUpMillis()));
    }
}
