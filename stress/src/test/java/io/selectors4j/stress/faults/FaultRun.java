package io.selectors4j.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.stress.Limits;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One run of a scenario in which one call fails. Only what a [#step] calls is counted and can fail; what the scenario
/// does in between to look at the outcome cannot.
final class FaultRun {

    /// What waits, so that a signal can interrupt it.
    private static final Set<String> WAITING = Set.of(
            "accept",
            "accept4",
            "connect",
            "epoll_pwait",
            "epoll_pwait2",
            "epoll_wait",
            "open",
            "poll",
            "ppoll",
            "pselect",
            "read",
            "recv",
            "recvfrom",
            "send",
            "sendto",
            "write");

    private final int call;
    private final Fault fault;
    private @Nullable Object paused;
    private @Nullable IOException failure;

    private FaultRun(int call, Fault fault) {
        this.call = call;
        this.fault = fault;
    }

    /// What is done in a trial.
    @FunctionalInterface
    interface Scenario {

        /// Does it, and looks after each step whether all is as it has to be.
        void run(FaultRun trial) throws Exception;
    }

    /// Lets each call of a scenario fail in turn, in each way.
    ///
    /// @param faults the ways
    /// @param scenario what is done
    /// @return how many calls have failed
    static int everyCallFails(List<Fault> faults, Scenario scenario) throws Exception {
        int failed = 0;
        Map<String, Integer> before = openFiles();
        for (Fault fault : faults) {
            for (int call = 0; ; call++) {
                String hit = run(scenario, new FaultRun(call, fault), before);
                if (hit == null) {
                    break;
                }
                failed++;
            }
        }
        return failed;
    }

    /// How many descriptors of each kind are open.
    private static Map<String, Integer> openFiles() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (String file : OpenFiles.list().values()) {
            // socket:[inode], pipe:[inode], anon_inode:[kind]
            counts.merge(file.replaceAll("\\d+", ""), 1, Integer::sum);
        }
        return counts;
    }

    /// Makes one run.
    ///
    /// @param before how many descriptors there have to be afterwards
    /// @return the function that has failed; null if none has
    private static @Nullable String run(Scenario scenario, FaultRun trial, Map<String, Integer> before)
            throws Exception {
        FaultInjector.arm(trial.call, trial.fault);
        trial.paused = FaultInjector.pause();
        try {
            scenario.run(trial);
            long end = System.nanoTime() + Limits.WAIT.toNanos();
            while (!openFiles().equals(before) && System.nanoTime() - end < 0) {
                Thread.onSpinWait(); // a thread of the library's own may be about to close one
            }
            assertThat(openFiles()).as("open descriptors").isEqualTo(before);
        } catch (Throwable t) {
            throw new AssertionError(trial + ": " + t.getMessage(), t);
        } finally {
            FaultInjector.pause();
        }
        return FaultInjector.hit(trial.paused);
    }

    /// Makes a call of the library's.
    ///
    /// @return what it returned; null if it failed, and said so clearly
    <T, X extends Exception> @Nullable T step(ThrowingSupplier<T, X> step) throws X {
        failure = null;
        FaultInjector.resume(paused);
        try {
            return step.run();
        } catch (Exception e) {
            if (!(e instanceof IOException io)) {
                throw e;
            }
            failure = io;
            return null;
        } finally {
            FaultInjector.pause();
            requireClear();
        }
    }

    /// Whether the last step failed.
    boolean hasFailed() {
        return failure != null;
    }

    /// The same call once more, which cannot fail any more, if the last step failed.
    <T, X extends Exception> T orRetry(@Nullable T outcome, ThrowingSupplier<T, X> step) throws X {
        return hasFailed() ? step.run() : Objects.requireNonNull(outcome);
    }

    /// An error names the call, and what happened to it.
    private void requireClear() {
        if (failure == null) {
            return;
        }
        assertThat(FaultInjector.hit(paused))
                .as("a call has failed, but not this one: %s", failure)
                .isNotNull();
        String hit = FaultInjector.hit(paused);
        assertThat(fault.errno() == Errno.EINTR && WAITING.contains(hit))
                .as("a signal is nobody's business: %s", failure)
                .isFalse();
        boolean unknownCall = fault.errno() == Errno.ENOSYS || fault.errno() == Errno.EPERM;
        assertThat(unknownCall && "epoll_pwait2".equals(hit))
                .as("an older kernel has another call: %s", failure)
                .isFalse();
        assertThat(failure).isInstanceOf(NativeIOException.class);
        assertThat(failure.getMessage()).matches("\\w+\\(.*\\): E[A-Z0-9]+ \\(\\d+\\) .+");
        assertThat(((NativeIOException) failure).errnoName()).isEqualTo(Errno.name(fault.errno()));
    }

    @Override
    public String toString() {
        return "call " + call + " (" + FaultInjector.hit(paused) + ") " + fault;
    }
}
