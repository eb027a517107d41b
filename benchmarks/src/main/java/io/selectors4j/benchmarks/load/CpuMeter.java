package io.selectors4j.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures the processor time of a process with all of its threads.
///
/// - The total is exact: `/proc/PID/task/TID/schedstat` has it to the nanosecond.
/// - User time is sampled 10,000 times a second by a [UserModeSampler], because no kernel with default settings counts
///   it. Its error is 2 % after a quarter of a second in user mode, which is a million messages at 250 ns each. A
///   sample takes some microseconds, so some percent of the time are the sampler's; they count as system time, for all
///   servers alike.
/// - If perf_event_open(2) is not allowed (`/proc/sys/kernel/perf_event_paranoid` above 2), the user time comes from
///   `/proc/PID/stat`. The kernel samples it at each clock tick, 100 to 1000 times a second, and reports it in units of
///   10 ms. With 250 ticks a second, the same error takes forty times as long.
/// - System time is the rest.
///
/// Source: proc_pid_stat(5), Documentation/scheduler/sched-stats.rst.
public final class CpuMeter implements Closeable {

    private static final Path PROC = Path.of("/proc");

    /// The indices of `utime` and `stime` in `stat`, after the name, which is in brackets and may contain blanks.
    private static final int UTIME = 12;

    private static final int STIME = 13;

    /// The number of sampled threads: those that have run for the longest time so far. The memory for samples is
    /// limited.
    private static final int SAMPLED = 32;

    private final Path process;
    private final Map<Integer, Long> started;
    private final long user;
    private final long system;
    private final @Nullable UserModeSampler sampler;

    /// The processor time of a process.
    ///
    /// @param user nanoseconds in user mode
    /// @param system nanoseconds in the kernel
    public record Reading(double user, double system) {

        /// Tells whether there was a sample in each mode.
        public boolean isComplete() {
            return user > 0 && system > 0;
        }
    }

    /// Begins to measure.
    ///
    /// @param pid the process id
    public CpuMeter(long pid) throws IOException {
        process = PROC.resolve(Long.toString(pid));
        String[] stat = stat();
        user = Long.parseLong(stat[UTIME]);
        system = Long.parseLong(stat[STIME]);
        started = threads();
        List<Integer> busiest = started.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(SAMPLED)
                .map(Map.Entry::getKey)
                .toList();
        sampler = UserModeSampler.isAvailable() ? new UserModeSampler(busiest) : null;
    }

    /// Returns the processor time since the start, without threads that have ended.
    public Reading read() throws IOException {
        long nanos = 0;
        for (Map.Entry<Integer, Long> thread : threads().entrySet()) {
            nanos += thread.getValue() - started.getOrDefault(thread.getKey(), 0L);
        }
        double inUserMode = sampler == null ? nanos * shareOfTicks() : Math.min(nanos, sampler.nanos());
        return new Reading(inUserMode, nanos - inUserMode);
    }

    private double shareOfTicks() throws IOException {
        String[] stat = stat();
        double userTicks = Long.parseLong(stat[UTIME]) - user;
        double systemTicks = Long.parseLong(stat[STIME]) - system;
        return userTicks / Math.max(1, userTicks + systemTicks);
    }

    private String[] stat() throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 1).split(" ", -1);
    }

    /// Returns the processor time of each thread, by thread id.
    private Map<Integer, Long> threads() throws IOException {
        Map<Integer, Long> threads = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                try {
                    String[] schedstat =
                            Files.readString(task.resolve("schedstat")).split(" ", -1);
                    threads.put(Integer.valueOf(task.getFileName().toString()), Long.valueOf(schedstat[0]));
                } catch (IOException _) {
                    // the thread has ended: the file does not exist, or reading it fails with ESRCH
                }
            }
        }
        return threads;
    }

    @Override
    public void close() {
        if (sampler != null) {
            sampler.close();
        }
    }
}
