package io.selectors4j.stress.guard;

import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.stress.RunCounts;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Counts the tests that run with guarded native memory. `-Dstress.guard` names the harness.
public final class GuardListener implements TestExecutionListener {

    private static final AtomicLong TESTS = new AtomicLong();

    /// The allocations of earlier test plans of this process, which are already counted.
    private static final AtomicLong COUNTED = new AtomicLong();

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (identifier.isTest()) {
            TESTS.incrementAndGet();
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        RunCounts counts = new RunCounts(System.getProperty("stress.guard", "guard"));
        counts.add("tests", TESTS.getAndSet(0));
        long allocated = NativeMemory.allocated();
        counts.add("pieces of native memory with a guard page", allocated - COUNTED.getAndSet(allocated));
    }
}
