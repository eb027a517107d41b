package io.selectors4j.stress.guard;

import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.stress.RunCounts;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Counts what has run with guarded native memory: a harness that `-Dstress.guard` names.
public final class GuardListener implements TestExecutionListener {

    private static final AtomicLong TESTS = new AtomicLong();

    /// What earlier plans of this process have allocated, and is counted.
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
