package io.selectors4j.benchmarks.echo;

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

/// How much time of a processor a process takes, with all of its threads, from some moment on.
///
/// - The sum is exact: `/proc/PID/task/TID/schedstat` has it to the nanosecond.
/// - User mode is sampled, since no kernel with default settings counts it: 10,000 times a second by a [UserModeSampler]. That is
///   good to 2 % after a quarter of a second in user mode, which is a million messages at 250 ns each. A sample
///   takes some microseconds, so that some percent of the time are the sampler's; they count as the kernel's, for all servers
///   alike.
/// - Where perf_event_open(2) is not allowed (`/proc/sys/kernel/perf_event_paranoid` above 2), `/proc/PID/stat` must do:
///   the kernel looks whenever its clock ticks, 100 to 1000 times a second, and tells in units of 10 ms. With 250 ticks, it
///   takes forty times as long until that is as good.
/// - The kernel's part is the rest.
///
/// Source: proc_pid_stat(5), Documentation/scheduler/sched-stats.rst.
final class CpuMeter implements Closeable {

    private static final Path PROC = Path.of("/proc");

    /// Places of `utime` and `stime` behind the name in `stat`, which is in brackets and may contain blanks.
    private static final int UTIME = 12;

    private static final int STIME = 13;

    /// So many threads are sampled, those that have run for the longest time so far. Memory for it is limited.
    private static final int SAMPLED = 32;

    private final Path process;
    private final Map<Integer, Long> started;
    private final long user;
    private final long system;
    private final @Nullable UserModeSampler sampler;

    /// What a process has taken.
    ///
    /// @param user nanoseconds in user mode
    /// @param system nanoseconds in the kernel
    record Reading(double user, double system) {

        /// Whether there was a sample in each.
        boolean isComplete() {
            return user > 0 && system > 0;
        }
    }

    /// Begins to measure.
    ///
    /// @param pid the process's number
    CpuMeter(long pid) throws IOException {
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

    /// What the process has taken since the start, but for threads that have ended.
    Reading read() throws IOException {
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

    /// How long each thread has run, by its number.
    private Map<Integer, Long> threads() throws IOException {
        Map<Integer, Long> threads = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                try {
                    String[] schedstat =
                            Files.readString(task.resolve("schedstat")).split(" ", -1);
                    threads.put(Integer.valueOf(task.getFileName().toString()), Long.valueOf(schedstat[0]));
                } catch (IOException _) {
                    // the thread has ended: there is no such file or, as it is read, no such process any more
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
