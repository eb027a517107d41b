package io.selectors4j.stress.jcstress;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.RunCounts;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
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

/// Runs all jcstress races of this module, and fails if an outcome is forbidden or a race has no sample.
///
/// Arguments: the share of `-Dstress.minutes` for each virtual machine, in percent; and lists of compiler options,
/// separated by commas. Each list starts one virtual machine that runs all races; without a list, they run in this
/// virtual machine. jcstress itself would start a virtual machine for each race and list, which takes longer than a
/// short run. Its output goes to a file in the working directory.
final class JcstressMain {

    private static final String LOG = "jcstress.log";

    private static final RunCounts COUNTS = new RunCounts("jcstress");

    private final Options options;

    private JcstressMain(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 1 || args[1].isEmpty()) {
            System.setOut(new PrintStream(LOG, StandardCharsets.UTF_8));
            new JcstressMain(options(Integer.parseInt(args[0]))).run();
        } else {
            for (String compilerOptions : args[1].split(",", -1)) {
                runInChild(compilerOptions, args[0]);
            }
        }
        System.exit(0); // jcstress threads may still run
    }

    private static Options options(int share) throws IOException {
        long time = Budget.duration(share).toMillis() / TestList.tests().size();
        Options options = new Options(
                new String[] {"-f", "0", "-iters", "1", "-time", String.valueOf(time), "-strideCount", "10"});
        if (!options.parse()) {
            throw new AssertionError("jcstress refuses the options");
        }
        return options;
    }

    /// Runs all races in another virtual machine, with the options of this one and further options.
    private static void runInChild(String compilerOptions, String share) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(compilerOptions.split(" ", -1)));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
        command.addAll(List.of(JcstressMain.class.getName(), share));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            System.err.println("failed with the options " + compilerOptions);
            System.exit(status);
        }
    }

    private void run() throws ReflectiveOperationException, IOException {
        StringJoiner failures = new StringJoiner("\n");
        long samples = 0;
        for (String race : TestList.tests()) {
            TestResult result = run(race);
            samples += result.getTotalCount();
            TestGrading grading = TestGrading.grade(result);
            if (result.getTotalCount() == 0) {
                failures.add(race + " has no sample");
            } else if (result.status() != Status.NORMAL || !grading.isPassed) {
                failures.add(race + ": " + result.status());
                grading.failureMessages.forEach(failures::add);
                result.getMessages().forEach(failures::add);
                result.getStateKeys().forEach(state -> failures.add("  " + state + ": " + result.getCount(state)));
            }
        }
        if (failures.length() > 0) {
            System.err.println(failures);
            System.exit(1);
        }
        COUNTS.add("virtual machines", 1);
        COUNTS.add("races of two threads", TestList.tests().size());
        COUNTS.add("samples", samples);
    }

    private TestResult run(String race) throws ReflectiveOperationException {
        TestInfo info = TestList.getInfo(race);
        SchedulingClass anywhere = new SchedulingClass(AffinityMode.NONE, info.threads(), NodeType.PACKAGE);
        TestConfig config = new TestConfig(options, info, 0, List.of(), CompileMode.UNIFIED, anywhere);
        Runner<?> runner = Class.forName(info.generatedRunner())
                .asSubclass(Runner.class)
                .getConstructor(ForkedTestConfig.class)
                .newInstance(new ForkedTestConfig(config));
        TestResult result = runner.run();
        result.setConfig(config);
        return result;
    }
}
