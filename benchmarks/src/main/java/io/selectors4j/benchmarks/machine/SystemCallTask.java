package io.selectors4j.benchmarks.machine;

import io.selectors4j.benchmarks.ForeignCalls;
import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;

/// Makes the cheapest system call many times through the Foreign Function & Memory API. The argument of a round is the
/// number of calls.
final class SystemCallTask implements Task {

    private final WarmUp warmUp;

    /// @param args the warm-up in milliseconds
    SystemCallTask(String[] args) {
        warmUp = new WarmUp(args[0]);
    }

    @Override
    public String round(String... args) throws Exception {
        int count = Integer.parseInt(args[0]);
        warmUp.with(() -> run(count));
        return "call=" + (double) run(count) / count;
    }

    /// Returns the duration of a number of calls.
    private static long run(int count) throws IOException {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            ForeignCalls.getppid();
        }
        return System.nanoTime() - start;
    }

    @Override
    public void close() {}
}
