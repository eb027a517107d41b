package io.selectors4j.benchmarks.sendfile;

import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.Workers;
import java.io.IOException;
import java.util.List;

/// Measures how long it takes to send and receive a file over a TCP connection of the loopback interface:
/// [io.selectors4j.fd.SocketFd#sendFile] and [java.nio.channels.FileChannel#transferTo]. Both make the same system
/// call.
///
/// Sender and receiver share one processor. On two processors, the time depends on the caches that these share, and
/// differs by a factor of three between two runs of the same program.
public final class SendFileBenchmark implements Benchmark {

    /// The number of MiB in a round: 1 GiB.
    private static final int MEBIBYTES = 1024;

    private static final String NIO = "NIO, transferTo";
    private static final String OURS = "selectors4j, sendFile";

    @Override
    public String name() {
        return "sendfile";
    }

    @Override
    public String description() {
        return "send a file of 1 GiB over a loopback connection";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException {
        Rounds rounds = rounds(effort, progress);
        List<Result.Row> rows = rounds.rows("1 MiB", "time", NIO);
        return List.of(new Result(
                "sendfile", "Send and receive a file over a loopback connection, on one processor", "ns", NIO, rows));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException {
        Rounds rounds = rounds(effort, progress);
        return List.of(new Ratio("sendfile.time.vs_nio", rounds.ratio(OURS, NIO, "time")));
    }

    private Rounds rounds(Effort effort, Progress progress) throws IOException {
        progress.part(name());
        String warmUp = Integer.toString(effort.warmUpMillis());
        List<Contender> contenders = List.of(
                Contender.task(NIO, NioSendFile.class, warmUp).onOneProcessor(),
                Contender.task(OURS, OurSendFile.class, warmUp).onOneProcessor());
        int size = effort.work(MEBIBYTES);
        try (Workers workers = Workers.start(contenders)) {
            return Rounds.of(workers.all(), Integer.toString(size), effort.rounds(), progress)
                    .requireAtLeast("sent", size);
        }
    }
}
