package io.selectors4j.testing;

import io.selectors4j.internal.ffi.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// How long and how often a thread has slept in the kernel, and how often it has called a simulated kernel: a measure
/// of idleness. Processor time is a poor one, because other processes and the compiler change it.
///
/// A thread that spins does not sleep; a thread that is woken over and over sleeps often. A wait that finds nothing
/// sleeps all its time, except that a busy machine may run other threads before it begins: [#isOneWait] may be false
/// once, and a test tries again.
///
/// @param time of the measurement, [System#nanoTime]
/// @param awake how long the thread has run or waited for a processor, in nanoseconds: schedstat of proc(5)
/// @param sleeps voluntary context switches of the thread, of proc(5)
/// @param simulatedCalls calls of `kevent` of [SimulatedKqueue] and waits of [SimulatedAfd] by the thread
public record KernelWaits(long time, long awake, long sleeps, long simulatedCalls) {

    /// How often a test tries.
    public static final int TRIES = 10;

    /// More than an idle wait needs. Safepoints and locks of the virtual machine add a few sleeps. Under Wine, which
    /// shows proc(5) to programs of Windows, each call sleeps several times.
    private static final int MANY = Platform.IS_WINDOWS ? 200 : 40;

    private static final Path THREAD = Path.of("/proc/thread-self");
    private static final String SLEEPS = "voluntary_ctxt_switches:";

    /// Returns the counts of the current thread, which has to be a platform thread. On systems without proc(5),
    /// processor time has to do.
    public static KernelWaits ofThisThread() throws IOException {
        if (!Files.exists(THREAD)) {
            return new KernelWaits(System.nanoTime(), Jvm.cpuTime(), 0, simulatedCallsOfThisThread());
        }
        String[] schedstat = Files.readString(THREAD.resolve("schedstat")).split(" ", -1);
        long sleeps = Files.readAllLines(THREAD.resolve("status")).stream()
                .filter(line -> line.startsWith(SLEEPS))
                .mapToLong(
                        line -> Long.parseLong(line.substring(SLEEPS.length()).strip()))
                .sum();
        return new KernelWaits(
                System.nanoTime(),
                Long.parseLong(schedstat[0]) + Long.parseLong(schedstat[1]),
                sleeps,
                simulatedCallsOfThisThread());
    }

    private static long simulatedCallsOfThisThread() {
        return SimulatedKqueue.callsOfThisThread() + SimulatedAfd.callsOfThisThread();
    }

    /// Whether the current thread has done nothing since these counts but wait: it has slept for half of the time at
    /// least, and not often.
    ///
    /// @param timeout of the wait
    public boolean isOneWait(Duration timeout) throws IOException {
        KernelWaits now = ofThisThread();
        long asleep = now.time - time - (now.awake - awake);
        return asleep >= timeout.toNanos() / 2
                && now.sleeps - sleeps <= MANY
                && now.simulatedCalls - simulatedCalls <= MANY;
    }
}
