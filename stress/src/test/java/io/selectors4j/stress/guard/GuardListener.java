package io.selectors4j.stress.guard;

import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.stress.Tally;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Counts what has run with guarded native memory.
public final class GuardListener implements TestExecutionListener {

    private final AtomicLong tests = new AtomicLong();

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (identifier.isTest()) {
            tests.incrementAndGet();
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        Tally tally = new Tally("guard");
        tally.add("tests", tests.get());
        tally.add("pieces of native memory with a guard page", NativeMemory.allocated());
    }
}
