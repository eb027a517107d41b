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

/// One run of a scenario in which one call fails. Only the calls within [#call] count and can fail; the checks in
/// between cannot.
final class FaultRun {

    /// Functions that can block, and so can be interrupted by a signal.
    private static final Set<String> BLOCKING_FUNCTIONS = Set.of(
            "accept",
            "accept4",
            "connect",
            "copy_file_range",
            "epoll_pwait",
            "epoll_pwait2",
            "epoll_wait",
            "fdatasync",
            "fsync",
            "ftruncate",
            "open",
            "poll",
            "ppoll",
            "pread",
            "pselect",
            "pwrite",
            "read",
            "readv",
            "recv",
            "recvfrom",
            "recvmmsg",
            "recvmsg",
            "send",
            "sendfile",
            "sendmmsg",
            "sendmsg",
            "sendto",
            "splice",
            "tee",
            "write",
            "writev");

    private final int call;
    private final Fault fault;
    private @Nullable Object paused;
    private @Nullable IOException failure;

    private FaultRun(int call, Fault fault) {
        this.call = call;
        this.fault = fault;
    }

    /// A scenario.
    @FunctionalInterface
    interface Scenario {

        /// Runs the scenario, and checks the state after each call.
        void run(FaultRun run) throws Exception;
    }

    /// Makes each call of a scenario fail in turn, with each fault.
    ///
    /// @return the number of failed calls
    static int everyCallFails(List<Fault> faults, Scenario scenario) throws Exception {
        int failed = 0;
        Map<String, Integer> initial = openFiles();
        for (Fault fault : faults) {
            for (int call = 0; ; call++) {
                String failedFunction = run(scenario, new FaultRun(call, fault), initial);
                if (failedFunction == null) {
                    break;
                }
                failed++;
            }
        }
        return failed;
    }

    /// Returns the number of open descriptors of each kind.
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
    /// @param initial the number of descriptors that must be open afterwards
    /// @return the function that has failed, or null
    private static @Nullable String run(Scenario scenario, FaultRun run, Map<String, Integer> initial)
            throws Exception {
        FaultInjector.arm(run.call, run.fault);
        run.paused = FaultInjector.pause();
        try {
            scenario.run(run);
            long end = System.nanoTime() + Limits.WAIT.toNanos();
            while (!openFiles().equals(initial) && System.nanoTime() - end < 0) {
                Thread.onSpinWait(); // a library thread may be about to close one
            }
            assertThat(openFiles()).as("open descriptors").isEqualTo(initial);
        } catch (Throwable t) {
            throw new AssertionError(run + ": " + t.getMessage(), t);
        } finally {
            FaultInjector.pause();
        }
        return FaultInjector.failedFunction(run.paused);
    }

    /// Makes a library call.
    ///
    /// @return its result; null if it threw an IOException with a clear message
    <T, X extends Exception> @Nullable T call(ThrowingSupplier<T, X> step) throws X {
        failure = null;
        FaultInjector.resume(paused);
        try {
            return step.run();
        } catch (Exception e) {
            // The system refuses io_uring as a whole: ENOSYS, EPERM.
            Throwable error = e instanceof UnsupportedOperationException ? e.getCause() : e;
            if (!(error instanceof IOException io)) {
                throw e;
            }
            failure = io;
            return null;
        } finally {
            FaultInjector.pause();
            requireClear();
        }
    }

    /// Returns whether the last call failed.
    boolean hasFailed() {
        return failure != null;
    }

    /// Repeats the last call if it failed. The repeated call cannot fail.
    <T, X extends Exception> T orRetry(@Nullable T outcome, ThrowingSupplier<T, X> step) throws X {
        return hasFailed() ? step.run() : Objects.requireNonNull(outcome);
    }

    /// Requires that the exception names the failed function and its error.
    private void requireClear() {
        if (failure == null) {
            return;
        }
        assertThat(FaultInjector.failedFunction(paused))
                .as("an exception without an injected fault: %s", failure)
                .isNotNull();
        String failedFunction = FaultInjector.failedFunction(paused);
        assertThat(fault.errno() == Errno.EINTR && BLOCKING_FUNCTIONS.contains(failedFunction))
                .as("EINTR was not retried: %s", failure)
                .isFalse();
        boolean unknownCall = fault.errno() == Errno.ENOSYS || fault.errno() == Errno.EPERM;
        assertThat(unknownCall && "epoll_pwait2".equals(failedFunction))
                .as("no fallback to epoll_wait: %s", failure)
                .isFalse();
        // The exceptions of java.nio.channels have it as their cause.
        Throwable nativeFailure = failure instanceof NativeIOException ? failure : failure.getCause();
        assertThat(nativeFailure).isInstanceOf(NativeIOException.class);
        assertThat(nativeFailure.getMessage()).matches("\\w+\\(.*\\): E[A-Z0-9]+ \\(\\d+\\) .+");
        assertThat(((NativeIOException) nativeFailure).errnoName()).isEqualTo(Errno.name(fault.errno()));
    }

    @Override
    public String toString() {
        return "call " + call + " (" + FaultInjector.failedFunction(paused) + ") " + fault;
    }
}
