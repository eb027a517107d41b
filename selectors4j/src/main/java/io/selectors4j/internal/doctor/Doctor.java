package io.selectors4j.internal.doctor;

import io.selectors4j.Backend;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.Timespec;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.IoUringFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The program of the jar, which describes what the library has to work with, and tests each backend:
///
/// ```sh
/// java -jar selectors4j.jar [--json]
/// java --enable-native-access=io.selectors4j -p selectors4j.jar -m io.selectors4j [--json]
/// ```
///
/// It prints facts about the library, the system, the Java virtual machine, the limits of the system, and the kernel;
/// for each backend the result of a test, or why it is not available. A bug report should contain this. It opens
/// sockets of the loopback address only, and changes nothing.
///
/// The exit code is 0 if the best backend has passed its test; 1 if not; 2 if the arguments are wrong.
public final class Doctor {

    private static final String USAGE = "usage: java -jar selectors4j.jar [--json]";
    private static final String JSON = "--json";
    private static final int FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;

    private Doctor() {}

    /// Runs the program.
    ///
    /// @param args `--json`, or nothing
    public static void main(String[] args) throws IOException {
        int code = run(List.of(args), System.out, System.err);
        if (code != 0) {
            System.exit(code);
        }
    }

    static int run(List<String> args, PrintStream out, PrintStream err) throws IOException {
        if (args.equals(List.of("--help"))) {
            out.println(USAGE);
            return 0;
        }
        if (!args.isEmpty() && !args.equals(List.of(JSON))) {
            err.println(USAGE);
            return WRONG_ARGUMENTS;
        }
        Report report = new Report();
        boolean passed = describe(report);
        if (args.isEmpty()) {
            report.toText().forEach(out::println);
        } else {
            out.println(report.toJson());
        }
        return passed ? 0 : FAILED;
    }

    /// Adds all facts.
    ///
    /// @return whether the best backend has passed its test
    private static boolean describe(Report report) throws IOException {
        SystemFacts facts = new SystemFacts(Path.of("/"));
        facts.addLibrary(report.section("library"));
        facts.addSystem(report.section("system"));
        facts.addJava(report.section("java"));
        facts.addLimits(report.section("limits"));
        addKernel(report.section("kernel"));
        Map<String, Object> backends = report.section("backends");
        for (Backend backend : Backend.values()) {
            backends.put(
                    backend.name(),
                    backend.unavailabilityCause()
                            .map(cause -> "not available: " + cause)
                            .orElseGet(() -> result(() -> SelfTest.of(backend))));
        }
        if (!Backend.SELECT.isAvailable()) {
            return false;
        }
        backends.put("virtual threads", result(SelfTest::ofVirtualThreads));
        backends.put("best", Backend.best().name());
        return String.valueOf(backends.get(Backend.best().name())).startsWith(SelfTest.PASSED);
    }

    private interface Test {
        String run() throws IOException;
    }

    private static String result(Test test) {
        try {
            return test.run();
        } catch (IOException | RuntimeException | LinkageError e) {
            return "failed: " + e;
        }
    }

    /// Adds the features of the kernel that newer versions have.
    private static void addKernel(Map<String, Object> facts) {
        if (Platform.CURRENT.os() != Os.LINUX || !Backend.EPOLL.isAvailable()) {
            return;
        }
        facts.put("epoll_pwait2", describePwait2());
        try (IoUring ring = IoUring.create(1)) {
            for (IoUringFeature feature : IoUringFeature.values()) {
                facts.put("io_uring " + feature, ring.supports(feature));
            }
        } catch (IOException | UnsupportedOperationException e) {
            facts.put("io_uring", String.valueOf(e.getMessage()));
        }
    }

    /// Calls `epoll_pwait2` with an invalid descriptor.
    private static String describePwait2() {
        int result = LinuxLibc.epoll_pwait2(
                ErrnoCapture.current(), -1, new EpollEventArray(1), 1, new Timespec().set(0), null);
        return result == -Errno.EBADF
                ? "available"
                : "missing (" + Errno.name(-result) + "): timeouts are rounded up to milliseconds";
    }
}
