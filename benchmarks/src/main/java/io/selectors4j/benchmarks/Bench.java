package io.selectors4j.benchmarks;

import io.selectors4j.benchmarks.alloc.AllocBenchmark;
import io.selectors4j.benchmarks.chain.ChainBenchmark;
import io.selectors4j.benchmarks.churn.ChurnBenchmark;
import io.selectors4j.benchmarks.echo.AwaitBenchmark;
import io.selectors4j.benchmarks.echo.EchoBenchmark;
import io.selectors4j.benchmarks.flat.FlatBenchmark;
import io.selectors4j.benchmarks.machine.MachineBenchmark;
import io.selectors4j.benchmarks.micro.SelectOneBenchmark;
import io.selectors4j.benchmarks.micro.WakeupBenchmark;
import io.selectors4j.benchmarks.nio.NioBenchmark;
import io.selectors4j.benchmarks.sendfile.SendFileBenchmark;
import io.selectors4j.benchmarks.sleep.SleepBenchmark;
import io.selectors4j.benchmarks.startup.StartupBenchmark;
import io.selectors4j.benchmarks.udp.UdpBenchmark;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command line of `./bench`: runs benchmarks and prints their results.
@Command(
        name = "./bench",
        description = {
            "Measures selectors4j against C, libevent, libuv, mio, Python, NIO and Netty,",
            "and NIO programs on selectors4j against the JDK.",
            ""
        },
        footer = {
            "",
            "all      measures everything, prints the tables, and writes them, CSV files and charts into docs/performance/",
            "ratios   measures the main figures, and prints a line \"name value\" for each",
            "Exit codes: 0 success, 1 a benchmark failed, 2 the command line is wrong; one line says why."
        },
        sortOptions = false)
final class Bench implements Callable<Integer> {

    /// The figures that `./bench ratios` prints, in this order. Ratios to C need a C compiler.
    static final List<String> RATIOS = List.of(
            "chain9000.run.vs_bare",
            "chain.run.vs_c",
            "chain.run.vs_nio",
            "chain.register.vs_c",
            "chain.register.vs_nio",
            "select_one.vs_nio",
            "wakeup.vs_nio",
            "wakeup_virtual.vs_nio",
            "churn.vs_nio",
            "echo.user_cpu.vs_c",
            "echo.user_cpu.vs_nio",
            "echo.user_cpu.vs_netty_epoll",
            "echo.rate_inverse.vs_nio",
            "echo5000.user_cpu.vs_bare",
            "uring.echo.rate_inverse.vs_netty_uring",
            "uring.echo.user_cpu.vs_netty_uring",
            "uring.echo.rate_inverse.vs_c",
            "nio_uring.echo.rate_inverse.vs_nio",
            "await.vs_jdk",
            "nio.echo_50.user_cpu.vs_jdk",
            "nio.echo_50.cpu.vs_jdk",
            "nio.echo_50.p99.vs_jdk",
            "nio.echo_50.alloc.vs_jdk",
            "nio.echo_1000.user_cpu.vs_jdk",
            "nio.echo_1000.cpu.vs_jdk",
            "nio.echo_1000.p99.vs_jdk",
            "nio.echo_1000.alloc.vs_jdk",
            "nio.accept.user_cpu.vs_jdk",
            "nio.accept.cpu.vs_jdk",
            "nio.accept.p99.vs_jdk",
            "nio.accept.alloc.vs_jdk",
            "nio.datagram.user_cpu.vs_jdk",
            "nio.datagram.cpu.vs_jdk",
            "nio.datagram.p99.vs_jdk",
            "nio.datagram.alloc.vs_jdk",
            "nio.http.user_cpu.vs_jdk",
            "nio.http.cpu.vs_jdk",
            "nio.http.p99.vs_jdk",
            "nio.http.alloc.vs_jdk",
            "udp.cpu.vs_nio",
            "udp.cpu.vs_calls",
            "sendfile.time.vs_nio",
            "flat.9000_vs_100",
            "sleep50us.vs_c",
            "startup.vs_nio",
            "startup.vs_one_call",
            "startup_aot.vs_nio",
            "alloc.bytes_per_select",
            "alloc.bytes_per_echo");

    private static final Benchmark MACHINE = new MachineBenchmark();

    /// All benchmarks. The first one measures what the tables of the others state.
    static final List<Benchmark> ALL = List.of(
            MACHINE,
            new ChainBenchmark(),
            new SelectOneBenchmark(),
            new WakeupBenchmark(),
            new ChurnBenchmark(),
            new EchoBenchmark(),
            new AwaitBenchmark(),
            new NioBenchmark(),
            new UdpBenchmark(),
            new SendFileBenchmark(),
            new FlatBenchmark(),
            new SleepBenchmark(),
            new StartupBenchmark(),
            new AllocBenchmark());

    private static final Path DOCS = Path.of(System.getProperty("bench.docs", "docs/performance"));

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "A benchmark that --list names, all or ratios.")
    @Nullable
    String name;

    @Option(
            names = "--quick",
            description =
                    "Fewer rounds and less work in each, for a first look: about half a minute for most benchmarks,"
                            + " and two minutes for echo.")
    boolean quick;

    @Option(names = "--list", description = "Lists the benchmarks.")
    boolean list;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    private final PrintStream out;
    private final Progress progress = new Progress(System.err, Boolean.getBoolean("bench.terminal"));

    /// The sentence on a system call's cost that is below each title, once it is measured.
    private String systemCall = "";

    private Bench(PrintStream out) {
        this.out = out;
    }

    /// Runs the command line.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        PrintStream out = System.out;
        System.setOut(System.err); // for messages of libraries
        CommandLine line = new CommandLine(new Bench(out));
        line.setOut(new PrintWriter(out, true, out.charset()));
        line.setParameterExceptionHandler((e, _) -> fail(describe(e), CommandLine.ExitCode.USAGE));
        line.setExecutionExceptionHandler((e, _, _) -> fail(describe(e), CommandLine.ExitCode.SOFTWARE));
        int code = line.execute(args);
        out.flush();
        System.exit(code);
    }

    private static int fail(String message, int code) {
        System.err.println("./bench: " + message);
        return code;
    }

    /// Describes an exception in one line.
    private static String describe(Exception e) {
        String message = e.getMessage();
        boolean isForUsers = e instanceof IOException || e instanceof ParameterException;
        String text = isForUsers && message != null ? message : e.toString();
        return text.lines().findFirst().orElse("");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            for (Benchmark benchmark : ALL) {
                out.printf(Locale.ROOT, "%-12s%s%n", benchmark.name(), benchmark.description());
            }
            return 0;
        }
        if (name == null) {
            throw new ParameterException(spec.commandLine(), "no benchmark is named; ./bench --list shows all");
        }
        if (name.equals("ratios")) {
            return ratios();
        }
        if (name.equals("all")) {
            all();
        } else {
            one(name);
        }
        return 0;
    }

    private void one(String requested) throws IOException, InterruptedException {
        Benchmark benchmark = ALL.stream()
                .filter(each -> each.name().equals(requested))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no benchmark is named " + requested + "; ./bench --list shows all"));
        if (!benchmark.equals(MACHINE)) {
            measure(MACHINE);
        }
        print(measure(benchmark));
    }

    private List<Result> measure(Benchmark benchmark) throws IOException, InterruptedException {
        List<Result> results = benchmark.measure(quick ? Effort.QUICK : Effort.FULL, progress);
        progress.done();
        if (benchmark.equals(MACHINE)) {
            systemCall = MachineBenchmark.describe(results.getFirst());
        }
        return results;
    }

    private void print(List<Result> results) {
        for (Result result : results) {
            out.println(Report.caption(result));
            out.println(systemCall);
            out.println();
            out.println(Report.table(result));
        }
    }

    private void all() throws IOException, InterruptedException {
        Files.createDirectories(DOCS);
        List<Result> results = new ArrayList<>();
        for (Benchmark benchmark : ALL) {
            List<Result> measured = measure(benchmark);
            print(measured);
            for (Result result : measured) {
                Files.writeString(DOCS.resolve(result.id() + ".csv"), Report.csv(result));
                Charts.write(result, DOCS.resolve(result.id() + ".svg"));
            }
            results.addAll(measured);
        }
        Files.writeString(DOCS.resolve("results.md"), page(results));
    }

    private String page(List<Result> results) throws IOException, InterruptedException {
        StringBuilder page = new StringBuilder("# Results\n\nMeasured with `./bench all" + (quick ? " --quick" : "")
                + "` on " + LocalDate.now(ZoneOffset.UTC)
                + ". Each cell has the median of all rounds, and in brackets the median of the\nratios within each round;"
                + " quartiles are in the CSV files. Lower is better, except for rates (1/s).\n\n"
                + "| Item | Value |\n|---|---|\n");
        for (Map.Entry<String, String> fact : Machine.facts().entrySet()) {
            page.append("| " + fact.getKey() + " | " + fact.getValue() + " |\n");
        }
        for (Result result : results) {
            page.append("\n## " + result.title() + "\n\n" + Report.unit(result) + " [CSV](" + result.id() + ".csv)\n"
                    + systemCall + "\n\n"
                    + Report.table(result) + "\n![" + result.title() + "](" + result.id() + ".svg)\n");
        }
        return page.toString();
    }

    /// Prints the ratios. A benchmark that fails is left out, so that the others are not lost.
    private int ratios() throws InterruptedException {
        int code = 0;
        Map<String, Spread> measured = new HashMap<>();
        for (Benchmark benchmark : ALL) {
            try {
                for (Ratio ratio : benchmark.ratios(quick ? Effort.QUICK : Effort.RATIOS, progress)) {
                    measured.put(ratio.name(), ratio.spread());
                }
                progress.done();
            } catch (IOException e) {
                progress.done();
                code = fail(benchmark.name() + " failed: " + describe(e), CommandLine.ExitCode.SOFTWARE);
            }
        }
        for (String ratio : RATIOS) {
            Spread spread = measured.get(ratio);
            out.println(ratio + " " + (spread == null ? "n/a" : value(ratio, spread.median())));
            if (spread != null) {
                System.err.println(
                        ratio + ": quartiles " + value(ratio, spread.low()) + " and " + value(ratio, spread.high()));
            }
        }
        return code;
    }

    /// Formats a value: with three decimals, or none for a whole number of bytes.
    private static String value(String ratio, double value) {
        boolean whole = ratio.startsWith("alloc.") && value == Math.rint(value);
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.3f", value);
    }
}
