package io.selectors4j.benchmarks.alloc;

import com.sun.management.ThreadMXBean;
import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/// Selects repeatedly with one pipe that is always ready. The argument of a round is `COUNT`, the number of selects.
/// The figure is the number of bytes per select that the selecting thread allocated, as the virtual machine counts
/// them; reading the counter allocates nothing.
abstract class AllocTask implements Task {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final WarmUp warmUp;
    private long events;

    AllocTask(String warmUpMillis) {
        warmUp = new WarmUp(warmUpMillis);
    }

    @Override
    public String round(String... args) throws Exception {
        long count = Long.parseLong(args[0]);
        warmUp.with(() -> run(count));
        events = 0;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run(count);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        return "bytes=" + (double) bytes / count + " events=" + events;
    }

    private void run(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            select();
        }
    }

    /// Counts a ready descriptor.
    final void countEvent() {
        events++;
    }

    /// Selects once.
    abstract void select() throws IOException;
}
