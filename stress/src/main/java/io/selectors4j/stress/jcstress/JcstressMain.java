package io.selectors4j.stress.jcstress;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Tally;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.TestGrading;
import org.openjdk.jcstress.infra.runners.ForkedTestConfig;
import org.openjdk.jcstress.infra.runners.Runner;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.AffinityMode;
import org.openjdk.jcstress.os.NodeType;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.vm.CompileMode;

/// Runs all races of this package, and fails if an outcome was forbidden or a race did not take place.
///
/// Arguments: the share of `-Dstress.minutes`, in percent; in how many virtual machines to run each race, for each way to compile it, or 0
/// for all races in this one; and jcstress's own. To find out what it can do with other virtual machines takes jcstress longer than a short
/// run does. What it has to say goes to a file of the directory where this runs, as its reports do.
final class JcstressMain {

    private static final String LOG = "jcstress.log";

    /// Interpreted, by the first compiler, by the second one, and by that with its steps shuffled.
    private static final int MACHINES = 4;

    private static final Tally TALLY = new Tally("jcstress");

    private final Options options;
    private final Collection<String> races;

    private JcstressMain(Options options) {
        this.options = options;
        this.races = new JCStress(options).getTests();
    }

    public static void main(String[] args) throws Exception {
        int share = Integer.parseInt(args[0]);
        int forks = Integer.parseInt(args[1]);
        long times = (long) TestList.tests().size() * Math.max(1, MACHINES * forks);
        List<String> arguments = new ArrayList<>(List.of(args[2].split(" ")));
        arguments.addAll(List.of(
                "-f",
                args[1],
                "-iters",
                "1",
                "-time",
                String.valueOf(Budget.duration(share).toMillis() / times)));
        System.setOut(new PrintStream(LOG, StandardCharsets.UTF_8));
        Options options = new Options(arguments.toArray(String[]::new));
        if (!options.parse()) {
            throw new IllegalArgumentException("jcstress does not take " + arguments);
        }
        JcstressMain main = new JcstressMain(options);
        main.judge(forks == 0 ? main.runHere() : main.runForked());
        System.exit(0); // threads of jcstress's may be left
    }

    private Collection<TestResult> runHere() throws ReflectiveOperationException {
        List<TestResult> results = new ArrayList<>();
        for (String race : races) {
            TestInfo info = TestList.getInfo(race);
            SchedulingClass anywhere = new SchedulingClass(AffinityMode.NONE, info.threads(), NodeType.PACKAGE);
            TestConfig config = new TestConfig(options, info, 0, List.of(), CompileMode.UNIFIED, anywhere);
            Runner<?> runner = Class.forName(info.generatedRunner())
                    .asSubclass(Runner.class)
                    .getConstructor(ForkedTestConfig.class)
                    .newInstance(new ForkedTestConfig(config));
            TestResult result = runner.run();
            result.setConfig(config);
            results.add(result);
        }
        return results;
    }

    private Collection<TestResult> runForked() throws Exception {
        try {
            new JCStress(options).run();
        } catch (AssertionError e) {
            // some outcome was forbidden: the results say which one
        }
        InProcessCollector collector = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(options.getResultFile(), collector);
        reader.dump();
        reader.close();
        return collector.getTestResults();
    }

    private void judge(Collection<TestResult> results) {
        StringJoiner failures = new StringJoiner("\n");
        TreeSet<String> missing = new TreeSet<>(races);
        long samples = 0;
        for (TestResult result : results) {
            if (result.getTotalCount() > 0) {
                missing.remove(result.getName());
            }
            samples += result.getTotalCount();
            TestGrading grading = TestGrading.grade(result);
            if (result.status() != Status.NORMAL || !grading.isPassed) {
                failures.add(result.getName() + " " + result.getConfig().jvmArgs + ": " + result.status());
                grading.failureMessages.forEach(failures::add);
                result.getMessages().forEach(failures::add);
                result.getStateKeys().forEach(state -> failures.add("  " + state + ": " + result.getCount(state)));
            }
        }
        missing.forEach(race -> failures.add(race + " did not take place"));
        if (failures.length() > 0) {
            System.err.println(failures);
            System.exit(1);
        }
        TALLY.add("races", races.size());
        TALLY.add("virtual machines", options.getForks() == 0 ? 1 : results.size());
        TALLY.add("samples", samples);
    }
}
