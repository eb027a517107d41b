package io.selectors4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Counts of a thread's sleeps in the kernel and of its calls of a simulated kernel. They measure idleness independently
/// of the load of the machine. Processor time does not, because other processes and the compiler change it.
///
/// A wait without an event sleeps at least once. A thread that spins does not sleep; a thread that is woken repeatedly
/// sleeps often.
///
/// @param sleeps voluntary context switches of the thread, from proc(5); 0 on systems without that file
/// @param simulatedCalls calls of `kevent` of [SimulatedKqueue] by the thread
public record KernelWaits(long sleeps, long simulatedCalls) {

    /// More than an idle wait needs. Safepoints and locks of the virtual machine add a few sleeps.
    private static final int MANY = 40;

    private static final Path STATUS = Path.of("/proc/thread-self/status");
    private static final String SLEEPS = "voluntary_ctxt_switches:";

    /// Returns the counts of the current thread, which has to be a platform thread.
    public static KernelWaits ofThisThread() throws IOException {
        return new KernelWaits(countSleeps(), SimulatedKqueue.callsOfThisThread());
    }

    /// Checks that the current thread has waited once since these counts, without spinning.
    ///
    /// @param description the operation, for the message
    public void expectOneWait(String description) throws IOException {
        KernelWaits now = ofThisThread();
        if (Files.exists(STATUS)) {
            assertThat(now.sleeps - sleeps).as("sleeps of %s", description).isBetween(1L, (long) MANY);
        }
        assertThat(now.simulatedCalls - simulatedCalls)
                .as("calls of kevent of %s", description)
                .isLessThan(MANY);
    }

    private static long countSleeps() throws IOException {
        if (!Files.exists(STATUS)) {
            return 0;
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith(SLEEPS))
                .mapToLong(
                        line -> Long.parseLong(line.substring(SLEEPS.length()).strip()))
                .sum();
    }
}
