package io.selectors4j.nio.it.netty;

import io.selectors4j.nio.it.Checks;
import io.selectors4j.nio.it.Outcome;
import java.util.HashSet;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/// Reports the outcome of each test as a check, under the name `Class.method`, and `Class.method #N` for invocation N
/// of a parameterized test.
final class Outcomes implements TestExecutionListener {

    private final Checks checks;
    private final Set<String> classes = new HashSet<>();

    Outcomes(Checks checks) {
        this.checks = checks;
    }

    /// Returns the number of classes that have run.
    int classes() {
        return classes.size();
    }

    /// Returns whether a name stands for a test of a method.
    static boolean isTestOf(String name, MethodSource method) {
        return name.replaceAll(" #.*", "").equals(name(method));
    }

    private static String name(MethodSource method) {
        return simpleName(method.getClassName()) + "." + method.getMethodName();
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static String name(TestIdentifier test) {
        TestSource source = test.getSource().orElse(null);
        if (source instanceof ClassSource of) {
            return simpleName(of.getClassName());
        }
        if (!(source instanceof MethodSource method)) {
            return test.getDisplayName();
        }
        UniqueId.Segment last = test.getUniqueIdObject().getLastSegment();
        return name(method) + (last.getType().equals("test-template-invocation") ? " " + last.getValue() : "");
    }

    /// Netty's native TLS library is optional, and not on the class path. One test does not check that.
    private static boolean needsNativeTls(TestExecutionResult result) {
        return result.getThrowable().orElse(null) instanceof NoClassDefFoundError error
                && String.valueOf(error.getMessage()).startsWith("io/netty/internal/tcnative/");
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        System.out.println(name(test) + " is disabled: " + reason);
        checks.report(name(test), Outcome.SKIPPED);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest() && test.getSource().orElse(null) instanceof MethodSource method) {
            System.out.println("begin " + name(test));
            classes.add(method.getClassName());
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        result.getThrowable().ifPresent(Throwable::printStackTrace);
        Outcome outcome = switch (result.getStatus()) {
            case SUCCESSFUL -> Outcome.PASSED;
            case ABORTED -> Outcome.SKIPPED;
            case FAILED -> needsNativeTls(result) ? Outcome.SKIPPED : Outcome.FAILED;
        };
        if (test.isTest() || outcome != Outcome.PASSED) {
            checks.report(name(test), outcome);
        }
    }
}
