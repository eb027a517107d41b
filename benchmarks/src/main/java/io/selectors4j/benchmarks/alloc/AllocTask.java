package io.selectors4j.benchmarks.alloc;

import com.sun.management.ThreadMXBean;
import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/// Selects over and over with one pipe that is always ready. A round is `COUNT`: how often. The answer is how many bytes of heap
/// the selecting thread took for it, as the virtual machine counts them, by select; asking for that takes none.
abstract class AllocTask implements Task {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final WarmUp warmUp;
    private long found;

    AllocTask(String warmUpMillis) {
        warmUp = new WarmUp(warmUpMillis);
    }

    @Override
    public String round(String... args) throws Exception {
        long count = Long.parseLong(args[0]);
        warmUp.with(() -> run(count));
        found = 0;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run(count);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        return "bytes=" + (double) bytes / count + " events=" + found;
    }

    private void run(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            select();
        }
    }

    /// To be called for what was found.
    final void found() {
        found++;
    }

    /// Selects once.
    abstract void select() throws IOException;
}
